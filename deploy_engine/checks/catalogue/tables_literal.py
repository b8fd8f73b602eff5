"""``tables.literal``: no table's pattern can match another table of the task.

The patterns are read from the rendered mappings, so that the check holds what is deployed and not what was meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, Example
from deploy_engine.checks.places import task_place
from deploy_engine.checks.sample import BARCODES, BRANDS, sample_case, sample_subject, sample_task, sample_team_file
from deploy_engine.config import DatabaseEngine, TableEntry, TaskFile
from deploy_engine.findings import Finding, Status
from deploy_engine.rendering import task_mappings

ID = "tables.literal"
_LITERAL_UNDERSCORE = "[_]"

Name = tuple[str, str]
"""Schema and table, in lower case where the source may not tell case apart."""


def expression(pattern: str, *, blind_to_case: bool) -> re.Pattern[str]:
    """What a DMS pattern matches: ``%`` any text, ``_`` one character, ``[_]`` an underscore (dms-facts.md, 1)."""
    parts = re.split(r"(\[_\]|_|%)", pattern)
    meaning = {"%": ".*", "_": ".", _LITERAL_UNDERSCORE: "_"}
    text = "".join(meaning.get(part, re.escape(part)) for part in parts)
    return re.compile(text, re.IGNORECASE if blind_to_case else 0)


def _patterns(mappings: str) -> Iterator[tuple[str, str]]:
    for rule in json.loads(mappings)["rules"]:
        if rule["rule-type"] == "selection":
            yield rule["object-locator"]["schema-name"], rule["object-locator"]["table-name"]


def _literal(pattern: str) -> str | None:
    """The one name that a pattern without wildcards matches; None for a pattern that has one."""
    name = pattern.replace(_LITERAL_UNDERSCORE, "")
    return None if "_" in name or "%" in name else pattern.replace(_LITERAL_UNDERSCORE, "_")


def _matched(
    schema: str, table: str, by_name: Mapping[Name, Sequence[TableEntry]], *, blind_to_case: bool
) -> Iterable[TableEntry]:
    """The entries whose names the two patterns match: looked up where these are names, as nearly always."""
    literal_schema, literal_table = _literal(schema), _literal(table)
    if literal_schema is not None and literal_table is not None:
        return by_name.get(_name(literal_schema, literal_table, blind_to_case=blind_to_case), ())
    expressions = [expression(pattern, blind_to_case=blind_to_case) for pattern in (schema, table)]
    return (
        entry
        for entries in by_name.values()
        for entry in entries
        if expressions[0].fullmatch(entry.reference.schema) and expressions[1].fullmatch(entry.reference.table)
    )


def _name(schema: str, table: str, *, blind_to_case: bool) -> Name:
    return (schema.lower(), table.lower()) if blind_to_case else (schema, table)


def overmatched(task: TaskFile, mappings: str, *, blind_to_case: bool) -> Iterator[tuple[int, TableEntry, TableEntry]]:
    """(index, entry, other): the pattern of ``entry``, an active table, also matches ``other``."""
    by_name: dict[Name, list[TableEntry]] = {}
    for entry in task.tables:
        _, schema, table = entry.reference
        by_name.setdefault(_name(schema, table, blind_to_case=blind_to_case), []).append(entry)
    for entry, (schema, table) in zip(task.active_tables, _patterns(mappings), strict=True):
        for other in _matched(schema, table, by_name, blind_to_case=blind_to_case):
            if other.source != entry.source:
                yield task.tables.index(entry), entry, other


def _run(case: Case) -> Iterator[Finding]:
    if case.subject.is_base:
        return
    sources = case.subject.team.document.team.sources
    for name, task in case.subject.team.document.tasks.items():
        source = sources.get(task.source)
        blind = source is not None and source.engine is not DatabaseEngine.POSTGRESQL
        for index, entry, other in overmatched(task, task_mappings(task), blind_to_case=blind):
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
