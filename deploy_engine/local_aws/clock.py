"""The one clock of the local AWS: every change of state is computed from it, and nothing sleeps on it.

Times are seconds since 1970 (UTC) as floats, in which form DMS's protocol sends them too.
"""

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What the engines ask for the time."""

    def now(self) -> float:
        """Return the present moment, in seconds since 1970 (UTC)."""


class WallClock:
    """The machine's time from the moment of the start, running ``speed`` times as fast."""

    def __init__(self, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._origin = time.time()
        self._measured = time.monotonic()
        self._speed = speed

    @property
    def speed(self) -> float:
        """How many seconds pass here while one passes outside."""
        return self._speed

    def now(self) -> float:
        """Return the present moment, in seconds since 1970 (UTC)."""
        with self._lock:
            return self._now()

    def set_speed(self, speed: float) -> None:
        """Go on from the present moment at another speed, which must be above zero."""
        if speed <= 0:
            raise ValueError("speed must be above zero")
        with self._lock:
            self._origin, self._measured = self._now(), time.monotonic()
            self._speed = speed

    def not_before(self, moment: float) -> None:
        """Jump ahead to ``moment`` if it lies ahead, so that a restored state never sees time run backwards."""
        with self._lock:
            self._origin, self._measured = max(self._now(), moment), time.monotonic()

    def _now(self) -> float:
        return self._origin + (time.monotonic() - self._measured) * self._speed


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: float = 1_767_600_000.0) -> None:
        """Start at ``start``: by default 2026-01-05 08:00:00 UTC."""
        self._lock = threading.Lock()
        self._now = start

    def now(self) -> float:
        """Return the moment that the test last moved to."""
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        """Move ahead by ``seconds``, which must not be negative."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        with self._lock:
            self._now += seconds
