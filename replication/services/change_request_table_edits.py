"""Editing the tables of a draft's tasks: add, remove, reload, pause."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from deploy_engine.config import TableEntry
from replication.models import ChangeRequest
from replication.services.inputs import table_lines_read
from replication.services.service import service
from replication.services.task_edit import TaskEdit, tables_counted, tables_named

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def change_request_edit_tables_add(
    *, actor: User, change_request: ChangeRequest, task: str, entries: Sequence[str]
) -> ChangeRequest:
    """Add tables to a task, one line each: `schema.table` or `source/schema/table`, and a version where it matters.

    Raises `InvalidInput` with one finding per bad line (pointer `/entries/<index>`); then nothing is saved.
    """
    edit = TaskEdit.begin(actor, change_request, task)
    tables = edit.file.tables
    taken = [entry.source for entry in tables]
    lines = table_lines_read(entries, source=edit.file.source, version_for=edit.version_for, taken=taken)
    names = tables_named(line.entry.source for line in lines)
    sentence = f"added {tables_counted(len(lines))} to {task}: {names}"
    return edit.propose_tables([*tables, *(line.entry for line in lines)], sentence)


@service
def change_request_edit_tables_remove(
    *, actor: User, change_request: ChangeRequest, task: str, tables: Collection[str]
) -> ChangeRequest:
    """Remove tables, named by their identities, from a task."""
    edit = TaskEdit.begin(actor, change_request, task)
    chosen = edit.chosen(tables)
    sentence = f"removed {tables_counted(len(chosen))} from {task}: {tables_named(chosen)}"
    return edit.propose_tables([entry for entry in edit.file.tables if entry.source not in chosen], sentence)


@service
def change_request_edit_tables_reload(
    *, actor: User, change_request: ChangeRequest, task: str, tables: Collection[str]
) -> ChangeRequest:
    """Give tables a fresh version, and so a full load into a new folder; a paused one becomes active by it."""
    edit = TaskEdit.begin(actor, change_request, task)
    chosen = edit.chosen(tables)
    entries = [
        TableEntry(source=entry.source, version=edit.version_for(entry.source)) if entry.source in chosen else entry
        for entry in edit.file.tables
    ]
    sentence = f"gave {tables_counted(len(chosen))} of {task} a new version: {tables_named(chosen)}"
    return edit.propose_tables(entries, sentence)


@service
def change_request_edit_tables_pause(
    *, actor: User, change_request: ChangeRequest, task: str, tables: Collection[str]
) -> ChangeRequest:
    """Take tables out of replication but keep their entries; they return only under a new version."""
    edit = TaskEdit.begin(actor, change_request, task)
    chosen = edit.chosen(tables)
    entries = [
        entry.model_copy(update={"paused": True}) if entry.source in chosen else entry for entry in edit.file.tables
    ]
    sentence = f"paused {tables_counted(len(chosen))} of {task}: {tables_named(chosen)}"
    return edit.propose_tables(entries, sentence)
