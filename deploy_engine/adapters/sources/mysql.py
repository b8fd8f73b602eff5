"""The catalogue of a MySQL or MariaDB server. A schema is what MySQL calls a database."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection
from contextlib import closing
from typing import Any

import pymysql

from deploy_engine.adapters.sources.place import CONNECT_SECONDS, MOST_TABLES, Place, seconds_for
from deploy_engine.errors import SourceUnreachable
from deploy_engine.live import SourceAsked, SourceCatalogue, SourceTable, TableKey

_OWN = "('mysql', 'information_schema', 'performance_schema', 'sys')"
_TABLES = (
    "SELECT table_schema, table_name, table_rows, data_length FROM information_schema.tables "  # noqa: S608 - constants
    f"WHERE table_type = 'BASE TABLE' AND table_schema NOT IN {_OWN}"
)
_KEYS = (
    "SELECT table_schema, table_name FROM information_schema.statistics "  # noqa: S608 - constants
    f"WHERE index_name = 'PRIMARY' AND seq_in_index = 1 AND table_schema NOT IN {_OWN}"
)
"""From the indexes: constraints are hidden from a user who may only SELECT."""

_SETTINGS = (
    "SHOW GLOBAL VARIABLES WHERE variable_name IN ('log_bin', 'binlog_format', 'binlog_row_image', 'binlog_checksum', "
    "'log_bin_compress', 'binlog_transaction_compression')"
)
_DENIED = frozenset({1044, 1045, 1142, 1143, 1227, 1698})
"""The server's error numbers for "access denied", by user, database, table, column and privilege."""

_NO_TLS = 2026
_TOO_LONG = frozenset({1969, 3024})
"""MariaDB's and MySQL's numbers for a statement that ran into its time limit."""


def read(place: Place, asked: SourceAsked, tables: Collection[tuple[str, str]] | None) -> SourceCatalogue:
    """One connection, read-only. Raises ``SourceUnreachable``."""
    wanted = None if tables is None else sorted(set(tables))
    try:
        connection = _connect(place, seconds_for(tables))
        with closing(connection), connection.cursor() as cursor:
            _limit(cursor, seconds_for(tables))
            found = _rows(cursor, _TABLES, wanted, " ORDER BY BINARY table_schema, BINARY table_name LIMIT %s")
            keys = set(_rows(cursor, _KEYS, wanted))
            cursor.execute(_SETTINGS)
            settings = {str(name).lower(): str(value) for name, value in cursor.fetchall()}
    except (pymysql.Error, OSError, UnicodeError, RuntimeError) as error:
        raise SourceUnreachable(_words(error, place, seconds_for(tables))) from None
    asked_for = None if wanted is None else set(wanted)
    listed = tuple(
        SourceTable(schema, name, TableKey.PRIMARY if (schema, name) in keys else TableKey.NONE, rows, size)
        for schema, name, rows, size in found[:MOST_TABLES]
        if asked_for is None or (schema, name) in asked_for
    )
    return SourceCatalogue(asked.engine, listed, settings, complete=len(found) <= MOST_TABLES)


def _connect(place: Place, seconds: int) -> pymysql.Connection[Any]:
    """To the address that was judged, over a socket of our own; its name is for TLS alone."""
    connection: pymysql.Connection[Any] = pymysql.connect(
        host=place.host,
        port=place.secret.port,
        user=place.secret.user,
        password=place.secret.password.encode(),  # a text would have to be Latin-1
        charset="utf8mb4",
        read_timeout=seconds,
        write_timeout=seconds,
        ssl=_encryption() if place.encrypted else None,
        defer_connect=True,
    )
    endpoint = socket.create_connection((place.address, place.secret.port), CONNECT_SECONDS)
    try:
        connection.connect(endpoint)
    except BaseException:
        endpoint.close()
        raise
    return connection


def _encryption() -> ssl.SSLContext:
    """TLS, without asking who signed the certificate: the authority of managed databases is in no system's store."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _limit(cursor: Any, seconds: int) -> None:
    """The time limit has another name and unit in MariaDB, which says that it is one in its version."""
    cursor.execute("SELECT VERSION()")
    mariadb = "mariadb" in str(cursor.fetchone()[0]).lower()
    limit = f"max_statement_time = {seconds}" if mariadb else f"max_execution_time = {seconds}000"
    cursor.execute(f"SET SESSION {limit}")
    cursor.execute("START TRANSACTION READ ONLY")


def _rows(cursor: Any, query: str, wanted: Collection[tuple[str, str]] | None, ending: str = "") -> list[Any]:
    """The query's rows, narrowed to some tables; names travel as parameters."""
    parameters: list[object] = []
    if wanted is not None:
        if not wanted:
            return []
        query += f" AND (table_schema, table_name) IN ({', '.join(['(%s, %s)'] * len(wanted))})"
        parameters += [part for pair in wanted for part in pair]
    if ending:
        parameters.append(MOST_TABLES + 1)
    cursor.execute(query + ending, parameters)
    return list(cursor.fetchall())


def _words(error: Exception, place: Place, seconds: int) -> str:
    """In words of ours: what a server says may quote what it was given."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    happened = "could not be looked into"
    if isinstance(error, TimeoutError):
        happened = f"did not answer within {CONNECT_SECONDS} s"
    elif number in _DENIED:
        happened = "does not accept the catalogue secret's user and password"
    elif number == _NO_TLS:
        happened = "offers no TLS, and without it no password is sent"
    elif number in _TOO_LONG or "timed out" in str(error):
        happened = f"took longer than {seconds} s to list its tables"
    elif isinstance(error, ConnectionRefusedError):
        happened = "refuses connections"
    return f"the database at {place.host}:{place.secret.port} {happened} ({number or type(error).__name__})"
