"""How tasks, tables and teams fare, in words: from what was last seen in AWS and what the config wants.

Nothing here asks AWS or the database: rows come in, words go out, so that every page says the same of the same rows.
The states of DMS that are read here: dms-facts.md sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Q

from deploy_engine.live.table_statistics import ERROR_STATES
from replication.choices import Face, Tone
from replication.models import TableEntry, TableStatus, Task, TaskStatus

_LOADED = "Table completed"
_LOADING = ("Full load", "Table is being reloaded")


class TaskHealth(StrEnum):
    """How one task fares. `label` and `face` are for people."""

    RUNNING = "running"
    LOADING = "loading"
    PAUSED = "paused"
    STOPPED = "stopped"
    FAILED = "failed"
    MOVING = "moving"
    ABSENT = "not deployed"
    UNKNOWN = "not seen yet"

    @property
    def label(self) -> str:
        """The word."""
        return "between states" if self is TaskHealth.MOVING else self.value

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return TASK_FACES[self]


TASK_FACES = {
    TaskHealth.RUNNING: Face(Tone.GOOD, "●", "DMS runs it and no table is in error."),
    TaskHealth.LOADING: Face(Tone.PROGRESS, "↓", "It runs, and at least one table is in its full load."),
    TaskHealth.PAUSED: Face(Tone.NEUTRAL, "‖", "Stopped because the config says so; it resumes where it stopped."),
    TaskHealth.STOPPED: Face(Tone.WARNING, "■", "Stopped, although the config wants it to run."),
    TaskHealth.FAILED: Face(Tone.BAD, "!", "DMS gave up, or a table of it is in error."),
    TaskHealth.MOVING: Face(Tone.PROGRESS, "…", "DMS is creating, starting, stopping or changing it."),
    TaskHealth.ABSENT: Face(
        Tone.NEUTRAL, "○", "AWS does not have it: it was never deployed, or it has no active table."
    ),
    TaskHealth.UNKNOWN: Face(Tone.NEUTRAL, "?", "Nobody has looked at AWS since it was accepted."),
}


class TableState(StrEnum):
    """How one table fares."""

    STREAMING = "streaming"
    LOADING = "loading"
    WAITING = "waiting to load"
    PAUSED = "paused"
    HELD = "task paused"
    FAILED = "in error"
    UNKNOWN = "not seen yet"

    @property
    def label(self) -> str:
        """The word."""
        return self.value

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return TABLE_FACES[self]


TABLE_FACES = {
    TableState.STREAMING: Face(Tone.GOOD, "●", "Loaded; changes flow."),
    TableState.LOADING: Face(Tone.PROGRESS, "↓", "In its full load."),
    TableState.WAITING: Face(Tone.PROGRESS, "…", "DMS lists it; its full load has not begun."),
    TableState.PAUSED: Face(Tone.NEUTRAL, "‖", "Taken out of its task; it comes back only as a new load."),
    TableState.HELD: Face(Tone.NEUTRAL, "‖", "Its task stands still; nothing is lost while the source keeps its log."),
    TableState.FAILED: Face(Tone.BAD, "!", "DMS suspended it; its changes do not flow."),
    TableState.UNKNOWN: Face(Tone.NEUTRAL, "?", "Nobody has seen it in DMS yet."),
}


class Health(StrEnum):
    """How a team fares in one environment: the worst of its tasks."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNKNOWN = "not seen yet"

    @property
    def label(self) -> str:
        """The word."""
        return self.value

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return HEALTH_FACES[self]


HEALTH_FACES = {
    Health.HEALTHY: Face(Tone.GOOD, "●", "Every task that should run does."),
    Health.DEGRADED: Face(Tone.BAD, "!", "A task that should run does not, or a table is in error."),
    Health.UNKNOWN: Face(Tone.NEUTRAL, "?", "Nothing of it has been seen in AWS yet."),
}


def task_status_of(task: Task) -> TaskStatus | None:
    """What was last seen of a task; None before the first look."""
    status: TaskStatus | None = getattr(task, "status", None)
    return status


def table_status_of(entry: TableEntry) -> TableStatus | None:
    """What was last seen of a table; None before the first look."""
    status: TableStatus | None = getattr(entry, "status", None)
    return status


def task_health(task: Task) -> TaskHealth:
    """How a task fares; expects its `status` to be joined."""
    status = task_status_of(task)
    if status is None:
        return TaskHealth.PAUSED if task.paused else TaskHealth.UNKNOWN
    if not status.state:
        return TaskHealth.ABSENT
    if status.state.startswith("failed") or status.tables_errored:
        return TaskHealth.FAILED
    if status.state == "running":
        return TaskHealth.LOADING if status.tables_loading or status.tables_queued else TaskHealth.RUNNING
    if status.state in {"stopped", "ready"}:
        return TaskHealth.PAUSED if task.paused else TaskHealth.STOPPED
    return TaskHealth.MOVING


def table_state(entry: TableEntry) -> TableState:
    """How a table fares; expects `status` and the task to be joined."""
    if entry.paused:
        return TableState.PAUSED
    status = table_status_of(entry)
    seen = status.state if status is not None else ""
    if seen in ERROR_STATES:
        return TableState.FAILED
    if entry.task.paused:
        return TableState.HELD
    if seen == _LOADED:
        return TableState.STREAMING
    if seen in _LOADING:
        return TableState.LOADING
    return TableState.WAITING if seen else TableState.UNKNOWN


def table_state_query(state: TableState) -> Q:
    """The same rule as a condition on `TableEntry` rows; a test holds the two together."""
    paused = Q(paused=True)
    failed = ~paused & Q(status__state__in=ERROR_STATES)
    held = ~paused & ~Q(status__state__in=ERROR_STATES) & Q(task__paused=True)
    moves = ~paused & Q(task__paused=False)
    loading = Q(status__state__in=_LOADING)
    seen = Q(status__isnull=False) & ~Q(status__state="")
    return {
        TableState.PAUSED: paused,
        TableState.FAILED: failed,
        TableState.HELD: held,
        TableState.STREAMING: moves & Q(status__state=_LOADED),
        TableState.LOADING: moves & loading,
        TableState.WAITING: moves & seen & ~Q(status__state__in=[*ERROR_STATES, *_LOADING, _LOADED]),
        TableState.UNKNOWN: moves & ~seen,
    }[state]


def team_health(tasks: Iterable[Task]) -> Health:
    """The worst of the tasks: a paused one is as the config wants it, one never seen says nothing."""
    fares = {task_health(task) for task in tasks}
    if fares & {TaskHealth.FAILED, TaskHealth.STOPPED}:
        return Health.DEGRADED
    if fares and fares <= {TaskHealth.UNKNOWN, TaskHealth.ABSENT}:
        return Health.UNKNOWN
    return Health.HEALTHY if fares else Health.UNKNOWN
