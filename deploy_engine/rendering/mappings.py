"""TableMappings of a task: three rules per active table, so that a table's rules stand alone (dms-facts.md section 1).

A rule's number comes from a hash of what it is about, so that adding a table changes its own three rules and no others.
Numbers are nine digits, unique within a task. Where two rules fall on one number, the one whose table has the older
version keeps it and the other takes its next candidate: a table that comes later (with a later version, then) never
moves a table that is there. A rule's name is its kind and its number.

A table's rules are the same whenever they are written, and a task of a thousand tables is written again for every edit
of one: so the text of a table's rules is remembered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from deploy_engine.config.physical_names import TARGET_SCHEMA, folder_of
from deploy_engine.config.tables import TableEntry
from deploy_engine.config.task import TaskFile

KINDS = SELECT, SCHEMA, TABLE = "select", "schema", "table"
_FIRST_NUMBER, _NUMBERS = 100_000_000, 900_000_000
REMEMBERED_TABLES = 32_768
"""At about 700 bytes a table: some 20 MB in a process that renders a large company."""

_minified = json.JSONEncoder(separators=(",", ":")).encode

Numbers = tuple[int, int, int]
"""The numbers of a table's three rules, in the order of ``KINDS``."""


def pattern(name: str) -> str:
    """The DMS pattern that matches ``name`` and nothing else: ``_`` alone would match any one character."""
    return name.replace("_", "[_]")


def candidate(source: str, kind: str, attempt: int) -> int:
    """The ``attempt``-th number that a rule would take, from 0; any nine digits, the first not 0."""
    digest = hashlib.sha256(f"{source}\n{kind}\n{attempt}".encode()).digest()
    return _FIRST_NUMBER + int.from_bytes(digest[:8], "big") % _NUMBERS


@lru_cache(maxsize=REMEMBERED_TABLES)
def _first_choice(source: str) -> Numbers:
    select, schema, table = (candidate(source, kind, 0) for kind in KINDS)
    return select, schema, table


def _numbers(entries: Sequence[TableEntry]) -> dict[str, Numbers]:
    """The numbers of each table's rules, by its identity; none twice."""
    chosen = {entry.source: _first_choice(entry.source) for entry in entries}
    if len({number for numbers in chosen.values() for number in numbers}) == len(KINDS) * len(chosen):
        return chosen
    taken: set[int] = set()
    for entry in sorted(entries, key=lambda entry: (entry.version, entry.source)):
        select, schema, table = (_free(entry.source, kind, taken) for kind in KINDS)
        chosen[entry.source] = select, schema, table
    return chosen


def _free(source: str, kind: str, taken: set[int]) -> int:
    number = next(number for number in (candidate(source, kind, attempt) for attempt in count()) if number not in taken)
    taken.add(number)
    return number


def _rules(source: str, version: str, numbers: Numbers) -> list[dict[str, Any]]:
    _, schema, table = map(pattern, source.split("/"))
    select, rename_schema, rename_table = numbers
    both = {"schema-name": schema, "table-name": table}
    return [
        {
            "rule-id": str(select),
            "rule-name": f"{SELECT}-{select}",
            "rule-type": "selection",
            "rule-action": "include",
            "object-locator": both,
        },
        {
            "rule-id": str(rename_schema),
            "rule-name": f"{SCHEMA}-{rename_schema}",
            "rule-type": "transformation",
            "rule-action": "rename",
            "rule-target": "schema",
            "object-locator": {"schema-name": schema},
            "value": TARGET_SCHEMA,
        },
        {
            "rule-id": str(rename_table),
            "rule-name": f"{TABLE}-{rename_table}",
            "rule-type": "transformation",
            "rule-action": "rename",
            "rule-target": "table",
            "object-locator": both,
            "value": folder_of(source, version),
        },
    ]


@lru_cache(maxsize=REMEMBERED_TABLES)
def _rules_text(source: str, version: str, numbers: Numbers) -> str:
    """A table's rules as JSON, without the brackets of their list."""
    return _minified(_rules(source, version, numbers))[1:-1]


def table_rules(task: TaskFile) -> tuple[str, ...]:
    """The rules of each active table as they stand in the task's mappings: JSON, without the brackets of their list."""
    entries = task.active_tables
    numbers = _numbers(entries)
    return tuple(_rules_text(entry.source, entry.version, numbers[entry.source]) for entry in entries)


def task_mappings(task: TaskFile) -> str:
    """TableMappings of the task's active tables, minified, tables in the order of the task file."""
    return f'{{"rules":[{",".join(table_rules(task))}]}}'
