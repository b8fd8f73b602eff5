"""Taking the record out: who did, and what of it, is itself in the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from replication.choices import AuditKind
from replication.models import Environment
from replication.policies import can_export_audit, require
from replication.selectors.exports.record import rows
from replication.selectors.timeline import TimelineFilters
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def record_export(*, actor: User, filters: TimelineFilters, form: str) -> Iterator[Sequence[Any]]:
    """The rows that fit, to be streamed; `form` is what they are written as (`csv`, `jsonl`), for the record."""
    require(can_export_audit(actor))
    chosen = {name: _text(value) for name, value in asdict(filters).items() if value}
    what = ", ".join(f"{name} {value}" for name, value in chosen.items()) or "everything"
    audit_write(
        actor=actor,
        kind=AuditKind.AUDIT_EXPORTED,
        environment=Environment.objects.filter(name=filters.environment).first(),
        sentence=f"{actor_name(actor)} took out the record as {form}: {what}.",
        data={"format": form, "filters": chosen},
    )
    return rows(filters)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
