"""What events and files tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from deploy_engine.adapters.rehearsal.looking import TaskEvent, folders_written, pauses
from deploy_engine.execution.rehearsal import RehearsedPause

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)


def event(task: str, second: float, *, started: bool) -> TaskEvent:
    return TaskEvent(task, BEGAN + timedelta(seconds=second), started)


def test_pauses__stopped_twice_and_once_for_good__are_summed_and_counted_to_the_end() -> None:
    events = (
        event("food-a", 10, started=False),
        event("food-b", 11, started=False),
        event("food-a", 24, started=True),
        event("food-a", 40, started=False),
        event("food-a", 46, started=True),
        event("food-c", 47, started=True),
    )
    until = BEGAN + timedelta(seconds=60)
    assert pauses(events, until) == (RehearsedPause("food-a", 20.0), RehearsedPause("food-b", 49.0))


def test_folders_written__new_and_overwritten_files__are_counted_by_folder() -> None:
    before = {"data/kept/LOAD00000001.csv.gz": "1", "data/over/LOAD00000001.csv.gz": "1"}
    after = {**before, "data/over/LOAD00000001.csv.gz": "2"}
    after |= {f"data/new/LOAD0000000{number}.csv.gz": "1" for number in (1, 2)}
    assert folders_written(before, after) == {"data/over/": 1, "data/new/": 2}
