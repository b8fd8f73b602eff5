"""The catalogue of a PostgreSQL database, from its statistics: no table is opened, so that no lock is waited for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import psycopg

from deploy_engine.adapters.sources.place import CONNECT_SECONDS, MOST_TABLES, Place, seconds_for
from deploy_engine.errors import SourceUnreachable
from deploy_engine.live import SourceAsked, SourceCatalogue, SourceTable, TableKey, TableKind

_TABLES = """
    SELECT n.nspname, c.relname, c.relkind::text, c.relpersistence::text, c.relreplident::text,
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indisvalid),
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident AND i.indisvalid),
           c.reltuples::bigint,
           (c.relpages + coalesce(t.relpages, 0))::bigint * current_setting('block_size')::bigint
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
    WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%%'
      AND (%(all)s OR (n.nspname, c.relname) IN (SELECT * FROM unnest(%(schemas)s::text[], %(names)s::text[])))
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
    LIMIT %(most)s
"""
_SETTINGS = """
    SELECT name, setting FROM pg_settings
    WHERE name IN ('wal_level', 'max_replication_slots', 'wal_sender_timeout')
"""
_SLOTS = "SELECT count(*) FROM pg_replication_slots"
_OPTIONS = (
    "-c default_transaction_read_only=on -c statement_timeout={0}s -c lock_timeout=1s "
    "-c idle_in_transaction_session_timeout={0}s"
)


def read(place: Place, asked: SourceAsked, tables: Collection[tuple[str, str]] | None) -> SourceCatalogue:
    """One connection, three statements in one read-only transaction. Raises ``SourceUnreachable``."""
    wanted = None if tables is None else sorted(set(tables))
    try:
        with _connect(place, asked, seconds_for(tables)) as connection:
            found = connection.execute(
                _TABLES,
                {
                    "all": wanted is None,
                    "schemas": [schema for schema, _ in wanted or ()],
                    "names": [name for _, name in wanted or ()],
                    "most": MOST_TABLES + 1,
                },
            ).fetchall()
            settings = dict(connection.execute(_SETTINGS).fetchall())
            slots = connection.execute(_SLOTS).fetchone()
    except psycopg.Error as error:
        raise SourceUnreachable(_words(error, place, seconds_for(tables))) from None
    listed = tuple(_table(row) for row in found[:MOST_TABLES])
    return SourceCatalogue("postgres", listed, settings, slots[0] if slots else 0, len(found) <= MOST_TABLES)


def _connect(place: Place, asked: SourceAsked, seconds: int) -> psycopg.Connection[Any]:
    connection = psycopg.connect(
        host=place.host,
        hostaddr=place.address,
        port=place.secret.port,
        dbname=asked.database,
        user=place.secret.user,
        password=place.secret.password,
        sslmode="require" if place.encrypted else "prefer",
        gssencmode="disable",
        connect_timeout=CONNECT_SECONDS,
        tcp_user_timeout=seconds * 1000,
        application_name="sluice catalogue",
        options=_OPTIONS.format(seconds),
    )
    connection.read_only = True
    return connection


def _table(row: tuple[Any, ...]) -> SourceTable:
    schema, name, kind, persistence, identity, has_primary, has_identity, rows, size = row
    analysed = rows >= 0
    return SourceTable(
        schema,
        name,
        _key(identity, has_primary=has_primary, has_identity=has_identity),
        rows if analysed else None,
        size if analysed else None,
        TableKind.PARTITIONED if kind == "p" else TableKind.UNLOGGED if persistence == "u" else TableKind.ORDINARY,
    )


def _key(identity: str, *, has_primary: bool, has_identity: bool) -> TableKey:
    """What ``ALTER TABLE … REPLICA IDENTITY`` says comes first: NOTHING logs no key, even of a table that has one."""
    if identity == "f" or (identity == "i" and has_identity):
        return TableKey.IDENTITY
    return TableKey.PRIMARY if identity == "d" and has_primary else TableKey.NONE


def _words(error: psycopg.Error, place: Place, seconds: int) -> str:
    """In words of ours: what a driver says may quote what it was given."""
    said = str(error)
    happened = "could not be looked into"
    if isinstance(error, (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable)):
        happened = f"took longer than {seconds} s to list its tables"
    elif isinstance(error, psycopg.errors.ConnectionTimeout):
        happened = f"did not answer within {CONNECT_SECONDS} s"
    elif isinstance(error, psycopg.errors.InsufficientPrivilege):
        happened = "does not let the catalogue's user read its catalogue"
    elif "authentication" in said:
        happened = "does not accept the catalogue secret's user and password"
    elif "does not support SSL" in said:
        happened = "offers no TLS, and without it no password is sent"
    elif "does not exist" in said and "database" in said:
        happened = "is a server without a database of the source's name"
    elif "refused" in said:
        happened = "refuses connections"
    code = error.sqlstate or type(error).__name__
    return f"the database at {place.host}:{place.secret.port} {happened} ({code})"
