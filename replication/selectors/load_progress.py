"""How far a table's full load is, and when it will end at the pace that it has had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from replication.models import TableEntry, TableStatus
from replication.selectors.health import TableState, table_state, table_status_of, task_status_of

_ALMOST = 0.99
"""A load that is not over is never said to be."""


@dataclass(frozen=True)
class LoadProgress:
    """`expected_rows` is None where nobody knows how many there are: then `percent` is the whole task's."""

    percent: int
    rows: int
    expected_rows: int | None
    expected_end: datetime | None


def rows_of(entry: TableEntry) -> int | None:
    """How many rows a table that is loaded should have by now: those loaded, and what came and went since."""
    status = table_status_of(entry)
    if status is None or table_state(entry) not in {TableState.STREAMING, TableState.HELD}:
        return None
    return max(status.full_load_rows + status.inserts - status.deletes, 0) or None


def load_progress(entry: TableEntry, *, expected_rows: int | None = None) -> LoadProgress | None:
    """Of a table that is loading or about to, as it was last seen; None of any other."""
    status = table_status_of(entry)
    if status is None or table_state(entry) is not TableState.LOADING:
        return None
    task = task_status_of(entry.task)
    done = status.full_load_rows / expected_rows if expected_rows else (task.full_load_percent if task else 0) / 100
    done = min(done, _ALMOST)
    return LoadProgress(int(done * 100), status.full_load_rows, expected_rows, _end(status, done))


def _end(status: TableStatus, done: float) -> datetime | None:
    started = status.full_load_started_at
    if started is None or done <= 0 or status.observed_at <= started:
        return None
    return status.observed_at + (status.observed_at - started) * ((1 - done) / done)
