"""An invented source: believable counts, and a bounded sample of rows that say that they are invented."""

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms.sources.source import ChangedRow, Changes, LoadFile, Row, SourceTable, TableChanges
from deploy_engine.local_aws.dms.state import COMPLETED
from deploy_engine.local_aws.timings import Timings

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.state import TableRun, Task

FEWEST_ROWS = 3_000
MOST_ROWS = 3_500_000
QUIET_STEPS = (1, 2, 5, 20)
"""A table has changes in every batch, every second, fifth or twentieth one."""


@dataclass
class SyntheticDatabase:
    """What an invented database has: every table ever asked for or declared, but for the missing ones."""

    name: str
    known: dict[tuple[str, str], int] = field(default_factory=dict)
    missing: set[tuple[str, str]] = field(default_factory=set)


@dataclass
class SyntheticDatabases:
    """The invented databases by the name of the secret that leads to each."""

    by_secret: dict[str, SyntheticDatabase] = field(default_factory=dict)

    def at(self, secret: str) -> SyntheticDatabase:
        """Return the database behind ``secret``."""
        return self.by_secret.setdefault(secret, SyntheticDatabase(secret))


@dataclass(frozen=True)
class SyntheticSource:
    """An invented database as a source of tasks."""

    database: SyntheticDatabase
    timings: Timings
    synthetic: bool = True

    def tables(self, asked: Iterable[tuple[str, str]]) -> list[SourceTable]:
        """Return every table that was ever asked for or declared, but for the missing ones."""
        known = self.database.known
        for pair in asked:
            known.setdefault(pair, invented_rows(self.database.name, *pair))
        return [
            SourceTable(schema, table, rows)
            for (schema, table), rows in sorted(known.items())
            if (schema, table) not in self.database.missing
        ]

    def begin(self, task: "Task") -> None:
        """Do nothing: an invention needs no log."""

    def load_files(self, table: "TableRun", due: range, timings: Timings, *, ended: bool) -> Iterator[LoadFile]:
        """Yield a sample of each file that is due."""
        for number in due:
            first = (number - 1) * timings.rows_per_file + 1
            count = min(table.rows - first + 1, timings.rows_per_file, timings.sample_rows)
            yield LoadFile(number, [_row(table, first + step) for step in range(count)])

    def changes(self, task: "Task") -> Changes:
        """Return some changes for some of the loaded tables, the same in every run."""
        found = []
        for table in task.tables.values():
            liveliness = invented_rows(table.schema, table.table)
            if table.state != COMPLETED or task.change_number % QUIET_STEPS[liveliness % len(QUIET_STEPS)]:
                continue
            changes = TableChanges(table, 1 + liveliness % 40, liveliness % 25, liveliness % 3)
            if table.change_files < self.timings.change_files:
                operations = "I" * changes.inserts + "U" * changes.updates + "D" * changes.deletes
                changes.rows = [
                    ChangedRow(operation, _row(table, table.rows + step))
                    for step, operation in enumerate(operations[: self.timings.sample_rows], start=1)
                ]
            found.append(changes)
        return Changes(found)

    def acknowledge(self, task: "Task", position: int) -> None:
        """Do nothing: there is no log."""

    def forget(self, task: "Task") -> None:
        """Do nothing: nothing was kept."""


def invented_rows(*parts: str) -> int:
    """Return a row count made from a name alone: the same in every run, evenly spread over orders of magnitude."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    share = int.from_bytes(digest[:6], "big") / 2**48
    return round(FEWEST_ROWS * math.exp(share * math.log(MOST_ROWS / FEWEST_ROWS)))


def _row(table: "TableRun", number: int) -> Row:
    return (str(number), f"synthetic row of {table.schema}.{table.table}")
