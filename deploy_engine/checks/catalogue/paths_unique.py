"""``paths.unique``: no two table entries write to the same S3 path, whoever owns them.

Compared is the rendered path, since ``a_b`` + ``c`` and ``a`` + ``b_c`` make the same one, over every environment that
shares the lake bucket. Paths that differ in case only count as the same: S3 tells them apart, most readers do not.
A path is one folder under ``data/`` with a slash at its end and none in its name, so none can lie within another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, Example
from deploy_engine.checks.places import Place
from deploy_engine.checks.sample import BARCODES, BRANDS, sample_case, sample_subject, sample_task
from deploy_engine.config import Subject, TableEntry
from deploy_engine.config.physical_names import table_prefix
from deploy_engine.config.repository import task_path
from deploy_engine.findings import Finding, Status

ID = "paths.unique"


class _Writer(NamedTuple):
    """A table entry and whose it is."""

    environment: str
    team: str
    task: str
    position: int
    entry: TableEntry

    @property
    def path(self) -> str:
        return table_prefix(self.entry)

    @property
    def place(self) -> Place:
        return Place(task_path(self.environment, self.team, self.task), f"/tables/{self.position}")

    def same_table_of_the_task(self, other: _Writer) -> bool:
        """A table listed twice in one task, which is for ``tables.unique`` to say."""
        return self[:3] == other[:3] and self.entry.source == other.entry.source

    def __str__(self) -> str:
        return f"{self.entry.source} of the task {self.task} (team {self.team}, environment {self.environment})"


def _writers(subject: Subject) -> Iterator[_Writer]:
    """Every entry of every environment that writes to the subject's lake bucket."""
    for environment in subject.company.environments.values():
        if environment.file.lake_bucket != subject.environment.file.lake_bucket:
            continue
        for slug, team in environment.teams.items():
            for task, file in team.document.tasks.items():
                for index, entry in enumerate(file.tables):
                    yield _Writer(environment.name, slug, task, index, entry)


def _run(case: Case) -> Iterator[Finding]:
    subject = case.subject
    by_path: dict[str, list[_Writer]] = {}
    for writer in _writers(subject):
        by_path.setdefault(writer.path.casefold(), []).append(writer)
    shared = (writers for writers in by_path.values() if len(writers) > 1)
    for writers in shared:
        for writer in writers:
            of_subject = writer.environment == subject.environment_name and subject.team_slug in (None, writer.team)
            others = [other for other in writers if other is not writer and not writer.same_table_of_the_task(other)]
            if of_subject and others:
                message = f"{writer.entry.source} writes to {writer.path}, and so does {others[0]}"
                remedy = "give one of them another version, or remove one"
                allowed = "a path that nothing else writes to"
                yield Finding(ID, Status.FAILED, message, *writer.place, remedy, writer.path, allowed)


CHECK = Check(
    id=ID,
    title="No two tables write to one S3 path",
    severity=Status.FAILED,
    remedy="give one of the tables another version: the version is part of the path",
    run=_run,
    good=Example(
        "barcodes and brands",
        lambda: _run(sample_case(sample_subject({"foodsearch": sample_task((BARCODES, BRANDS))}))),
    ),
    bad=Example(
        "schema a_b, table c, and schema a, table b_c, under the same version",
        lambda: _run(
            sample_case(
                sample_subject({"foodsearch": sample_task((("fooddb/a_b/c", BRANDS[1]), ("fooddb/a/b_c", BRANDS[1])))})
            )
        ),
    ),
)
