"""How things fare: the words, and the same rule as a query."""

from __future__ import annotations

import pytest
from django.utils import timezone

from replication.models import TableEntry, TableStatus, Task, TaskStatus
from replication.selectors.health import (
    Health,
    TableState,
    TaskHealth,
    table_state,
    table_state_query,
    task_health,
    team_health,
)
from replication.selectors.tables import tables_list
from tests.replication.conftest import Stage

DMS_WORDS = ("", "Table does not exist", "Before load", "Full load", "Table completed", "Table error", "news to us")


def _task(state: str | None, *, paused: bool = False, loading: int = 0, errored: int = 0) -> Task:
    task = Task(name="foodsearch", paused=paused)
    if state is not None:
        task.status = TaskStatus(
            task=task, state=state, tables_loading=loading, tables_errored=errored, observed_at=timezone.now()
        )
    return task


@pytest.mark.parametrize(
    ("task", "health"),
    [
        (_task(None), TaskHealth.UNKNOWN),
        (_task(None, paused=True), TaskHealth.PAUSED),
        (_task(""), TaskHealth.ABSENT),
        (_task("running"), TaskHealth.RUNNING),
        (_task("running", loading=1), TaskHealth.LOADING),
        (_task("running", errored=1), TaskHealth.FAILED),
        (_task("stopped"), TaskHealth.STOPPED),
        (_task("stopped", paused=True), TaskHealth.PAUSED),
        (_task("failed"), TaskHealth.FAILED),
        (_task("failed-move"), TaskHealth.FAILED),
        (_task("starting"), TaskHealth.MOVING),
        (_task("a state of next year"), TaskHealth.MOVING),
    ],
)
def test_task_health__what_was_seen__becomes_one_word(task: Task, health: TaskHealth) -> None:
    assert task_health(task) is health


@pytest.mark.parametrize(
    ("tasks", "health"),
    [
        ([], Health.UNKNOWN),
        ([_task(None)], Health.UNKNOWN),
        ([_task("running"), _task("stopped", paused=True)], Health.HEALTHY),
        ([_task("running"), _task("stopped")], Health.DEGRADED),
        ([_task("running"), _task(None)], Health.HEALTHY),
    ],
)
def test_team_health__several_tasks__is_the_worst_of_them(tasks: list[Task], health: Health) -> None:
    assert team_health(tasks) is health


@pytest.mark.parametrize("task_paused", [True, False])
@pytest.mark.parametrize("table_paused", [True, False])
@pytest.mark.parametrize("seen", [None, *DMS_WORDS])
def test_table_state_query__every_combination__finds_the_table_under_its_word_only(
    stage: Stage, seen: str | None, table_paused: bool, task_paused: bool
) -> None:
    entry = TableEntry.objects.get(table_name="barcodes")
    TableEntry.objects.filter(pk=entry.pk).update(paused=table_paused)
    Task.objects.filter(pk=entry.task_id).update(paused=task_paused)
    if seen is not None:
        TableStatus.objects.create(entry=entry, state=seen, observed_at=timezone.now())
    rows = tables_list().filter(pk=entry.pk)
    found = [state for state in TableState if rows.filter(table_state_query(state)).exists()]
    assert found == [table_state(rows.get())]
