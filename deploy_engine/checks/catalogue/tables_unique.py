"""``tables.unique``: a (schema, table) pair stands once in a task."""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, Example
from deploy_engine.checks.places import task_place
from deploy_engine.checks.sample import BARCODES, BRANDS, sample_case, sample_subject, sample_task
from deploy_engine.findings import Finding, Status

ID = "tables.unique"


def _run(case: Case) -> Iterator[Finding]:
    if case.subject.is_base:
        return
    for name, task in case.subject.team.document.tasks.items():
        first: dict[str, str] = {}
        for index, entry in enumerate(task.tables):
            if entry.source in first:
                place = task_place(case.subject, name, f"/tables/{index}")
                message = f"{entry.source} stands twice in the task {name}: {first[entry.source]} and {entry.version}"
                remedy = "remove one of the two; a second version runs beside the first only in another task"
                yield Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, entry.source, "once")
            first.setdefault(entry.source, entry.version)


CHECK = Check(
    id=ID,
    title="A table stands once in a task",
    severity=Status.FAILED,
    remedy="remove one of the two entries: one task cannot write a table to two places",
    run=_run,
    good=Example(
        "a task with the tables barcodes and brands",
        lambda: _run(sample_case(sample_subject({"foodsearch": sample_task((BARCODES, BRANDS))}))),
    ),
    bad=Example(
        "a task with the table barcodes under two versions",
        lambda: _run(
            sample_case(sample_subject({"foodsearch": sample_task((BARCODES, (BARCODES[0], "v202605010000")))}))
        ),
    ),
)
