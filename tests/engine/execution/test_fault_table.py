"""Faults one by one, each with the outcome that its row in the fault table names (docs/reliability.md)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from deploy_engine.errors import AwsRefused, AwsThrottled
from deploy_engine.execution import NEEDS_A_PERSON, Limits, State
from deploy_engine.execution.decision import ERROR
from deploy_engine.execution.ports import Lease
from deploy_engine.live import TaskView
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.memory_journal import MemoryJournal
from tests.engine.execution.plans import STACK, template
from tests.engine.execution.scenarios import ADD, BEFORE, NEW, RELOAD, SEVERAL, Stage
from tests.engine.execution.test_refusals import until

FOODSEARCH = "food-foodsearch"
EXECUTE, START, STOP = "ExecuteChangeSet", "StartReplicationTask", "StopReplicationTask"


def told(stage: Stage) -> list[str]:
    """What people were alarmed with."""
    return [line.message for line in stage.journal.lines(stage.run) if line.level == ERROR]


def ticks(stage: Stage, seconds: float) -> None:
    """Let the deployment be ticked for this long."""
    end = stage.clock.now() + timedelta(seconds=seconds)
    while stage.clock.now() < end:
        stage.clock.sleep(stage.executor().tick(stage.run).next_in_seconds or 1)


class Speechless(FakeAws):
    """Throttles, or refuses, every look at tasks."""

    error: Exception = AwsThrottled("Rate exceeded")

    def tasks(self, names: object, *, with_settings: bool = False) -> dict[str, TaskView]:
        raise self.error


def speechless(stage: Stage, error: Exception) -> Speechless:
    """The same world, seen through a client that is not answered."""
    aws = Speechless(stage.clock)
    aws.__dict__.update(stage.aws.__dict__)
    aws.error = error
    return aws


def test_throttled__for_hours_in_the_middle_of_a_pause__counts_against_no_deadline_and_then_goes_on() -> None:
    stage = Stage(ADD)
    until(stage, State.PAUSE)
    quiet = stage.executor(hands=speechless(stage, AwsThrottled("Rate exceeded")))
    entered, waits = stage.journal.load(stage.run).entered_at, []
    for _ in range(100):
        tick = quiet.tick(stage.run)
        waits.append(tick.next_in_seconds or 0.0)
        stage.clock.sleep(waits[-1])
    record = stage.journal.load(stage.run)

    assert (record.state, record.attempts) == (State.PAUSE, 0)
    assert record.entered_at - entered == timedelta(seconds=sum(waits))
    assert waits[:3] == [1.0, 2.0, 4.0]
    assert max(waits) == stage.limits.backoff_longest
    assert stage.run_to_end().state is State.DONE


@pytest.mark.parametrize("rolled_back", ["by CancelUpdateStack", "by a setting"])
def test_update_hangs__beyond_its_deadline__nothing_starts_people_are_told_and_it_can_be_cancelled(
    rolled_back: str,
) -> None:
    limits = Limits(update_deadline=600, cancel_late_updates=rolled_back == "by a setting")
    stage = Stage(ADD, limits=limits)
    until(stage, State.EXECUTE)
    stage.executor().tick(stage.run)
    stage.aws.stacks[STACK].due = stage.clock.now() + timedelta(days=1)
    ticks(stage, 500)
    before = told(stage)
    ticks(stage, 300)
    if not limits.cancel_late_updates:
        assert stage.kinds(FOODSEARCH).count(START) == 0
        assert "cancelling the deployment lets it roll the update back" in told(stage)[0]
        stage.journal.request_cancel(stage.run)
    tick = stage.run_to_end()

    assert before == []
    assert stage.kinds(STACK).count("CancelUpdateStack") == 1
    assert (tick.state, stage.violations(tick.state)) == (State.FAILED_SAFE, ())
    assert stage.run_states == ADD.as_before


def test_rollback_failed__a_person_lets_it_go_on__ends_as_before_with_one_call_for_each_asking() -> None:
    stage = Stage(ADD)
    stage.aws.failing_updates, stage.aws.failing_rollbacks = 1, 2
    until(stage, State.STUCK)
    ticks(stage, 300)
    untouched = stage.kinds(STACK)
    stage.journal.request_rollback(stage.run)
    ticks(stage, 300)
    once = stage.kinds(STACK)
    stage.journal.request_rollback(stage.run)
    tick = until(stage, State.FAILED_SAFE)

    assert stage.aws.live[FOODSEARCH].status == "running"
    assert untouched.count("ContinueUpdateRollback") == 0
    assert once.count("ContinueUpdateRollback") == 1
    assert stage.kinds(STACK).count("ContinueUpdateRollback") == 2
    assert (tick.state, stage.violations(tick.state)) == (State.FAILED_SAFE, ())


def test_change_set__has_no_changes__nothing_is_stopped_and_it_ends_done() -> None:
    stage = Stage(ADD)
    until(stage, State.PREPARE)
    for _ in range(3):
        stage.executor().tick(stage.run)
    change_set = next(iter(stage.aws.change_sets.values()))
    change_set.template = json.loads(template(BEFORE))
    stage.aws.live[FOODSEARCH].tables["foodsearch", "brands"] = "Table completed"

    tick = stage.run_to_end()

    assert tick.state is State.DONE, stage.story
    assert STOP not in stage.kinds(FOODSEARCH)


def test_task__does_not_stop__people_are_told_and_nothing_is_executed() -> None:
    stage = Stage(ADD)
    stage.aws.stubborn.add(FOODSEARCH)

    until(stage, State.RESUME)

    assert "food-foodsearch did not stop within 15 minutes" in told(stage)[0]
    assert EXECUTE not in [event.kind for event in stage.aws.events]


def test_prefix__filled_between_guard_and_update__turns_back_before_the_update() -> None:
    stage = Stage(ADD)
    until(stage, State.EXECUTE)
    stage.aws.data.add(stage.plan.steps[0].loads[0].prefix)

    tick = stage.run_to_end()

    assert "data has appeared under" in tick.message.lower()
    assert (tick.state, stage.violations(tick.state)) == (State.FAILED_SAFE, ())
    assert EXECUTE not in [event.kind for event in stage.aws.events]


def test_prefix__of_the_second_step_filled_after_the_first__is_half_and_all_run() -> None:
    stage = Stage(RELOAD)
    until(stage, State.VERIFY)
    stage.aws.data.add(stage.plan.steps[1].loads[0].prefix)

    tick = stage.run_to_end()

    assert (tick.state, stage.run_states) == (State.HALF, RELOAD.after)
    assert not [event for event in stage.aws.events if event.kind == "load" and event.trouble]


def test_credentials__hold_for_less_than_a_quarter_of_an_hour__no_task_is_stopped_before_they_are_renewed() -> None:
    stage = Stage(ADD)
    stage.aws.session_seconds = 600
    until(stage, State.GUARD)
    waiting = stage.executor().tick(stage.run)
    ticks(stage, 600)
    calls = stage.kinds(FOODSEARCH)
    stage.aws.session_seconds = 3600

    assert "the credentials hold for 10 more minutes only" in waiting.message
    assert STOP not in calls
    assert stage.run_to_end().state is State.DONE


def test_credentials__revoked_in_the_middle_of_a_pause__are_tried_every_half_minute_and_people_are_told() -> None:
    stage = Stage(ADD)
    until(stage, State.RESUME)
    denied = AwsRefused("DescribeReplicationTasks", "ExpiredToken", "the credentials have expired")
    blind, waits = stage.executor(hands=speechless(stage, denied)), []
    for _ in range(20):
        waits.append(blind.tick(stage.run).next_in_seconds or 0.0)
        stage.clock.sleep(waits[-1])
    record = stage.journal.load(stage.run)

    assert record.state is State.RESUME
    assert record.paused_since is not None
    assert max(waits) == stage.limits.stuck_poll
    assert told(stage) == [f"A person is needed: AWS does not let the deployment look: {denied}"]
    assert stage.run_to_end().state is State.DONE


def test_journal__slow_to_write__no_task_is_stopped_before_it_is_quick() -> None:
    stage = Stage(ADD)
    until(stage, State.GUARD)

    class Slow(MemoryJournal):
        """Takes two seconds to give a lease."""

        def acquire(self, run: str, owner: str) -> Lease | None:
            stage.clock.sleep(2)
            return stage.journal.acquire(run, owner)

    slow = Slow(stage.clock, stage.limits)
    slow.__dict__.update(stage.journal.__dict__)
    waiting = stage.executor(journal=slow).tick(stage.run)

    assert (waiting.state, STOP in stage.kinds(FOODSEARCH)) == (State.GUARD, False)
    assert "slow to write" in waiting.message
    assert stage.run_to_end().state is State.DONE


def test_pause__beyond_its_budget__people_are_told_once() -> None:
    stage = Stage(ADD, limits=Limits(pause_budget=300))
    until(stage, State.EXECUTE)
    stage.executor().tick(stage.run)
    stage.aws.stacks[STACK].due = stage.clock.now() + timedelta(minutes=20)

    tick = stage.run_to_end()

    assert [message[:50] for message in told(stage)] == ["Tasks have stood still for more than 5 minutes: Cl"]
    assert (tick.state, stage.violations(tick.state)) == (State.DONE, ())


def test_executed__failed_and_stop_reason__are_shown_with_the_task_that_does_not_run() -> None:
    stage = Stage(ADD)
    stage.aws.failing_starts[FOODSEARCH] = 9

    tick = stage.run_to_end()

    assert tick.state in NEEDS_A_PERSON
    assert "it does not stay running (the source does not answer)" in tick.message
    assert stage.kinds(FOODSEARCH).count(START) <= stage.limits.attempts + 1


def test_seen_running__a_moment_ago_only__is_looked_at_again_after_ten_seconds() -> None:
    stage = Stage(ADD)
    until(stage, State.VERIFY)
    seen: list[datetime] = []
    while stage.journal.load(stage.run).state is State.VERIFY:
        tick = stage.executor().tick(stage.run)
        if "to be seen running once more" in tick.message or tick.next_in_seconds is None:
            seen.append(stage.clock.now())
        stage.clock.sleep(tick.next_in_seconds or 0)

    assert (seen[-1] - seen[0]).total_seconds() >= stage.limits.steady


def test_console__changed_the_stack_between_plan_and_run__is_stale_and_touches_nothing() -> None:
    stage = Stage(SEVERAL)
    changed = json.loads(template({**BEFORE, "food-orders": [f"orders.notes@{NEW}"]}))
    stage.fresh_plan = lambda plan: replace(plan, fingerprint="another")
    stage.aws.stacks[STACK].template = changed

    assert (stage.run_to_end().state, stage.aws.events) == (State.STALE, [])
