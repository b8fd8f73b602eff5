"""Going back to an earlier revision: a change request like any other, with its checks, its plan and its review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from deploy_engine.config import TableEntry, TeamDocument
from replication.documents import base_document_of, team_document_of
from replication.errors import NothingToSubmit
from replication.models import ChangeRequest, Revision
from replication.services.change_request_table_acts import fresh_versions
from replication.services.change_requests import change_request_create
from replication.services.editing import document_replace, lock_for_edit
from replication.services.service import service
from replication.services.task_edit import TaskEdit, with_tables

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def change_request_revert(*, actor: User, revision: Revision) -> ChangeRequest:
    """Open a draft that proposes what `revision` had.

    A table that would begin to load again gets a new version: its old folder holds data and is never written to twice.
    Raises `NothingToSubmit` where the accepted config is already what the revision had.
    """
    change_request = change_request_create(
        actor=actor,
        environment=revision.environment,
        team=revision.team,
        title=f"Revert to revision {revision.number}",
        description=(
            f"Goes back to revision {revision.number}, “{revision.title}”, accepted at "
            f"{revision.created_at:%Y-%m-%d %H:%M} UTC. Tables that come back get new versions."
        ),
    )
    before = change_request.document_hash
    sentence = f"went back to revision {revision.number}"
    if revision.team is None:
        lock_for_edit(actor=actor, change_request=change_request)
        document_replace(
            actor=actor,
            change_request=change_request,
            document=base_document_of(revision.document),
            sentence=sentence,
        )
    else:
        edit = TaskEdit.begin(actor, change_request, task="")
        document = document_reverted(team_document_of(revision.document), edit.document, edit.version_for)
        document_replace(actor=actor, change_request=change_request, document=document, sentence=sentence)
    if change_request.document_hash == before:
        raise NothingToSubmit(
            f"{change_request.scope_name} already is what revision {revision.number} had: there is nothing to revert."
        )
    return change_request


def document_reverted(then: TeamDocument, now: TeamDocument, version_for: Callable[[str], str]) -> TeamDocument:
    """`then`, with versions that may be deployed over `now`; `version_for` gives a table's next version."""
    fresh = fresh_versions(version_for)
    newest: dict[str, str] = {}
    for _, entry in now.entries:
        newest[entry.source] = max(entry.version, newest.get(entry.source, ""))
    tasks = {}
    for name, file in then.tasks.items():
        standing = {entry.source: entry for entry in now.tasks[name].tables} if name in now.tasks else {}
        tasks[name] = with_tables(
            file, [_entry(entry, standing.get(entry.source), newest, fresh) for entry in file.tables]
        )
    return then.model_copy(update={"tasks": tasks})


def _entry(
    then: TableEntry, now: TableEntry | None, newest: Mapping[str, str], fresh: Callable[[str], str]
) -> TableEntry:
    """A table that streams on keeps its version, a paused one gets the newest there is; what would load, a new one."""
    if not then.active:
        standing = now.version if now is not None else newest.get(then.source, then.version)
        return then.model_copy(update={"version": max(then.version, standing)})
    if now is not None and now.active and now.version == then.version:
        return then
    return TableEntry(source=then.source, version=fresh(then.source))
