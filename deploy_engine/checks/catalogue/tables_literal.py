"""``tables.literal``: no table's pattern can match another table of the task.

The patterns are read from the rendered mappings, so that the check holds what is deployed and not what was meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, Example
from deploy_engine.checks.places import task_place
from deploy_engine.checks.sample import BARCODES, BRANDS, sample_case, sample_subject, sample_task, sample_team_file
from deploy_engine.config import DatabaseEngine, TableEntry, TaskFile
from deploy_engine.findings import Finding, Status
from deploy_engine.rendering import task_mappings

ID = "tables.literal"
_LITERAL_UNDERSCORE = "[_]"


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


def overmatched(task: TaskFile, mappings: str, *, blind_to_case: bool) -> Iterator[tuple[int, TableEntry, TableEntry]]:
    """(index, entry, other): the pattern of ``entry``, an active table, also matches ``other``."""
    for entry, (schema, table) in zip(task.active_tables, _patterns(mappings), strict=True):
        schema_expression = expression(schema, blind_to_case=blind_to_case)
        table_expression = expression(table, blind_to_case=blind_to_case)
        for other in task.tables:
            reference = other.reference
            matches = schema_expression.fullmatch(reference.schema) and table_expression.fullmatch(reference.table)
            if other.source != entry.source and matches:
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
