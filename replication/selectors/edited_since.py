"""What was edited in a draft since somebody looked at it: thing by thing, each with its last edit."""

from __future__ import annotations

from typing import Any

from replication.documents.units import Place, place_words, places_differing, units_of
from replication.errors import EditMeanwhile
from replication.models import ChangeRequest, ChangeRequestEdit


def edited_since(change_request: ChangeRequest, seen: str) -> dict[Place, EditMeanwhile]:
    """The last edit of every thing that is another one now than in the document whose hash is `seen`.

    Of a hash that the draft never had, everything that was edited since the draft was opened counts.
    """
    if seen == change_request.document_hash:
        return {}
    edits = change_request.edits.order_by("id")
    looked_at = edits.filter(document_hash=seen).last()
    later = edits.filter(id__gt=looked_at.pk) if looked_at is not None else edits
    then = units_of(looked_at.document if looked_at is not None else _opened_with(change_request))
    last: dict[Place, ChangeRequestEdit] = {}
    before = then
    for edit in later.iterator():
        after = units_of(edit.document)
        last |= dict.fromkeys(places_differing(before, after), edit)
        before = after
    return {place: _meanwhile(place, last[place]) for place in places_differing(then, before)}


def _opened_with(change_request: ChangeRequest) -> dict[str, Any]:
    opened = change_request.history.order_by("history_id").first()
    document: dict[str, Any] = opened.document if opened is not None else {}
    return document


def _meanwhile(place: Place, edit: ChangeRequestEdit) -> EditMeanwhile:
    return EditMeanwhile(place_words(place), edit.editor_name, edit.at, edit.sentence)
