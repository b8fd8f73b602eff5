"""A clock that the test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MOST_SLEEPS = 20_000
"""More than any test needs: who sleeps more often waits for something that never comes."""


class MovedClock:
    """Stands still until :meth:`sleep` moves it."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._sleeps = 0

    def now(self) -> datetime:
        return self._now

    def copy(self) -> MovedClock:
        return MovedClock(self._now)

    def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._sleeps += 1
        assert self._sleeps < MOST_SLEEPS, "no end is in sight"
