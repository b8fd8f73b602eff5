"""What ends a deployment before any task is stopped, and what makes it wait."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from deploy_engine.errors import AwsRefused
from deploy_engine.execution import State, Tick
from deploy_engine.execution.facts import TAG_RESUME_BY, TAG_RUN
from deploy_engine.live import StackView
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.plans import STACK, template
from tests.engine.execution.scenarios import ADD, BEFORE, FIRST, NEW, RELOAD, Stage

STOP = "StopReplicationTask"


def until(stage: Stage, state: State) -> Tick:
    """Tick until the deployment has entered ``state``."""
    for _ in range(600):
        tick = stage.executor().tick(stage.run)
        if tick.state is state or tick.next_in_seconds is None:
            return tick
        stage.clock.sleep(tick.next_in_seconds)
    raise AssertionError(stage.story)


def assert_untouched(stage: Stage, tick: Tick, state: State, words: str) -> None:
    assert tick.state is state, stage.story
    assert words.lower() in tick.message.lower()
    assert not [event for event in stage.aws.events if event.kind == STOP]
    assert stage.run_states == stage.scenario.as_before


def test_executor__fresh_plan_has_another_fingerprint__ends_stale() -> None:
    stage = Stage(ADD)
    stage.fresh_plan = lambda plan: replace(plan, fingerprint="another")

    assert_untouched(stage, stage.run_to_end(), State.STALE, "has changed since this plan was made")


def test_executor__fresh_plan_is_refused__ends_rejected_with_the_reason() -> None:
    stage = Stage(ADD)
    stage.fresh_plan = lambda _plan: "the path is occupied"

    assert_untouched(stage, stage.run_to_end(), State.REJECTED, "the path is occupied")


def test_executor__fresh_plan_has_nothing_to_do__ends_done_without_a_call() -> None:
    stage = Stage(ADD)
    stage.fresh_plan = lambda plan: replace(plan, steps=())

    tick = stage.run_to_end()

    assert (tick.state, stage.aws.events) == (State.DONE, [])


def test_executor__stack_changed_while_planning__ends_stale() -> None:
    stage = Stage(ADD)
    until(stage, State.LOCKED)
    stage.aws.stacks[STACK].template = json.loads(template({"food-orders": BEFORE["food-orders"]}))

    assert_untouched(stage, stage.run_to_end(), State.STALE, "was changed while the plan was being made")


def test_executor__change_set_does_what_the_plan_does_not_say__gives_up_and_clears_it_away() -> None:
    stage = Stage(ADD)
    step = replace(stage.plan.steps[0], resources=replace(stage.plan.steps[0].resources, modify=()))
    stage.fresh_plan = lambda plan: replace(plan, steps=(step,))

    tick = stage.run_to_end()

    assert_untouched(stage, tick, State.FAILED_SAFE, "modify TaskfoodXfoodsearch")
    assert stage.aws.change_sets == {}


def test_executor__prefix_of_a_later_step_occupied__gives_up_before_the_first_stop() -> None:
    stage = Stage(RELOAD)
    stage.aws.data.add(stage.plan.steps[1].loads[0].prefix)

    assert_untouched(stage, stage.run_to_end(), State.FAILED_SAFE, "data lies already under")


def test_executor__task_of_a_live_foreign_deployment__gives_up_and_names_it() -> None:
    stage = Stage(ADD)
    until_then = (stage.clock.now() + timedelta(hours=1)).isoformat()
    stage.aws.live["food-foodsearch"].tags = {TAG_RUN: "portal-17", TAG_RESUME_BY: until_then}

    assert_untouched(stage, stage.run_to_end(), State.FAILED_SAFE, "being worked on by deployment portal-17")


def test_executor__note_of_a_dead_deployment_on_a_task__goes_on() -> None:
    stage = Stage(ADD)
    long_ago = (stage.clock.now() - timedelta(hours=1)).isoformat()
    stage.aws.live["food-foodsearch"].tags = {TAG_RUN: "portal-17", TAG_RESUME_BY: long_ago}

    assert stage.run_to_end().state is State.DONE
    assert stage.aws.live["food-foodsearch"].tags == {}


def test_executor__full_load_is_running__waits_for_its_end_and_then_goes() -> None:
    stage = Stage(ADD)
    task = stage.aws.live["food-foodsearch"]
    task.tables["foodsearch", "barcodes"] = "Full load"
    task.loaded_at = stage.clock.now() + timedelta(hours=2)

    waiting = until(stage, State.GUARD)
    waiting = stage.executor().tick(stage.run)
    tick = stage.run_to_end()

    assert "is loading foodsearch.barcodes; a full load is never interrupted" in waiting.message
    assert tick.state is State.DONE
    assert stage.violations(tick.state) == ()


def test_executor__full_load_outlasts_the_deadline__gives_up_while_all_runs() -> None:
    stage = Stage(ADD)
    task = stage.aws.live["food-foodsearch"]
    task.tables["foodsearch", "barcodes"] = "Full load"

    assert_untouched(stage, stage.run_to_end(), State.FAILED_SAFE, "after 24 hours")


def test_executor__load_begins_between_guard_and_stop__goes_back_to_waiting() -> None:
    stage = Stage(ADD)
    until(stage, State.PAUSE)
    task = stage.aws.live["food-foodsearch"]
    task.tables["foodsearch", "barcodes"] = "Full load"
    task.loaded_at = stage.clock.now() + timedelta(minutes=10)

    back = until(stage, State.GUARD)
    tick = stage.run_to_end()

    assert "began to load foodsearch.barcodes" in back.message
    assert (tick.state, stage.violations(tick.state)) == (State.DONE, ())


def test_executor__statistics_are_not_refreshed__waits_as_if_a_table_was_loading() -> None:
    stage = Stage(ADD)
    stage.aws.refreshed["food-foodsearch"] = stage.clock.now() - timedelta(hours=1)

    until(stage, State.GUARD)
    waiting = stage.executor().tick(stage.run)
    stage.aws.refreshed.clear()
    tick = stage.run_to_end()

    assert "DMS has not refreshed its statistics for 60 minutes" in waiting.message
    assert (tick.state, stage.violations(tick.state)) == (State.DONE, ())


def test_executor__statistics_are_not_refreshed_any_more_after_the_guard__does_not_stop() -> None:
    stage = Stage(ADD)
    until(stage, State.PAUSE)
    stage.aws.refreshed["food-foodsearch"] = stage.clock.now() - timedelta(hours=1)

    back = until(stage, State.GUARD)

    assert "what food-foodsearch does is not known" in back.message
    assert STOP not in stage.kinds("food-foodsearch")


@pytest.mark.parametrize("state", [State.QUEUED, State.PLANNING, State.LOCKED, State.PREPARE, State.GUARD])
def test_executor__cancelled_before_the_pause__ends_failed_safe_with_nothing_touched(state: State) -> None:
    stage = Stage(ADD)
    if state is not State.QUEUED:
        until(stage, state)
    stage.journal.request_cancel(stage.run)

    tick = stage.run_to_end()

    assert_untouched(stage, tick, State.FAILED_SAFE, "cancelled")
    assert stage.aws.change_sets == {}


def test_executor__stack_being_updated_by_somebody__waits_then_gives_up_since_it_changed() -> None:
    stage = Stage(ADD)
    until(stage, State.PREPARE)
    found = stage.aws.stacks[STACK]
    found.status, found.due = "UPDATE_IN_PROGRESS", stage.clock.now() + timedelta(seconds=60)
    found.wanted = json.loads(template({**BEFORE, "food-orders": [f"orders.notes@{NEW}"]}))
    stage.aws.live["food-orders"].status = "stopped"

    tick = stage.run_to_end()

    assert tick.state is State.FAILED_SAFE
    assert "was changed by somebody else" in tick.message


def test_executor__remains_of_a_creation_that_failed__are_deleted_first() -> None:
    stage = Stage(FIRST)
    stage.aws.failing_updates = 1
    failed = stage.run_to_end()
    again = Stage(FIRST, clock=stage.clock)
    again.aws.stacks = stage.aws.stacks

    tick = again.run_to_end()

    assert failed.state is State.FAILED_SAFE
    assert "The creation of the stack failed: Internal Failure. No task was stopped" in failed.message
    assert (tick.state, again.run_states) == (State.DONE, FIRST.after)
    assert "DeleteStack" in again.kinds(STACK)


def test_executor__aws_lets_nobody_look__gives_up_before_anything_is_touched() -> None:
    class Forbidding(FakeAws):
        def stack(self, name: str, *, with_template: bool, at_work_too: bool = True) -> StackView | None:
            raise AwsRefused("DescribeStacks", "AccessDenied", "not authorized")

    stage = Stage(ADD)
    stage.aws = Forbidding(stage.clock)

    tick = stage.run_to_end()

    assert tick.state is State.FAILED_SAFE
    assert "not authorized" in tick.message
