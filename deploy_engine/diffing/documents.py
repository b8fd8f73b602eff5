"""Two team documents compared as people read a change: table by table, then the settings around them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deploy_engine.config import TableEntry, TeamDocument, document_to_json


class ChangeKind(StrEnum):
    """What happens to one table entry of a task."""

    ADDED = "added"
    REMOVED = "removed"
    RELOADED = "reloaded"
    PAUSED = "paused"
    RESUMED = "resumed"


_TASK_PLACE = re.compile(r"tasks/[^/]+")


@dataclass(frozen=True)
class EntryChange:
    """One table of one task: ``before`` is None for an added one, ``after`` for a removed one."""

    kind: ChangeKind
    task: str
    table: str
    before: TableEntry | None
    after: TableEntry | None


@dataclass(frozen=True)
class SettingChange:
    """A changed value outside the tables: where it stands (``tasks/foodsearch/delivery``), before and after as text."""

    place: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class DocumentDifference:
    """All that differs: tasks that come and go, tables, settings."""

    tasks_added: tuple[str, ...]
    tasks_removed: tuple[str, ...]
    tables: tuple[EntryChange, ...]
    settings: tuple[SettingChange, ...]

    def of_task(self, task: str) -> DocumentDifference:
        """What of it is about one task."""
        return DocumentDifference(
            tasks_added=tuple(name for name in self.tasks_added if name == task),
            tasks_removed=tuple(name for name in self.tasks_removed if name == task),
            tables=tuple(change for change in self.tables if change.task == task),
            settings=tuple(change for change in self.settings if change.place.startswith(f"tasks/{task}/")),
        )

    @property
    def empty(self) -> bool:
        return not (self.tasks_added or self.tasks_removed or self.tables or self.settings)

    def count(self, kind: ChangeKind) -> int:
        return sum(change.kind is kind for change in self.tables)


def _entry_kind(before: TableEntry | None, after: TableEntry | None) -> ChangeKind | None:
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    if before.active and not after.active:
        return ChangeKind.PAUSED
    if after.active and not before.active:
        return ChangeKind.RESUMED
    return ChangeKind.RELOADED if before.version != after.version else None


def _entries(document: TeamDocument | None, task: str) -> dict[str, TableEntry]:
    if document is None or task not in document.tasks:
        return {}
    return {entry.source: entry for entry in document.tasks[task].tables}


def _leaves(value: Any, place: str = "") -> dict[str, str]:
    """Every value outside a task's tables by its place, as text."""
    if isinstance(value, dict):
        leaves: dict[str, str] = {}
        for key, item in value.items():
            if not (key == "tables" and _TASK_PLACE.fullmatch(place)):
                leaves |= _leaves(item, f"{place}/{key}" if place else key)
        return leaves
    return {place: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}


def table_place(task: str, table: str) -> str:
    """Where a table entry stands in :func:`document_places`."""
    return f"tasks/{task}/tables/{table}"


def document_places(value: Mapping[str, Any]) -> dict[str, str]:
    """Every line of a document (a team's or a base stack's) by its place: settings as text, tables by version."""
    places = _leaves(dict(value))
    for task, file in (value.get("tasks") or {}).items():
        for entry in file["tables"]:
            paused = " paused" if entry.get("paused") else ""
            places[table_place(task, entry["source"])] = f"{entry['version']}{paused}"
    return places


def changed_places(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Where two documents differ, as :func:`document_places` calls it, in order; a line of one of them only, too."""
    old, new = document_places(before), document_places(after)
    return sorted(place for place in old.keys() | new.keys() if old.get(place) != new.get(place))


def compare_documents(before: TeamDocument | None, after: TeamDocument) -> DocumentDifference:
    """What ``after`` changes in ``before`` (None for a team that has nothing accepted yet)."""
    old_tasks = set(before.tasks) if before else set()
    new_tasks = set(after.tasks)
    changes = []
    for task in sorted(old_tasks | new_tasks):
        old, new = _entries(before, task), _entries(after, task)
        for table in sorted(set(old) | set(new)):
            kind = _entry_kind(old.get(table), new.get(table))
            if kind is not None:
                changes.append(EntryChange(kind, task, table, old.get(table), new.get(table)))
    old_leaves = _leaves(document_to_json(before)) if before else {}
    new_leaves = _leaves(document_to_json(after))
    settings = tuple(
        SettingChange(place, old_leaves.get(place), new_leaves.get(place))
        for place in sorted(set(old_leaves) | set(new_leaves))
        if old_leaves.get(place) != new_leaves.get(place)
    )
    return DocumentDifference(
        tuple(sorted(new_tasks - old_tasks)), tuple(sorted(old_tasks - new_tasks)), tuple(changes), settings
    )
