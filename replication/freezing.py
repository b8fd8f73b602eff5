"""Freeze windows: times in which nothing is merged and deployed, but in an emergency. Lines of text, one window each.

    fri 16:00 - mon 06:00
    2026-12-20 00:00 - 2027-01-03 00:00 The shops are busy

Weekly windows may wrap around the week's end; times are UTC. What follows the end is the reason that people read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = timedelta(days=7)
ALLOWED = "fri 16:00 - mon 06:00, or 2026-12-20 00:00 - 2027-01-03 00:00, and a reason after it"
_WEEKLY = re.compile(r"([a-z]{3})\s+(\d{1,2}):(\d{2})\s*[-–]\s*([a-z]{3})\s+(\d{1,2}):(\d{2})\b\s*(.*)", re.IGNORECASE)
_MOMENT = r"(\d{4}-\d{2}-\d{2})(?:\s+(\d{1,2}:\d{2}))?"
_ONCE = re.compile(rf"{_MOMENT}\s*[-–]\s*{_MOMENT}\b\s*(.*)")


class BadWindow(ValueError):
    """A line that is no window; `line` counts from 1."""

    def __init__(self, line: int, found: str, why: str) -> None:
        self.line = line
        self.found = found
        super().__init__(f"line {line}: {why}")


@dataclass(frozen=True)
class Window:
    """From `begins` until `ends`: moments of one occasion, or, `weekly`, of any week that has one."""

    begins: datetime
    ends: datetime
    weekly: bool
    reason: str

    def end_if_inside(self, at: datetime) -> datetime | None:
        """When the window that `at` lies in ends; None where `at` lies in none."""
        weeks = (at - self.begins) // WEEK if self.weekly else 0
        begins, ends = self.begins + weeks * WEEK, self.ends + weeks * WEEK
        return ends if begins <= at < ends else None


@dataclass(frozen=True)
class Frozen:
    """Nothing is merged until `until`, for `reason` (may be empty)."""

    until: datetime
    reason: str


def windows_read(text: str) -> tuple[Window, ...]:
    """Every window of `text`, empty lines left out. Raises :class:`BadWindow` at the first line that is none."""
    return tuple(_window(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip())


def frozen_at(windows: tuple[Window, ...], at: datetime) -> Frozen | None:
    """The freeze that holds at `at`, the one that ends last where several do."""
    held = [Frozen(end, window.reason) for window in windows if (end := window.end_if_inside(at)) is not None]
    return max(held, key=lambda frozen: frozen.until, default=None)


def _window(number: int, line: str) -> Window:
    weekly, once = _WEEKLY.fullmatch(line), _ONCE.fullmatch(line)
    try:
        if weekly:
            begins, ends = _of_week(*weekly.group(1, 2, 3)), _of_week(*weekly.group(4, 5, 6))
            return Window(begins, ends if ends > begins else ends + WEEK, weekly=True, reason=weekly[7])
        if once:
            window = Window(_moment(*once.group(1, 2)), _moment(*once.group(3, 4)), weekly=False, reason=once[5])
            if window.ends > window.begins:
                return window
            raise BadWindow(number, line, "it ends before it begins")
    except ValueError as error:
        if isinstance(error, BadWindow):
            raise
        raise BadWindow(number, line, "there is no such day or time") from error
    raise BadWindow(number, line, "it is no window")


def _of_week(day: str, hour: str, minute: str) -> datetime:
    """A moment of the first full week of all that are counted from."""
    monday = datetime(2001, 1, 1, int(hour), int(minute), tzinfo=UTC)
    return monday + timedelta(days=DAYS.index(day.lower()))


def _moment(day: str, clock: str | None) -> datetime:
    return datetime.fromisoformat(f"{day}T{(clock or '00:00').zfill(5)}:00+00:00")
