"""Reloading without a gap: the same tables once more, under new versions, in another task of their source."""

from __future__ import annotations

from collections.abc import Callable, Collection

from deploy_engine.config import TableEntry, TaskFile, TaskSettings, TeamDocument
from deploy_engine.rendering import full_load_sub_tasks
from replication.errors import InvalidInput
from replication.selectors.reload_beside import fitted_sub_tasks
from replication.selectors.table_acts import NEW_TASK, ChosenTable
from replication.services.inputs import input_finding, task_name_findings
from replication.services.task_edit import with_tables


def refuse_unfit_target(document: TeamDocument, tables: Collection[ChosenTable], target: str, new_task: str) -> None:
    """`InvalidInput` unless the target is chosen, or is a new task that can be made (`/target`, `/new_task`)."""
    if not target:
        allowed = "another task of the same source, or a new one"
        message = "Choose the task in which the tables load beside."
        raise InvalidInput([input_finding("target", message, allowed=allowed)])
    if target != NEW_TASK:
        return
    findings = task_name_findings(document, new_task, field="new_task")
    if len({table.source for table in tables}) > 1:
        message = "These tables come from several sources, and a task reads one."
        findings.append(input_finding("target", message, allowed="tables of one source"))
    if findings:
        raise InvalidInput(findings)


def reloaded_beside(
    document: TeamDocument,
    tables: Collection[ChosenTable],
    version_for: Callable[[str], str],
    *,
    target: str,
    new_task: str,
) -> TeamDocument:
    """The document with a second entry of each table in the target; the entries that it has stay as they are."""
    name = new_task if target == NEW_TASK else target
    file = _task_like(document, min(tables).task) if target == NEW_TASK else document.tasks[target]
    again = [TableEntry(source=identity, version=version_for(identity)) for identity in sorted(_identities(tables))]
    return document.with_task(name, with_tables(file, [*file.tables, *again]))


def _task_like(document: TeamDocument, task: str) -> TaskFile:
    file = document.tasks[task]
    fitted, settings = fitted_sub_tasks(document, file), file.settings
    if fitted != full_load_sub_tasks(file):
        settings = (settings or TaskSettings()).model_copy(update={"max_full_load_sub_tasks": fitted})
    return file.model_copy(update={"paused": False, "settings": settings, "tables": ()})


def _identities(tables: Collection[ChosenTable]) -> set[str]:
    return {table.identity for table in tables}
