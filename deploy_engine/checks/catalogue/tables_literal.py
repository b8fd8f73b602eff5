"""``tables.literal``: no table's pattern can match another table of the task.

The patterns are read from the rendered rules, so that the check holds what is deployed and not what was meant. What was
read in a table's rules is remembered with their text: an edit of one table leaves those of the others as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, Example
from deploy_engine.checks.places import task_place
from deploy_engine.checks.sample import BARCODES, BRANDS, sample_case, sample_subject, sample_task, sample_team_file
from deploy_engine.config import DatabaseEngine, TableEntry, TaskFile
from deploy_engine.findings import Finding, Status
from deploy_engine.rendering import REMEMBERED_TABLES, table_rules

ID = "tables.literal"
_LITERAL_UNDERSCORE = "[_]"


class _Selection(NamedTuple):
    """What a table's rules select: the patterns, and ``schema/table`` where these match that one name alone."""

    schema: str
    table: str
    name: str | None


def expression(pattern: str, *, blind_to_case: bool) -> re.Pattern[str]:
    """What a DMS pattern matches: ``%`` any text, ``_`` one character, ``[_]`` a ``_`` (dms-facts.md section 1)."""
    parts = re.split(r"(\[_\]|_|%)", pattern)
    meaning = {"%": ".*", "_": ".", _LITERAL_UNDERSCORE: "_"}
    text = "".join(meaning.get(part, re.escape(part)) for part in parts)
    return re.compile(text, re.IGNORECASE if blind_to_case else 0)


@lru_cache(maxsize=REMEMBERED_TABLES)
def _selection(rules: str) -> _Selection:
    """Read the one selection in a table's rules."""
    (place,) = (rule["object-locator"] for rule in json.loads(f"[{rules}]") if rule["rule-type"] == "selection")
    schema, table = place["schema-name"], place["table-name"]
    names = [_literal(schema), _literal(table)]
    return _Selection(schema, table, None if None in names else "/".join(map(str, names)))


def _literal(pattern: str) -> str | None:
    """The one name that a pattern without wildcards matches; None for a pattern that has one."""
    name = pattern.replace(_LITERAL_UNDERSCORE, "")
    return None if "_" in name or "%" in name else pattern.replace(_LITERAL_UNDERSCORE, "_")


def _matched(
    selection: _Selection, by_name: Mapping[str, Sequence[TableEntry]], *, blind_to_case: bool
) -> Iterable[TableEntry]:
    """The entries whose names the two patterns match: looked up where these are names, as nearly always."""
    if selection.name is not None:
        return by_name.get(selection.name.lower() if blind_to_case else selection.name, ())
    schema, table = (expression(pattern, blind_to_case=blind_to_case) for pattern in selection[:2])
    return (
        entry
        for entries in by_name.values()
        for entry in entries
        if schema.fullmatch(entry.reference.schema) and table.fullmatch(entry.reference.table)
    )


def overmatched(
    task: TaskFile, rules: Iterable[str], *, blind_to_case: bool
) -> Iterator[tuple[int, TableEntry, TableEntry]]:
    """(index, entry, other): the pattern of ``entry``, an active table, also matches ``other``.

    ``rules`` are those of each active table, as ``table_rules`` gives them.
    """
    by_name: dict[str, list[TableEntry]] = {}
    for entry in task.tables:
        _, _, name = entry.source.partition("/")
        by_name.setdefault(name.lower() if blind_to_case else name, []).append(entry)
    for entry, selection in zip(task.active_tables, map(_selection, rules), strict=True):
        for other in _matched(selection, by_name, blind_to_case=blind_to_case):
            if other.source != entry.source:
                yield task.tables.index(entry), entry, other


def _run(case: Case) -> Iterator[Finding]:
    if case.subject.is_base:
        return
    sources = case.subject.team.document.team.sources
    for name, task in case.subject.team.document.tasks.items():
        source = sources.get(task.source)
        blind = source is not None and source.engine is not DatabaseEngine.POSTGRESQL
        for index, entry, other in overmatched(task, table_rules(task), blind_to_case=blind):
            place = task_place(case.subject, name, f"/tables/{index}")
            message = f"DMS would take {entry.source} to mean {other.source} as well"
            allowed = "names that differ in more than their case, since the source may not tell case apart"
            remedy = "replicate only one of the two, or put the other into a task of its own"
            yield Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, entry.source, allowed)


def _mysql_case(*tables: tuple[str, str]) -> Case:
    return sample_case(sample_subject({"foodsearch": sample_task(tables)}, sample_team_file(engine="mysql")))


CHECK = Check(
    id=ID,
    title="Table names are taken literally",
    severity=Status.FAILED,
    remedy="keep tables that a MySQL source may not tell apart out of one task",
    run=_run,
    good=Example("barcodes and brands in one task of a MySQL source", lambda: _run(_mysql_case(BARCODES, BRANDS))),
    bad=Example(
        "barcodes and Barcodes in one task of a MySQL source, which may not tell case apart",
        lambda: _run(_mysql_case(BARCODES, ("fooddb/foodsearch/Barcodes", "v202605011200"))),
    ),
)
