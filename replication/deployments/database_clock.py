"""The database's clock: leases and deadlines go by it, so that workers whose clocks differ agree."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

_SQLITE = "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"
_POSTGRESQL = "SELECT clock_timestamp()"


def database_now() -> datetime:
    """Now, aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)
        (value,) = cursor.fetchone()
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
