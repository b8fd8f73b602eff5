"""Editing a draft that others edit too: nobody undoes what somebody else did since they looked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from replication.documents.units import Place, places_differing, units_of
from replication.errors import EditedMeanwhile, EditMeanwhile, InvalidInput
from replication.models import ChangeRequest
from replication.selectors.edited_since import edited_since
from replication.services.editing import lock_for_edit
from replication.services.inputs import input_finding
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from deploy_engine.findings import Finding

Edit = Callable[[ChangeRequest], ChangeRequest]
"""One of the editing services, with everything but the change request given."""


@service
def change_request_edit_as_seen(*, actor: User, change_request: ChangeRequest, seen: str, edit: Edit) -> ChangeRequest:
    """Make `edit` for somebody who looked at the document whose hash is `seen`; empty: at the one that is there now.

    What others edited elsewhere in the document stays, and the edit joins it. `EditedMeanwhile` names each thing that
    the edit would change and that was edited since, by whom, when and how; then nothing is saved. Where the edit itself
    is refused (`InvalidInput`) because of what was edited since, its findings say so. An edit that changes nothing is
    refused too.
    """
    lock_for_edit(actor=actor, change_request=change_request)
    meanwhile = edited_since(change_request, seen) if seen else {}
    before, hash_before = units_of(change_request.document), change_request.document_hash
    try:
        edited = edit(change_request)
    except InvalidInput as refusal:
        raise InvalidInput([_with_reason(finding, meanwhile) for finding in refusal.findings]) from None
    if edited.document_hash == hash_before:
        raise InvalidInput([input_finding("", "This would change nothing: it stands like that already.")])
    touched = places_differing(before, units_of(edited.document)) if meanwhile else []
    overtaken = [meanwhile[place] for place in touched if place in meanwhile]
    if overtaken:
        raise EditedMeanwhile(overtaken)
    return edited


def _with_reason(finding: Finding, meanwhile: dict[Place, EditMeanwhile]) -> Finding:
    """The finding, and who edited meanwhile what it is about."""
    edits = [each for place, each in meanwhile.items() if finding.found and finding.found == place[-1]]
    if not edits:
        return finding
    who = f"{edits[-1].editor_name} did this at {edits[-1].at:%H:%M:%S} UTC: {edits[-1].sentence}."
    return replace(finding, message=f"{finding.message} {who}")
