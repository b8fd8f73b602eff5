"""Which loads of a change could be given up: those of tables that leave the folder into which they load."""

from __future__ import annotations

from deploy_engine.diffing import compare_documents
from replication.documents import team_document_of
from replication.models import ChangeRequest


def tables_to_give_up(change_request: ChangeRequest) -> tuple[str, ...]:
    """The tables that the change removes, pauses or gives another version, by identity, sorted."""
    base = change_request.base_revision
    if change_request.team is None or base is None:
        return ()
    difference = compare_documents(team_document_of(base.document), team_document_of(change_request.document))
    leaving = {
        change.table
        for change in difference.tables
        if change.before is not None
        and change.before.active
        and (change.after is None or not change.after.active or change.after.version != change.before.version)
    }
    return tuple(sorted(leaving))
