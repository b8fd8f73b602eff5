"""How late tasks' changes were: what CloudWatch measured, as the observer keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from replication.models import TaskLatency

NOW_WITHIN = timedelta(minutes=15)
"""An older point says nothing about now."""

Point = tuple[int, int | None, int | None]
"""Seconds since 1970; the most within five minutes at the source and towards the lake, in seconds, or None."""


@dataclass(frozen=True)
class LatencySeries:
    """One task's points, oldest first."""

    task: int
    points: tuple[Point, ...]
    read_at: datetime

    def since(self, at: datetime) -> LatencySeries:
        """What was measured from then on."""
        return LatencySeries(self.task, tuple(p for p in self.points if p[0] >= at.timestamp()), self.read_at)

    @property
    def source_now(self) -> int | None:
        """The newest figure, unless it is too old to say anything of now."""
        return self._newest(1)

    @property
    def target_now(self) -> int | None:
        """The same towards the lake."""
        return self._newest(2)

    @property
    def source_most(self) -> int | None:
        """The worst figure of all."""
        return max((source for _, source, _ in self.points if source is not None), default=None)

    @property
    def target_most(self) -> int | None:
        """The same towards the lake."""
        return max((target for *_, target in self.points if target is not None), default=None)

    def _newest(self, side: int) -> int | None:
        recent = (self.read_at - NOW_WITHIN).timestamp()
        known = [point[side] for point in self.points if point[0] >= recent and point[side] is not None]
        return known[-1] if known else None


def latency_series(tasks: Iterable[int]) -> dict[int, LatencySeries]:
    """The series of tasks by their keys; those of which nothing was measured are absent. One query."""
    found = (series_of(row) for row in TaskLatency.objects.filter(task__in=list(tasks)))
    return {series.task: series for series in found if series is not None}


def series_of(row: TaskLatency | None) -> LatencySeries | None:
    """The series that a row holds; None where nothing was measured."""
    if row is None or not row.points:
        return None
    return LatencySeries(row.task_id, tuple((at, source, target) for at, source, target in row.points), timezone.now())
