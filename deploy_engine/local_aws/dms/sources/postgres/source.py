"""A PostgreSQL database as a source of tasks; see the package for why what it gives is exact."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg

from deploy_engine.local_aws.dms.sources.postgres import catalogue, decoding, layout, loading, slot
from deploy_engine.local_aws.dms.sources.postgres.address import Address
from deploy_engine.local_aws.dms.sources.postgres.connections import Connection, Connections, first_line
from deploy_engine.local_aws.dms.sources.postgres.visibility import Visibility
from deploy_engine.local_aws.dms.sources.source import (
    ChangedRow,
    Changes,
    LoadFile,
    SourceLostError,
    SourceTable,
    SourceUnreachableError,
    TableChanges,
    TableUnreadableError,
)
from deploy_engine.local_aws.dms.state import COMPLETED, UNFINISHED, CachedChange

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.state import TableRun, Task
    from deploy_engine.local_aws.timings import Timings

LONGEST_SLOT_NAME = 63


class PostgresSource:
    """A database at an address; the connection is shared by all that read from there."""

    synthetic = False

    def __init__(self, connections: Connections, address: Address) -> None:
        self._connections = connections
        self._address = address

    def tables(self, asked: Iterable[tuple[str, str]]) -> list[SourceTable]:
        """Return the tables there are, whatever is asked for."""
        with self._connected() as connection:
            return catalogue.tables(connection)

    def begin(self, task: "Task") -> None:
        """Create the task's slot at its first start and at a start from scratch; else see that it is still there."""
        with self._connected() as connection:
            if task.slot is None or task.start_type == "reload-target":
                task.slot = slot_name(task.arn)
                task.position = slot.create(connection, task.slot)
            elif slot.confirmed(connection, task.slot) > task.position:
                raise SourceLostError(f"The replication slot {task.slot} has moved past what was written.")

    def load_files(self, table: "TableRun", due: range, timings: "Timings", *, ended: bool) -> Iterator[LoadFile]:
        """Yield all files of a table when its load ends: they come from one snapshot, read in one go."""
        if not ended:
            return
        with self._connected() as connection:
            try:
                yield from loading.load_files(connection, table, timings.rows_per_file)
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable) as error:
                raise TableUnreadableError(first_line(error)) from error

    def changes(self, task: "Task") -> Changes:
        """Peek at what was committed since the last batch."""
        with self._connected() as connection:
            transactions, position = slot.peek(connection, task.slot or "", task.position)
            batch = _Batch(connection)
            for table in task.tables.values():
                if table.state == COMPLETED:
                    for cached in table.cached:
                        batch.take(table, cached)
            for transaction in transactions:
                for change in transaction.changes:
                    affected = task.tables.get((change.schema, change.table))
                    if affected is not None:
                        batch.take(affected, CachedChange(transaction.number, transaction.committed, change))
        return Changes(list(batch.tables.values()), position, batch.kept)

    def acknowledge(self, task: "Task", position: int) -> None:
        """Let the database recycle its log up to ``position``."""
        if task.slot is not None:
            with self._connected() as connection:
                slot.advance(connection, task.slot, position)

    def forget(self, task: "Task") -> None:
        """Drop the task's slot, or the database would keep its log for ever."""
        if task.slot is not None:
            with self._connected() as connection:
                slot.drop(connection, task.slot)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Give the connection; what goes wrong on it, and is nothing more precise, is the database being away."""
        connection = self._connections.at(self._address)
        try:
            yield connection
        except psycopg.Error as error:
            if isinstance(error, psycopg.OperationalError):
                with suppress(psycopg.Error):
                    connection.close()
            raise SourceUnreachableError(f"The source database refused: {first_line(error)}") from error


def slot_name(task_arn: str) -> str:
    """Return the name of a task's slot: from the last part of its ARN, which no other task ever has."""
    identity = re.sub(r"[^a-z0-9_]", "_", task_arn.rpartition(":")[2].lower())
    return f"sluice_{identity}"[:LONGEST_SLOT_NAME]


class _Batch:
    """Changes sorted by where they belong: in a file now, kept until their table is loaded, or nowhere."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.tables: dict[tuple[str, str], TableChanges] = {}
        self.kept: list[tuple[TableRun, CachedChange]] = []

    def take(self, table: "TableRun", cached: CachedChange) -> None:
        """Put one change where it belongs."""
        if table.state in UNFINISHED:
            self.kept.append((table, cached))
        if table.state != COMPLETED:
            return
        if table.snapshot is not None and Visibility.parse(table.snapshot).sees(cached.transaction):
            return
        if not table.columns:
            loading.describe(self._connection, table)
        lines = layout.lines(table, cached.change, self._look_up)
        if not lines:
            return
        changes = self.tables.setdefault((table.schema, table.table), TableChanges(table))
        changes.inserts += cached.change.operation == "INSERT"
        changes.updates += cached.change.operation == "UPDATE"
        changes.deletes += cached.change.operation == "DELETE"
        changes.rows += [ChangedRow(operation, row, cached.committed) for operation, row in lines]

    def _look_up(self, table: "TableRun", column: str, values: decoding.Values) -> str | None:
        return loading.look_up(self._connection, table, column, values)
