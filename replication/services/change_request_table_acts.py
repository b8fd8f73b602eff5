"""One act on several tables of a draft, whichever of its tasks they are in: one edit, one line of who did what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from deploy_engine.config import TableEntry, TeamDocument, next_version, version_time
from deploy_engine.findings import Finding
from replication.errors import InvalidInput
from replication.models import ChangeRequest
from replication.selectors.table_acts import NEW_TASK, ChosenTable, OutOfReach, TableAct, table_act_reach
from replication.services.editing import document_replace
from replication.services.inputs import input_finding
from replication.services.reloading_beside import refuse_unfit_target, reloaded_beside
from replication.services.service import service
from replication.services.task_edit import TaskEdit, tables_counted, tables_named, with_tables

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_SENTENCES = {
    TableAct.RELOAD: "gave {tables} of {tasks} a new version",
    TableAct.BESIDE: "let {tables} of {tasks} load a second time in {target}",
    TableAct.PAUSE: "paused {tables} of {tasks}",
    TableAct.RESUME: "resumed {tables} of {tasks} under a new version",
    TableAct.MOVE: "moved {tables} from {tasks} to {target}",
    TableAct.REMOVE: "removed {tables} from {tasks}",
}

_PAST = {
    TableAct.RELOAD: "reloaded",
    TableAct.BESIDE: "reloaded without a gap",
    TableAct.PAUSE: "paused",
    TableAct.RESUME: "resumed",
    TableAct.MOVE: "moved",
    TableAct.REMOVE: "removed",
}


@service
def change_request_act_on_tables(
    *,
    actor: User,
    change_request: ChangeRequest,
    act: TableAct,
    tables: Collection[ChosenTable],
    target: str = "",
    new_task: str = "",
) -> ChangeRequest:
    """Reload (in place, or beside in the task `target`), pause, resume, move (to `target`) or remove tables.

    A reload beside in the target `NEW_TASK` makes the task `new_task` for it. `InvalidInput` names every table that the
    act cannot be applied to in this draft, with its reason (`/tables`), or says what is wrong with the task (`/target`,
    `/new_task`); then nothing is saved.
    """
    edit = TaskEdit.begin(actor, change_request, task="")
    _refuse(act, tables, edit.document, target)
    if act is TableAct.BESIDE:
        refuse_unfit_target(edit.document, tables, target, new_task)
        document = reloaded_beside(
            edit.document, tables, fresh_versions(edit.version_for), target=target, new_task=new_task
        )
    else:
        document = _acted(act, tables, edit.document, edit.version_for, target)
    sentence = _SENTENCES[act].format(
        tables=tables_counted(len(set(tables))),
        tasks=", ".join(sorted({table.task for table in tables})),
        target=f"the new task {new_task}" if target == NEW_TASK else target,
    )
    named = tables_named({table.identity for table in tables})
    return document_replace(
        actor=actor, change_request=change_request, document=document, sentence=f"{sentence}: {named}"
    )


def _refuse(act: TableAct, tables: Collection[ChosenTable], document: TeamDocument, target: str) -> None:
    if not tables:
        raise InvalidInput([input_finding("tables", "No table was chosen.", allowed="at least one table")])
    if act is TableAct.MOVE and not target:
        allowed = "another task of the same source"
        raise InvalidInput([input_finding("target", "Choose the task that the tables move to.", allowed=allowed)])
    cannot = table_act_reach(act, tables, document=document, target=target).cannot
    if cannot:
        raise InvalidInput([_finding(act, each) for each in cannot])


def _finding(act: TableAct, each: OutOfReach) -> Finding:
    message = f"{each.table.identity} cannot be {_PAST[act]}: {each.reason}."
    return input_finding("tables", message, found=each.table.identity)


def _acted(
    act: TableAct,
    tables: Collection[ChosenTable],
    document: TeamDocument,
    version_for: Callable[[str], str],
    target: str,
) -> TeamDocument:
    by_task: dict[str, set[str]] = {}
    for table in tables:
        by_task.setdefault(table.task, set()).add(table.identity)
    fresh = fresh_versions(version_for)
    for task, identities in sorted(by_task.items()):
        file = document.tasks[task]
        document = document.with_task(task, with_tables(file, _entries(act, file.tables, identities, fresh)))
    if act is TableAct.MOVE:
        arriving = (
            TableEntry(source=identity, version=fresh(identity))
            for identity in sorted({table.identity for table in tables})
        )
        file = document.tasks[target]
        document = document.with_task(target, with_tables(file, [*file.tables, *arriving]))
    return document


def fresh_versions(version_for: Callable[[str], str]) -> Callable[[str], str]:
    """As `version_for`, but never the same twice: a table may stand in two tasks, and each writes its own folder."""
    given: dict[str, str] = {}

    def fresh(identity: str) -> str:
        version = version_for(identity)
        if identity in given:
            version = next_version(version_time(version), [given[identity]])
        given[identity] = version
        return version

    return fresh


def _entries(
    act: TableAct, entries: Iterable[TableEntry], chosen: set[str], version_for: Callable[[str], str]
) -> Iterable[TableEntry]:
    for entry in entries:
        if entry.source not in chosen:
            yield entry
        elif act is TableAct.PAUSE:
            yield entry.model_copy(update={"paused": True})
        elif act in {TableAct.RELOAD, TableAct.RESUME}:
            yield TableEntry(source=entry.source, version=version_for(entry.source))
