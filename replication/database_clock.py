"""The clock port: the database's own time. What is due, leased or overdue goes by it, so that workers and web processes
whose clocks differ agree. `timezone.now()` is only for stamps that people read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.db import connection

_SQLITE = "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"
_POSTGRESQL = "SELECT clock_timestamp()"
_CLOCK: ContextVar[Callable[[], datetime] | None] = ContextVar("clock", default=None)


def database_now() -> datetime:
    """Now, aware, in UTC."""
    clock = _CLOCK.get()
    if clock is not None:
        return clock()
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)
        (value,) = cursor.fetchone()
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@contextmanager
def clock_taken_from(clock: Callable[[], datetime]) -> Iterator[None]:
    """Within the context the port gives another clock's time, aware, in UTC: of a world whose time is moved."""
    token = _CLOCK.set(clock)
    try:
        yield
    finally:
        _CLOCK.reset(token)
