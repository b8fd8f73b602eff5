"""TableMappings of a task: three rules per active table, so that a table's rules stand alone (dms-facts.md section 1).

A rule's number comes from a hash of what it is about, so that adding a table changes its own three rules and no others.
Numbers are nine digits, unique within a task. Where two rules fall on one number, the one whose table has the older
version keeps it and the other takes its next candidate: a table that comes later (with a later version, then) never
moves a table that is there. A rule's name is its kind and its number.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from deploy_engine.config.physical_names import TARGET_SCHEMA, table_folder
from deploy_engine.config.tables import TableEntry
from deploy_engine.config.task import TaskFile

SELECT, SCHEMA, TABLE = "select", "schema", "table"
_FIRST_NUMBER, _NUMBERS = 100_000_000, 900_000_000


def pattern(name: str) -> str:
    """The DMS pattern that matches ``name`` and nothing else: ``_`` alone would match any one character."""
    return name.replace("_", "[_]")


def candidate(entry: TableEntry, kind: str, attempt: int) -> int:
    """The ``attempt``-th number that a rule would take, from 0; any nine digits, the first not 0."""
    digest = hashlib.sha256(f"{entry.source}\n{kind}\n{attempt}".encode()).digest()
    return _FIRST_NUMBER + int.from_bytes(digest[:8], "big") % _NUMBERS


class Numbers:
    """The numbers taken within one task."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def take(self, entry: TableEntry, kind: str) -> int:
        attempt = 0
        while (number := candidate(entry, kind, attempt)) in self._taken:
            attempt += 1
        self._taken.add(number)
        return number


def _rule(kind: str, number: int, rule: dict[str, Any]) -> dict[str, Any]:
    return {"rule-id": str(number), "rule-name": f"{kind}-{number}", **rule}


def _rules(entry: TableEntry, numbers: dict[str, int]) -> tuple[dict[str, Any], ...]:
    schema, table = pattern(entry.reference.schema), pattern(entry.reference.table)
    both = {"schema-name": schema, "table-name": table}
    rename: dict[str, Any] = {"rule-type": "transformation", "rule-action": "rename"}
    return (
        _rule(
            SELECT,
            numbers[SELECT],
            {"rule-type": "selection", "rule-action": "include", "object-locator": both},
        ),
        _rule(
            SCHEMA,
            numbers[SCHEMA],
            {**rename, "rule-target": "schema", "object-locator": {"schema-name": schema}, "value": TARGET_SCHEMA},
        ),
        _rule(
            TABLE,
            numbers[TABLE],
            {**rename, "rule-target": "table", "object-locator": both, "value": table_folder(entry)},
        ),
    )


def task_mappings(task: TaskFile) -> str:
    """TableMappings of the task's active tables, minified, tables in the order of the task file."""
    numbers = Numbers()
    by_age = sorted(task.active_tables, key=lambda entry: (entry.version, entry.source))
    taken = {entry.sort_key: {kind: numbers.take(entry, kind) for kind in (SELECT, SCHEMA, TABLE)} for entry in by_age}
    rules = [rule for entry in task.active_tables for rule in _rules(entry, taken[entry.sort_key])]
    return json.dumps({"rules": rules}, separators=(",", ":"))
