"""A clock that the test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class MovedClock:
    """Stands still until :meth:`sleep` moves it."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
