"""``s3.no-overwrite``: a table that would start loading finds its S3 path empty.

A load begins its file names at LOAD00000001 again, so a second one into a folder overwrites some files and leaves
others (dms-facts.md section 2).
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import table_place
from deploy_engine.checks.sample import BARCODES, sample_case
from deploy_engine.findings import Finding, Status
from deploy_engine.live import Unknown

ID = "s3.no-overwrite"


def _run(case: Case) -> Iterator[Finding]:
    occupied, consequences = case.observation.occupied, case.consequences
    if isinstance(occupied, Unknown) or isinstance(consequences, Unknown):
        raise CouldNotRun("the lake was not looked into")
    bucket = case.subject.environment.file.lake_bucket
    for task in consequences:
        for table in task.loads:
            if table.prefix not in occupied:
                raise CouldNotRun(f"whether {table.prefix} is empty was not asked")
            if occupied[table.prefix]:
                place = table_place(case.subject, task.name, table)
                message = f"{table.identity} would load into {table.prefix}, where data lies already"
                remedy = "give the table a new version: that is a new, empty folder"
                found = f"objects under s3://{bucket}/{table.prefix}"
                yield Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, found, "an empty folder")


CHECK = Check(
    id=ID,
    title="No load overwrites data in the lake",
    severity=Status.FAILED,
    remedy="give the table a new version: that is a new, empty folder",
    run=_run,
    needs=frozenset({Part.DIFFERENCE, Part.TASKS, Part.STATISTICS, Part.OCCUPIED}),
    reads=("s3:ListObjectsV2",),
    good=Example("a new table whose folder is empty", lambda: _run(sample_case())),
    bad=Example(
        "a new table in whose folder an object lies",
        lambda: _run(sample_case(occupied={f"data/fooddb_foodsearch_barcodes_{BARCODES[1]}/": True})),
    ),
)
