"""Putting a change request's edits on top of what was accepted since it was opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from replication.choices import AuditKind
from replication.documents.merging import Conflict, Side, documents_merge
from replication.errors import Behind, StalePlan
from replication.models import ChangeRequest
from replication.selectors.rebase_sides import rebase_token
from replication.selectors.scopes import latest_revision
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.checks import check_run_create
from replication.services.editing import document_replace, lock_for_edit, record_edit
from replication.services.inputs import document_read
from replication.services.rows import row_save
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_KEPT = {Side.MINE: "keeping its own", Side.THEIRS: "taking what was accepted of"}
_NAMED_AT_MOST = 3


@service
def change_request_rebase(
    *,
    actor: User,
    change_request: ChangeRequest,
    choices: Mapping[str, Side] | None = None,
    looked_at: str = "",
) -> ChangeRequest:
    """Merge with the accepted revision; `Behind` names every thing that both sides changed and nobody decided.

    `choices` decide by the conflicts' keys, for somebody who was shown both sides at `looked_at` (`rebase_token`);
    where either side has moved since, `StalePlan` asks to look again. Without conflicts nothing has to be chosen. A
    refusal leaves the draft as it is.
    """
    lock_for_edit(actor=actor, change_request=change_request)
    latest = latest_revision(change_request.environment, change_request.team)
    base = change_request.base_revision
    if latest is None or latest == base:
        return change_request
    if choices and looked_at != rebase_token(change_request, latest.number):
        raise StalePlan("One of the two sides was edited since you looked at them: look again, then choose.")
    before = base.document if base is not None else {}
    merged = documents_merge(base=before, theirs=latest.document, ours=change_request.document, choices=choices)
    if merged.conflicts:
        words = ", ".join(conflict.words for conflict in merged.conflicts[:5])
        raise Behind(
            f"Revision {latest.number} and this change both changed {words}. Choose whose word stands.",
            {"entries": [conflict.words for conflict in merged.conflicts]},
        )
    parsed = document_read(merged.document, is_base=change_request.team is None)
    change_request.base_revision = latest
    reason = f"rebased on revision {latest.number}{_choices_words(merged.decided, choices or {})}"
    row_save(change_request, actor=actor, reason=reason, change_request=change_request)
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGE_REBASED,
        change_request=change_request,
        sentence=f"{actor_name(actor)} {reason.replace('rebased', f'rebased #{change_request.number}', 1)}.",
        data={"revision": latest.number, "choices": {each.key: (choices or {})[each.key] for each in merged.decided}},
    )
    hash_before = change_request.document_hash
    document_replace(actor=actor, change_request=change_request, document=parsed, sentence=reason)
    if change_request.document_hash == hash_before:
        record_edit(actor=actor, change_request=change_request, sentence=reason)
        check_run_create(change_request=change_request, actor=actor)  # the same document, but on other ground
    return change_request


def _choices_words(decided: Iterable[Conflict], choices: Mapping[str, Side]) -> str:
    """ ", keeping its own barcodes in one and taking what was accepted of brands in one", or nothing."""
    parts = []
    for side, words in _KEPT.items():
        named = [conflict.words for conflict in decided if choices[conflict.key] is side]
        if named:
            more = f" and {len(named) - _NAMED_AT_MOST} more" if len(named) > _NAMED_AT_MOST else ""
            parts.append(f"{words} {', '.join(named[:_NAMED_AT_MOST])}{more}")
    return f", {' and '.join(parts)}" if parts else ""
