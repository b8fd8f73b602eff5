"""The one clock of the local AWS: every change of state is computed from it, and nothing sleeps on it.

Times are seconds since 1970 (UTC) as floats, in which form DMS's protocol sends them too. A clock that runs fast has
two times: its own, by which things happen, and the time that it shows to whoever asks from outside, which is never
ahead of the machine's. Everything that leaves the local AWS bears the shown time.
"""

import bisect
import threading
import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """What the engines ask for the time."""

    def now(self) -> float:
        """Return the present moment, in seconds since 1970 (UTC)."""

    def shown(self, moment: float) -> float:
        """Return the time outside at a ``moment`` of this clock: never earlier for a later moment."""

    def moment(self, shown: float) -> float:
        """Return the moment of this clock at a time outside, the other way round."""


@dataclass(frozen=True)
class Stretch:
    """From ``moment`` on, which was ``outside`` by the machine's clock, time ran at ``speed``."""

    moment: float
    outside: float
    speed: float


class WallClock:
    """The machine's time from the moment of the start, running ``speed`` times as fast."""

    def __init__(self, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._began = time.time() - time.monotonic()
        outside = self._outside()
        self._stretches = [Stretch(outside, outside, speed)]

    @property
    def speed(self) -> float:
        """How many seconds pass here while one passes outside."""
        return self._stretches[-1].speed

    @property
    def stretches(self) -> list[Stretch]:
        """Return how fast time ran when, so that a restart can still tell times from before it."""
        with self._lock:
            return list(self._stretches)

    def now(self) -> float:
        """Return the present moment, in seconds since 1970 (UTC)."""
        with self._lock:
            return self._now()

    def set_speed(self, speed: float) -> None:
        """Go on from the present moment at another speed, which must be above zero."""
        if speed <= 0:
            raise ValueError("speed must be above zero")
        with self._lock:
            if speed != self.speed:
                self._stretches.append(Stretch(self._now(), self._outside(), speed))

    def go_on(self, moment: float, before: list[Stretch]) -> None:
        """Go on after a restart from ``moment``, or from the present if that is later; ``before`` ran until then."""
        with self._lock:
            now, outside, speed = self._now(), self._outside(), self.speed
            past = [stretch for stretch in before if stretch.moment <= moment]
            self._stretches = [
                *past,
                Stretch(max(now, moment), max([outside, *(stretch.outside for stretch in past)]), speed),
            ]

    def shown(self, moment: float) -> float:
        """Return the machine's time at a moment of this clock."""
        with self._lock:
            at = bisect.bisect_right(self._stretches, moment, key=lambda stretch: stretch.moment) - 1
            if at < 0:
                return self._stretches[0].outside - (self._stretches[0].moment - moment)
            stretch = self._stretches[at]
            shown = stretch.outside + (moment - stretch.moment) / stretch.speed
            return min(shown, self._stretches[at + 1].outside) if at + 1 < len(self._stretches) else shown

    def moment(self, shown: float) -> float:
        """Return the moment of this clock at a time of the machine's."""
        with self._lock:
            at = bisect.bisect_right(self._stretches, shown, key=lambda stretch: stretch.outside) - 1
            if at < 0:
                return self._stretches[0].moment - (self._stretches[0].outside - shown)
            stretch = self._stretches[at]
            moment = stretch.moment + (shown - stretch.outside) * stretch.speed
            return min(moment, self._stretches[at + 1].moment) if at + 1 < len(self._stretches) else moment

    def _now(self) -> float:
        last = self._stretches[-1]
        return last.moment + max(0.0, self._outside() - last.outside) * last.speed

    def _outside(self) -> float:
        """Return the machine's time, as if nobody had set its clock since the start: it must not run backwards."""
        return self._began + time.monotonic()


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

    def shown(self, moment: float) -> float:
        """Return the same moment: this clock has no other time."""
        return moment

    def moment(self, shown: float) -> float:
        """Return the same moment."""
        return shown

    def advance(self, seconds: float) -> None:
        """Move ahead by ``seconds``, which must not be negative."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        with self._lock:
            self._now += seconds
