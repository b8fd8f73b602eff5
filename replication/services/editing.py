"""Putting another document into an open change request: what every edit has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from deploy_engine.config import Document, TeamDocument, document_to_json
from replication.choices import AuditKind
from replication.documents import document_hash, team_document_of
from replication.errors import NotFound, WrongState
from replication.models import ChangeRequest, ChangeRequestEdit
from replication.policies import can_edit, require
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.checks import check_run_create
from replication.services.moving import change_request_move
from replication.services.voiding import reviews_void
from replication.transitions import Act

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_LONGEST_SENTENCE = 500


def team_document_for_edit(*, actor: User, change_request: ChangeRequest) -> TeamDocument:
    """Lock the change request, refuse whoever may not edit it, and give its document as it is now."""
    lock_for_edit(actor=actor, change_request=change_request)
    if change_request.team is None:
        raise NotFound("A change of the base stack has no tasks.")
    return team_document_of(change_request.document)


def lock_for_edit(*, actor: User, change_request: ChangeRequest) -> None:
    """Refuse whoever may not edit, then read the row again under a lock."""
    require(can_edit(actor, change_request))
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    if not change_request.is_open:
        raise WrongState(
            f"#{change_request.number} is {change_request.state_choice.label} and can no longer be edited; "
            "open a new change request.",
        )


def document_replace(
    *, actor: User | None, change_request: ChangeRequest, document: Document, sentence: str
) -> ChangeRequest:
    """Make `document` the proposed one: approvals fall, checks run again. An edit that changes nothing does nothing.

    `sentence` says what was done, without its subject: `added 2 tables to foodsearch`.
    """
    value: dict[str, Any] = document_to_json(document)
    new_hash = document_hash(value)
    if new_hash == change_request.document_hash:
        return change_request
    sentence = sentence if len(sentence) <= _LONGEST_SENTENCE else sentence[: _LONGEST_SENTENCE - 1] + "…"
    change_request.document = value
    change_request.document_hash = new_hash
    change_request_move(change_request=change_request, act=Act.EDIT, actor=actor, reason=sentence)
    record_edit(actor=actor, change_request=change_request, sentence=sentence)
    reviews_void(change_request=change_request, actor=actor, reason="the document was edited")
    check_run_create(change_request=change_request, actor=actor)
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGE_EDITED,
        change_request=change_request,
        sentence=f"{actor_name(actor)} {sentence} in #{change_request.number}.",
        data={"document_hash": new_hash},
    )
    return change_request


def record_edit(*, actor: User | None, change_request: ChangeRequest, sentence: str) -> None:
    """One line of who wrote what: it decides who may not approve."""
    edit = ChangeRequestEdit(
        change_request=change_request,
        editor=actor,
        editor_name=actor_name(actor),
        at=timezone.now(),
        sentence=sentence,
        document=change_request.document,
        document_hash=change_request.document_hash,
    )
    edit.full_clean()
    edit.save()
