"""How long tasks may stand still in a deployment before somebody is called.

What a task does not read while it stands still waits in its source's log, and a source keeps its log for so many
hours: once it is gone, every table of the task has to be loaded again. A tenth of the shortest retention leaves nine
tenths for whoever is called; an hour is the most, because nobody plans a pause that is longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Min

from replication.models import Environment, Source, Team

SHARE_OF_RETENTION = 0.1
LONGEST = timedelta(hours=1)
WITHOUT_SOURCES = timedelta(minutes=30)


@dataclass(frozen=True)
class PauseBudget:
    """`retention_hours` is the shortest declared log retention; None where there is no source."""

    time: timedelta
    retention_hours: int | None

    @property
    def seconds(self) -> float:
        """The budget in seconds."""
        return self.time.total_seconds()


def pause_budget(environment: Environment, team: Team | None) -> PauseBudget:
    """The budget of a team's tasks; the base stack's is that of all teams of its environment."""
    sources = Source.objects.filter(environment=environment)
    if team is not None:
        sources = sources.filter(setup__team=team)
    shortest: int | None = sources.aggregate(shortest=Min("log_retention_hours"))["shortest"]
    if shortest is None:
        return PauseBudget(WITHOUT_SOURCES, None)
    return PauseBudget(min(timedelta(hours=shortest) * SHARE_OF_RETENTION, LONGEST), shortest)
