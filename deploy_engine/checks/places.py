"""Where in the config repository something stands: the file, and the JSON pointer in it."""

from __future__ import annotations

from typing import NamedTuple

from deploy_engine.config import Subject, TaskFile
from deploy_engine.config.physical_names import dms_name
from deploy_engine.config.repository import environment_path, task_path, team_path
from deploy_engine.diffing import MappedTable


class Place(NamedTuple):
    """A file of the config repository and a JSON pointer (RFC 6901) in it; "" is the whole file."""

    file: str
    pointer: str = ""


def task_place(subject: Subject, task: str, pointer: str = "") -> Place:
    return Place(task_path(subject.environment_name, subject.team.slug, task), pointer)


def team_place(subject: Subject, pointer: str = "") -> Place:
    return Place(team_path(subject.environment_name, subject.team.slug), pointer)


def scope_place(subject: Subject) -> Place:
    """The file that a scope is about: the team's or the environment's."""
    return Place(environment_path(subject.environment_name)) if subject.is_base else team_place(subject)


def task_named(subject: Subject, name: str) -> tuple[str, TaskFile] | None:
    """The configured task whose DMS name is ``name``, with its slug; None for one that the config has no more."""
    tasks = subject.team.document.tasks.items()
    return next(((slug, task) for slug, task in tasks if dms_name(subject.team.slug, slug) == name), None)


def table_place(subject: Subject, dms_task: str, table: MappedTable) -> Place:
    """The entry of ``table`` in its task's file; the task or team file where the config has it no more."""
    found = task_named(subject, dms_task)
    if found is None:
        return team_place(subject)
    slug, task = found
    for index, entry in enumerate(task.tables):
        if entry.source == table.identity and entry.version == table.version:
            return task_place(subject, slug, f"/tables/{index}")
    return task_place(subject, slug)
