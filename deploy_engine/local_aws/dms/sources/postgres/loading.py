"""The rows of one table, read in one snapshot of the database."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from psycopg import sql

from deploy_engine.local_aws.dms.sources.postgres import catalogue
from deploy_engine.local_aws.dms.sources.postgres.connections import Connection
from deploy_engine.local_aws.dms.sources.postgres.decoding import Values
from deploy_engine.local_aws.dms.sources.source import LoadFile, Row, TableUnreadableError

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.state import TableRun

TRUTH = {"t": "true", "f": "false"}
"""How COPY writes a boolean, and how the log does."""


def load_files(connection: Connection, table: "TableRun", rows_per_file: int) -> Iterator[LoadFile]:
    """Yield the table in files, and note in it which transactions the snapshot sees.

    COPY gives each value as the same text as the log will. Raises TableUnreadableError when the table is gone.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL statement_timeout = 0")
        snapshot: Any = connection.execute("SELECT pg_current_snapshot()::text").fetchone()
        end: Any = connection.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").fetchone()
        kinds = describe(connection, table)
        if not kinds:
            raise TableUnreadableError(f"Table {table.schema}.{table.table} does not exist on the source.")
        table.snapshot, table.snapshot_end = str(snapshot[0]), int(end[0])
        table.rows = 0
        truths = [position for position, kind in enumerate(kinds) if kind == "boolean"]
        number, rows = 1, []
        for row in _copied(connection, table):
            rows.append(_with_words(row, truths))
            table.rows += 1
            if len(rows) == rows_per_file:
                yield LoadFile(number, rows)
                number, rows = number + 1, []
        if rows:
            yield LoadFile(number, rows)


def describe(connection: Connection, table: "TableRun") -> list[str]:
    """Note the table's columns and primary key in it, and return the types of the columns; [] without the table."""
    columns = catalogue.columns(connection, table.schema, table.table)
    table.columns = tuple(name for name, _, _ in columns)
    table.keys = tuple(name for name, _, key in columns if key)
    return [kind for _, kind, _ in columns]


def look_up(connection: Connection, table: "TableRun", column: str, values: Values) -> str | None:
    """Return the present value of a column of the row with these values of the key; None when the row is gone."""
    if not table.keys:
        return None
    query = sql.SQL("SELECT format('%%s', {column}) FROM {table} WHERE {column} IS NOT NULL AND {key}").format(
        column=sql.Identifier(column),
        table=sql.Identifier(table.schema, table.table),
        key=sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(key)) for key in table.keys),
    )
    found: Any = connection.execute(query, [values.get(key) for key in table.keys]).fetchone()
    return None if found is None else str(found[0])


def _copied(connection: Connection, table: "TableRun") -> Iterator[Row]:
    query = sql.SQL("COPY (SELECT {columns} FROM {table}) TO STDOUT").format(
        columns=sql.SQL(", ").join(sql.Identifier(name) for name in table.columns),
        table=sql.Identifier(table.schema, table.table),
    )
    with connection.cursor().copy(query) as copy:
        yield from copy.rows()


def _with_words(row: Row, truths: list[int]) -> Row:
    if not truths:
        return row
    return tuple(TRUTH[value] if value is not None and at in truths else value for at, value in enumerate(row))
