"""Editing the tasks of a draft, and a whole document at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deploy_engine.config import TableEntry, TaskFile, TeamDocument, parse_value
from replication.errors import InvalidInput, NotFound
from replication.models import ChangeRequest
from replication.services.editing import document_replace, lock_for_edit
from replication.services.inputs import document_read, input_finding, table_lines_read, task_name_findings
from replication.services.service import service
from replication.services.task_edit import TaskEdit, tables_counted, with_tables

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def change_request_edit_task_add(
    *,
    actor: User,
    change_request: ChangeRequest,
    task: str,
    source: str,
    instance: str,
    delivery: str,
    entries: Sequence[str] = (),
    like: str = "",
) -> ChangeRequest:
    """Add a task, with tables or without; with the settings of the task `like`, where one is named.

    `InvalidInput` points at `/task`, `/source`, …, `/entries/<index>`; `NotFound` where there is no task `like`.
    """
    edit = TaskEdit.begin(actor, change_request, task)
    _refuse_wrong_names(edit.document, task=task, source=source, instance=instance)
    parsed = parse_value(
        TaskFile, {"source": source, "instance": instance, "delivery": delivery, "paused": False, "tables": []}
    )
    if isinstance(parsed, tuple):
        raise InvalidInput(parsed)
    tables: list[TableEntry] = []
    if any(line.strip() for line in entries):
        lines = table_lines_read(entries, source=source, version_for=edit.version_for, taken=())
        tables = [line.entry for line in lines]
    if like:
        if like not in edit.document.tasks:
            raise NotFound(f"There is no task {like} in this change request.")
        parsed = parsed.model_copy(update={"settings": edit.document.tasks[like].settings})
    made = f"cloned the task {like} as {task}" if like else f"added the task {task}"
    return edit.propose(with_tables(parsed, tables), f"{made} with {tables_counted(len(tables))}")


@service
def change_request_edit_task_remove(*, actor: User, change_request: ChangeRequest, task: str) -> ChangeRequest:
    """Remove a task and all of its tables."""
    edit = TaskEdit.begin(actor, change_request, task)
    sentence = f"removed the task {task} with {tables_counted(len(edit.file.tables))}"
    return edit.propose(None, sentence)


@service
def change_request_edit_task_pause(
    *, actor: User, change_request: ChangeRequest, task: str, paused: bool
) -> ChangeRequest:
    """Make a task stand still, or run again from where it stood."""
    edit = TaskEdit.begin(actor, change_request, task)
    changed = edit.file.model_copy(update={"paused": paused})
    return edit.propose(changed, f"{'paused' if paused else 'resumed'} the task {task}")


@service
def change_request_edit_task_anew(
    *, actor: User, change_request: ChangeRequest, task: str, delivery: str, instance: str
) -> ChangeRequest:
    """Give a task another delivery class or instance: it is made anew, and so each of its tables gets a new version.

    `InvalidInput` points at `/delivery` or `/instance`, also where neither differs.
    """
    edit = TaskEdit.begin(actor, change_request, task)
    file = edit.file
    wanted = parse_value(TaskFile, {**file.model_dump(mode="json", exclude_none=True), "delivery": delivery})
    if isinstance(wanted, tuple):
        raise InvalidInput(wanted)
    if instance not in edit.document.team.instances:
        allowed = ", ".join(sorted(edit.document.team.instances))
        message = f"The team has no instance {instance[:60]!r}."
        raise InvalidInput([input_finding("instance", message, found=instance[:60], allowed=allowed)])
    if (wanted.delivery, instance) == (file.delivery, file.instance):
        message = f"{task} is delivered and runs like that already."
        raise InvalidInput([input_finding("delivery", message, allowed="another delivery class, or another instance")])
    tables = [
        entry.model_copy(update={"version": edit.version_for(entry.source)}) if entry.active else entry
        for entry in file.tables
    ]
    changed = with_tables(wanted.model_copy(update={"instance": instance}), tables)
    sentence = f"made the task {task} anew, on {instance} and delivered {delivery}: all of its tables load again"
    return edit.propose(changed, sentence)


@service
def change_request_edit_document(
    *, actor: User, change_request: ChangeRequest, document: Mapping[str, Any], sentence: str = "edited the document"
) -> ChangeRequest:
    """Propose a whole document, as JSON values. `InvalidInput` points into it."""
    lock_for_edit(actor=actor, change_request=change_request)
    parsed = document_read(document, is_base=change_request.team is None)
    return document_replace(actor=actor, change_request=change_request, document=parsed, sentence=sentence)


def _refuse_wrong_names(document: TeamDocument, *, task: str, source: str, instance: str) -> None:
    findings = task_name_findings(document, task)
    for field, given, known in (
        ("source", source, sorted(document.team.sources)),
        ("instance", instance, sorted(document.team.instances)),
    ):
        if given not in known:
            allowed = ", ".join(known) or f"a {field} of the team; it has none yet"
            message = f"The team has no {field} {given[:60]!r}."
            findings.append(input_finding(field, message, check="config.references", found=given[:60], allowed=allowed))
    if findings:
        raise InvalidInput(findings)
