"""How long tasks stood still in a deployment, read from its journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deploy_engine.execution.calls import StopTask
from deploy_engine.execution.decision import ALL_RUN
from deploy_engine.execution.states import PAUSED_STATES, State
from replication.models import Deployment, JournalEntry


@dataclass(frozen=True)
class Pause:
    """One time between the first stop and the moment when all ran again; a deployment of two steps has two."""

    began: datetime
    ended: datetime

    @property
    def seconds(self) -> float:
        """How long it was."""
        return (self.ended - self.began).total_seconds()


def pauses_of(journal: Sequence[JournalEntry], deployment: Deployment, *, now: datetime) -> tuple[Pause, ...]:
    """Every pause, in order; one that has not ended yet ends `now`."""
    pauses: list[Pause] = []
    since: datetime | None = None
    for entry in journal:
        if since is None and _begins(entry):
            since = entry.at
        elif since is not None and (entry.phase not in PAUSED_STATES or entry.sentence.startswith(ALL_RUN)):
            pauses.append(Pause(since, entry.at))
            since = None
    if since is not None:
        pauses.append(Pause(since, deployment.finished_at or now))
    return tuple(pauses)


def _begins(entry: JournalEntry) -> bool:
    """A task is stopped in PAUSE, and again before a failed rollback goes on. Other states may stop nothing at all."""
    stopped_again = entry.phase == State.STUCK and entry.sentence.startswith(StopTask.operation)
    return entry.phase == State.PAUSE or stopped_again


def paused_seconds(journal: Sequence[JournalEntry], deployment: Deployment, *, now: datetime) -> float | None:
    """How long tasks stood still in this deployment so far; None when none was stopped yet."""
    pauses = pauses_of(journal, deployment, now=now)
    return sum(pause.seconds for pause in pauses) if pauses else None
