"""Putting a change request's edits on top of what was accepted since it was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from replication.choices import AuditKind
from replication.documents.merging import documents_merge
from replication.errors import Behind
from replication.models import ChangeRequest
from replication.selectors.scopes import latest_revision
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.editing import document_replace, lock_for_edit
from replication.services.inputs import document_read
from replication.services.rows import row_save
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def change_request_rebase(*, actor: User, change_request: ChangeRequest) -> ChangeRequest:
    """Merge with the accepted revision; `Behind` names every entry that both sides changed differently."""
    lock_for_edit(actor=actor, change_request=change_request)
    latest = latest_revision(change_request.environment, change_request.team)
    base = change_request.base_revision
    if latest is None or latest == base:
        return change_request
    before = base.document if base is not None else {}
    merged = documents_merge(base=before, theirs=latest.document, ours=change_request.document)
    if merged.conflicts:
        raise Behind(
            f"Revision {latest.number} and this change both changed {', '.join(merged.conflicts[:5])}. "
            "Open a new change request that starts from what is accepted now.",
            {"entries": list(merged.conflicts)},
        )
    parsed = document_read(merged.document, is_base=change_request.team is None)
    change_request.base_revision = latest
    reason = f"rebased on revision {latest.number}"
    row_save(change_request, actor=actor, reason=reason, change_request=change_request)
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGE_REBASED,
        change_request=change_request,
        sentence=f"{actor_name(actor)} rebased #{change_request.number} on revision {latest.number}.",
    )
    return document_replace(actor=actor, change_request=change_request, document=parsed, sentence=reason)
