"""How fresh a table's data in the lake is, against what its delivery class promises. Nothing here asks the database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from deploy_engine.config import Delivery
from deploy_engine.rendering.thresholds import expected_latency_seconds
from replication.choices import Face, Tone
from replication.models import TableEntry
from replication.selectors.health import TableState, TaskHealth, table_state, task_health, task_status_of


class Freshness(StrEnum):
    """What a reader of the lake may suppose. `label` and `face` are for people."""

    FRESH = "fresh"
    LATE = "late"
    LOADING = "loading"
    STILL = "stands still"
    BROKEN = "broken off"
    UNKNOWN = "not measured"

    @property
    def label(self) -> str:
        """The word."""
        return self.value

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return FACES[self]


FACES = {
    Freshness.FRESH: Face(Tone.GOOD, "●", "Changes arrive as soon as the delivery class promises."),
    Freshness.LATE: Face(Tone.WARNING, "!", "Changes arrive later than the delivery class promises."),
    Freshness.LOADING: Face(Tone.PROGRESS, "↓", "Its full load is not over: the folder is not whole yet."),
    Freshness.STILL: Face(Tone.NEUTRAL, "‖", "It is paused: the folder stays as it is."),
    Freshness.BROKEN: Face(Tone.BAD, "×", "Its task has stopped or the table is in error: changes do not arrive."),
    Freshness.UNKNOWN: Face(Tone.NEUTRAL, "?", "Nobody has measured how late its changes are."),
}
_OF_STATE = {
    TableState.PAUSED: Freshness.STILL,
    TableState.HELD: Freshness.STILL,
    TableState.FAILED: Freshness.BROKEN,
    TableState.LOADING: Freshness.LOADING,
    TableState.WAITING: Freshness.LOADING,
    TableState.UNKNOWN: Freshness.UNKNOWN,
}


@dataclass(frozen=True)
class Delay:
    """A table's freshness, with how late its changes were last and what its delivery class promises, in seconds."""

    freshness: Freshness
    seconds: int | None
    promised_seconds: int


def delay_of(entry: TableEntry) -> Delay:
    """Expects the entry's `status`, its task and the task's `status` to be joined."""
    promised = expected_latency_seconds(Delivery(entry.task.delivery))
    found = _OF_STATE.get(table_state(entry))
    if found is None and task_health(entry.task) in {TaskHealth.STOPPED, TaskHealth.FAILED}:
        found = Freshness.BROKEN
    if found is not None:
        return Delay(found, None, promised)
    status = task_status_of(entry.task)
    seconds = status.latency_seconds if status is not None else None
    if seconds is None:
        return Delay(Freshness.UNKNOWN, None, promised)
    return Delay(Freshness.FRESH if seconds <= promised else Freshness.LATE, seconds, promised)
