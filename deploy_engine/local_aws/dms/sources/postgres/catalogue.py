"""Which tables a PostgreSQL database has: their columns, their primary keys, and about how many rows."""

from typing import Any

from psycopg import sql

from deploy_engine.local_aws.dms.sources.postgres.connections import Connection
from deploy_engine.local_aws.dms.sources.source import SourceTable

TABLES = """
    SELECT n.nspname, c.relname, greatest(c.reltuples, 0)::bigint
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY 1, 2
"""
COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, NULL), coalesce(a.attnum = ANY (i.indkey), false)
    FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
    WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
"""


def tables(connection: Connection) -> list[SourceTable]:
    """Return the ordinary tables; partitioned parents are none to DMS (`dms-facts.md` section 10)."""
    rows: list[Any] = connection.execute(TABLES).fetchall()
    return [SourceTable(schema, table, count) for schema, table, count in rows]


def columns(connection: Connection, schema: str, table: str) -> list[tuple[str, str, bool]]:
    """Return name, type, and whether it belongs to the primary key, of each column in order; [] without the table."""
    name = sql.Identifier(schema, table).as_string(connection)
    rows: list[Any] = connection.execute(COLUMNS, [name]).fetchall()
    return [(str(column), str(kind), bool(key)) for column, kind, key in rows]
