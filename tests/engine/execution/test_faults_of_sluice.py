"""Faults of Sluice itself and of those who use it: cancelling, clocks, defects, journals of an earlier version."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from deploy_engine.errors import AwsUnreachable
from deploy_engine.execution import TERMINAL, State
from deploy_engine.execution.ports import ChangeSetView
from deploy_engine.execution.record_json import record_from_json
from deploy_engine.live import TableStatistics
from deploy_engine.planning import plan_from_record
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.scenarios import ADD, RELOAD, Stage
from tests.engine.execution.test_fault_table import FOODSEARCH, told
from tests.engine.execution.test_refusals import until

GOLDEN = Path(__file__).parent / "golden"
GOLDEN_STATES = [State(path.stem) for path in sorted(GOLDEN.glob("*.json"))]
EXECUTE, STOP = "ExecuteChangeSet", "StopReplicationTask"


CANCELLED_IN = {
    State.QUEUED: State.FAILED_SAFE,
    State.PLANNING: State.FAILED_SAFE,
    State.LOCKED: State.FAILED_SAFE,
    State.PREPARE: State.FAILED_SAFE,
    State.GUARD: State.FAILED_SAFE,
    State.PAUSE: State.FAILED_SAFE,
    State.EXECUTE: State.FAILED_SAFE,
    State.RESUME: State.DONE,
    State.VERIFY: State.DONE,
    State.ABORT: State.FAILED_SAFE,
    State.STUCK: State.FAILED_SAFE,
    State.HALF: State.DONE,
}
"""Before the update is handed over it is given up; after, it is finished; between the steps there is only forward."""


@pytest.mark.parametrize(("state", "end"), CANCELLED_IN.items(), ids=lambda state: state.value)
def test_cancel__in_every_state__ends_where_that_is_safe_with_all_running(state: State, end: State) -> None:
    stage = Stage(RELOAD if state is State.HALF else ADD)
    if state is State.ABORT:
        stage.aws.data.add(stage.plan.steps[0].loads[0].prefix)
    if state is State.STUCK:
        stage.aws.failing_updates = stage.aws.failing_rollbacks = 1
    if state is State.HALF:
        stage.aws.passing_updates, stage.aws.failing_updates = 1, 1
    if state is not State.QUEUED:
        until(stage, state)
    stage.journal.request_cancel(stage.run)

    tick = until(stage, end)

    assert (tick.state, stage.violations(tick.state)) == (end, ()), stage.story


def test_cancel__every_state_that_is_not_an_end__is_in_the_table() -> None:
    assert set(CANCELLED_IN) == set(State) - TERMINAL


def test_worker__ended_after_its_tick__another_goes_on_at_once() -> None:
    stage = Stage(ADD)
    until(stage, State.EXECUTE)
    before = stage.clock.now()

    stage.executor("worker-2").tick(stage.run)

    assert EXECUTE in [event.kind for event in stage.aws.events]
    assert stage.clock.now() == before


def test_clock__of_a_worker_is_an_hour_off__the_deployment_does_not_notice() -> None:
    ends: list[datetime] = []
    for skew in (-3600, 0, 3600):
        stage = Stage(ADD)
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=skew)):
            tick = stage.run_to_end()
        assert (tick.state, stage.violations(tick.state)) == (State.DONE, ())
        ends.append(stage.clock.now())

    assert len(set(ends)) == 1


def test_statistics__one_page_of_them_does_not_come__nothing_is_stopped() -> None:
    stage = Stage(ADD)
    until(stage, State.PAUSE)

    class Paged(FakeAws):
        def table_statistics(self, task_arn: str) -> tuple[TableStatistics, ...]:
            raise AwsUnreachable("the second page did not come")

    paged = Paged(stage.clock)
    paged.__dict__.update(stage.aws.__dict__)
    executor = stage.executor(hands=paged)
    for _ in range(10):
        stage.clock.sleep(executor.tick(stage.run).next_in_seconds or 0)

    assert STOP not in stage.kinds(FOODSEARCH)
    assert stage.run_to_end().state is State.DONE


def test_brain__fails_again_and_again__tasks_run_again_by_another_way_and_a_person_is_called() -> None:
    stage = Stage(ADD)
    until(stage, State.EXECUTE)

    class Poison(FakeAws):
        """Answers so that the brain fails, in EXECUTE and in STUCK."""

        def change_set(self, stack: str, name: str) -> ChangeSetView | None:
            raise KeyError("a defect")

        def task_tags(self, arn: str) -> dict[str, str]:
            raise KeyError("a defect")

    poison = Poison(stage.clock)
    poison.__dict__.update(stage.aws.__dict__)
    executor = stage.executor(hands=poison)
    states = []
    for _ in range(30):
        tick = executor.tick(stage.run)
        states.append(tick.state)
        stage.clock.sleep(tick.next_in_seconds or 1)

    assert states[: stage.limits.attempts].count(State.EXECUTE) == stage.limits.attempts - 1
    assert states[stage.limits.attempts] is State.STUCK
    assert stage.aws.live[FOODSEARCH].status == "running"
    assert "A person is needed: a defect of Sluice" in told(stage)[0]
    stage.journal.request_cancel(stage.run)
    tick = until(stage, State.FAILED_SAFE)
    assert (tick.state, stage.violations(tick.state)) == (State.FAILED_SAFE, ())


@pytest.mark.parametrize("state", GOLDEN_STATES, ids=str)
def test_journal__written_by_an_older_format__is_continued_to_the_end(state: State) -> None:
    """What a journal of an earlier Sluice holds, as it was written then, over the world of that moment."""
    stage = Stage(ADD)
    until(stage, state)
    written = json.loads((GOLDEN / f"{state.value}.json").read_text("utf-8"))

    stage.journal.replace(stage.run, record_from_json(written["record"], plan_from_record(written["plan"])))
    tick = stage.run_to_end()

    assert (tick.state, stage.violations(tick.state)) == (State.DONE, ())
