"""Rows that many tests begin with: made once per process by the services, then put back as they were.

An import takes a tenth of a second, and hundreds of tests begin with one; its rows lie in the database within three
thousandths. Only on SQLite, which counts keys on by itself, and where each test has a transaction of its own; the first
time, and elsewhere, the rows are made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection

Rows = dict[str, list[tuple[Any, ...]]]
_NOT_OF_TESTS = frozenset({"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"})


class Replayed:
    """What ``make`` writes into an empty database, at every ``put`` the same."""

    def __init__(self, make: Callable[[], None]) -> None:
        self._make = make
        self._rows: Rows | None = None

    def put(self) -> None:
        """Make the rows, or put them back."""
        if connection.vendor != "sqlite" or not connection.in_atomic_block:
            self._make()
        elif self._rows is not None:
            _write(self._rows)
        elif any(rows_now().values()):
            self._make()  # the test has put something there already
        else:
            self._make()
            self._rows = rows_now()


def rows_now() -> Rows:
    """Every row of every table but Django's own."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in _NOT_OF_TESTS]
        return {table: cursor.execute(f'SELECT {_columns(table)} FROM "{table}"').fetchall() for table in tables}  # noqa: S608 - our own


def _write(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, lines in rows.items():
            if lines:
                marks = ", ".join(["%s"] * len(lines[0]))
                cursor.executemany(f'INSERT INTO "{table}" ({_columns(table)}) VALUES ({marks})', lines)  # noqa: S608 - our own


@cache
def _columns(table: str) -> str:
    """The table's columns but for those that the database makes itself."""
    with connection.cursor() as cursor:
        return ", ".join(f'"{name}"' for _, name, *_ in cursor.execute(f'PRAGMA table_info("{table}")').fetchall())
