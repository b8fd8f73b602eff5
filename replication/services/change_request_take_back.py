"""Undoing one part of a draft (a table, a task, a source, any other value): it becomes again what the base has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_engine.config import TableEntry, TaskFile, TeamDocument
from replication.documents import team_document_of
from replication.documents.units import document_of_units, place_key, place_words, places_differing, units_of
from replication.errors import NotFound
from replication.models import ChangeRequest
from replication.services.editing import document_replace, lock_for_edit, team_document_for_edit
from replication.services.inputs import document_read
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def change_request_take_back(*, actor: User, change_request: ChangeRequest, task: str, table: str) -> ChangeRequest:
    """Put `table` (its identity) of `task` back as it is accepted: added ones go, changed and removed ones return."""
    document = team_document_for_edit(actor=actor, change_request=change_request)
    accepted = _entry(_base_of(change_request), task, table)
    if task not in document.tasks:
        raise NotFound(f"There is no task {task} in this change request any more.")
    if accepted == _entry(document, task, table):
        raise NotFound(f"This change request does nothing to {table} in {task} any more.")
    changed = document.with_task(task, _with_entry(document.tasks[task], table, accepted))
    sentence = f"took back the change of {table.split('/', 1)[-1].replace('/', '.')} in {task}"
    return document_replace(actor=actor, change_request=change_request, document=changed, sentence=sentence)


@service
def change_request_take_back_task(*, actor: User, change_request: ChangeRequest, task: str) -> ChangeRequest:
    """Put a whole task back as it is accepted, tables and all: an added one goes, a removed one returns."""
    document = team_document_for_edit(actor=actor, change_request=change_request)
    base = _base_of(change_request)
    accepted = base.tasks.get(task) if base is not None else None
    if accepted == document.tasks.get(task):
        raise NotFound(f"This change request does nothing to the task {task} any more.")
    changed = document.with_task(task, accepted)
    sentence = f"took back the changes of the task {task}"
    return document_replace(actor=actor, change_request=change_request, document=changed, sentence=sentence)


@service
def change_request_take_back_thing(*, actor: User, change_request: ChangeRequest, place: str) -> ChangeRequest:
    """Put a source, an instance or any other value beside the tasks back as it is accepted; `place` is its key.

    `NotFound` where the change request does nothing to it.
    """
    lock_for_edit(actor=actor, change_request=change_request)
    base = change_request.base_revision
    accepted, proposed = units_of(base.document if base is not None else {}), units_of(change_request.document)
    differing = {place_key(each): each for each in places_differing(accepted, proposed) if each[0] != "tasks"}
    if place not in differing:
        raise NotFound(f"This change request does nothing to {place[:60]} any more.")
    found = differing[place]
    things = {each: value for each, value in proposed.items() if each != found}
    if found in accepted:
        things[found] = accepted[found]
    changed = document_read(document_of_units(things), is_base=change_request.team is None)
    sentence = f"took back the change of {place_words(found)}"
    return document_replace(actor=actor, change_request=change_request, document=changed, sentence=sentence)


def _base_of(change_request: ChangeRequest) -> TeamDocument | None:
    base = change_request.base_revision
    return team_document_of(base.document) if base is not None else None


def _entry(document: TeamDocument | None, task: str, table: str) -> TableEntry | None:
    file = document.tasks.get(task) if document is not None else None
    entries = file.tables if file is not None else ()
    return next((entry for entry in entries if entry.source == table), None)


def _with_entry(file: TaskFile, table: str, entry: TableEntry | None) -> TaskFile:
    tables = [other for other in file.tables if other.source != table]
    if entry is not None:
        tables.append(entry)
    return file.model_copy(update={"tables": tuple(sorted(tables, key=lambda each: each.sort_key))})
