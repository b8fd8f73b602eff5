"""Saving and deleting versioned rows: validated, one by one, each with a history row that says who and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from replication.models import ChangeRequest
from replication.models.base import HistoryStamp, Versioned
from replication.services.actors import actor_name, request_id

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def row_save(row: Versioned, *, actor: User | None, reason: str, change_request: ChangeRequest | None = None) -> None:
    """Validate and save one row."""
    _stamp(row, actor=actor, reason=reason, change_request=change_request)
    row.full_clean()
    row.save()


def row_delete(row: Versioned, *, actor: User | None, reason: str, change_request: ChangeRequest | None = None) -> None:
    """Delete one row; its history stays."""
    _stamp(row, actor=actor, reason=reason, change_request=change_request)
    row.delete()


def row_change(
    row: Versioned,
    values: dict[str, Any],
    *,
    actor: User | None,
    reason: str,
    change_request: ChangeRequest | None = None,
) -> bool:
    """Set `values` and save, only if any of them differs: history shows what changed and nothing else."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    if differing:
        row_save(row, actor=actor, reason=reason, change_request=change_request)
    return bool(differing)


def _stamp(row: Versioned, *, actor: User | None, reason: str, change_request: ChangeRequest | None) -> None:
    row._history_user = actor  # type: ignore[attr-defined]  # simple_history reads it from here
    row._change_reason = reason  # type: ignore[attr-defined]  # and this
    row.history_stamp = HistoryStamp(
        actor_name=actor_name(actor),
        reason=reason,
        change_request_number=change_request.number if change_request is not None else None,
        request_id=request_id(),
    )
