"""A base stack changes over the fake AWS: the tasks of all teams stop, and exactly those run again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deploy_engine.execution import State
from deploy_engine.live import TableStatistics
from deploy_engine.rendering import render
from tests.engine.execution.base_change import BASE_CHANGE, STATES
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.scenarios import SEVERAL, Stage
from tests.engine.planning.base_building import BASE, base


def test_executor__a_base_change__stops_what_runs_and_resumes_exactly_that() -> None:
    stage = Stage(BASE_CHANGE)

    tick = stage.run_to_end()

    assert tick.state is State.DONE, stage.story
    assert stage.run_states == STATES
    assert stage.violations(tick.state) == ()
    assert stage.aws.stacks[BASE].template == render(base()).template
    assert "StopReplicationTask" not in stage.kinds("food-orders")


@pytest.mark.parametrize("failing", [1, 2])
def test_executor__the_update_of_the_base_fails__all_run_as_before(failing: int) -> None:
    stage = Stage(BASE_CHANGE)
    stage.aws.failing_updates = failing

    tick = stage.run_to_end()

    assert tick.state is State.FAILED_SAFE, stage.story
    assert stage.run_states == STATES
    assert stage.violations(tick.state) == ()


def test_executor__somebody_changed_a_mapping_during_a_base_change__it_is_not_started() -> None:
    stage = Stage(BASE_CHANGE)
    executor = stage.executor()
    while stage.journal.load(stage.run).state is not State.EXECUTE:
        stage.clock.sleep(executor.tick(stage.run).next_in_seconds or 0)
    stage.aws.live["food-foodsearch"].mapping = '{"rules": []}'

    tick = stage.run_to_end()

    assert tick.state is State.STUCK
    assert stage.run_states["food-foodsearch"] == "stopped"


def test_executor__a_load_runs_somewhere__the_base_change_waits_for_its_end() -> None:
    stage = Stage(BASE_CHANGE)
    task = stage.aws.live["food-foodsearch"]
    for key in task.tables:
        task.tables[key] = "Full load"
    task.loaded_at = stage.aws._after(3600)

    tick = stage.run_to_end()

    assert tick.state is State.DONE, stage.story
    assert stage.violations(tick.state) == ()


class _Slow(FakeAws):
    """An AWS that takes long to tell of tables; meanwhile another worker tries to take the deployment over."""

    taken_over = 0

    def table_statistics(self, task_arn: str) -> tuple[TableStatistics, ...]:
        self._clock.sleep(18)
        self.taken_over += self.try_to_take_over()
        return super().table_statistics(task_arn)

    try_to_take_over: Callable[[], bool] = staticmethod(lambda: False)


def test_executor__a_look_at_many_tasks_takes_longer_than_the_lease__the_lease_is_kept() -> None:
    stage = Stage(SEVERAL)
    slow = _Slow(stage.clock)
    vars(slow).update(vars(stage.aws))
    slow.try_to_take_over = lambda: stage.journal.acquire(stage.run, "worker-2") is not None
    executor = stage.executor(hands=slow)
    for _ in range(20):
        if executor.tick(stage.run).state is State.PAUSE:
            break
        stage.clock.sleep(5)

    assert stage.journal.load(stage.run).state is State.PAUSE
    assert slow.taken_over == 0
