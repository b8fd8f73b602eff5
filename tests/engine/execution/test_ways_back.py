"""What goes wrong after a stop: tasks come back, or a person is told why one cannot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deploy_engine.execution import State
from deploy_engine.execution.decide import decide
from deploy_engine.execution.decision import Move
from deploy_engine.execution.facts import TAG_DESIRED, TAG_RUN
from deploy_engine.execution.observed import Observed
from deploy_engine.live import StackView
from tests.engine.execution.plans import STACK, mapping
from tests.engine.execution.scenarios import ADD, NEW, NEW_TASK, PAUSE, RELOAD, REMOVE, SEVERAL, UNPAUSE, Stage
from tests.engine.execution.test_refusals import until

FOODSEARCH = "food-foodsearch"


def test_executor__stack_update_fails__tasks_run_again_on_the_old_config() -> None:
    stage = Stage(SEVERAL)
    stage.aws.failing_updates = 1

    tick = stage.run_to_end()

    assert tick.state is State.FAILED_SAFE
    assert tick.message == (
        "The stack update failed: Internal Failure. "
        "food-foodsearch and food-orders run again as before; nothing was lost"
    )
    assert (stage.run_states, stage.violations(tick.state)) == (SEVERAL.as_before, ())
    assert all(task.tags == {} for task in stage.aws.live.values())


def test_execute__aws_adds_codes_to_its_reason__they_stay_in_the_original() -> None:
    stage = Stage(ADD)
    until(stage, State.EXECUTE)
    record = stage.journal.load(stage.run)
    said = (
        "TaskFoodsearch: No room. (Service: AWSDatabaseMigrationService; Status Code: 400; Request ID: 5; Proxy: null)"
    )
    failed = Observed(stage.clock.now(), StackView(STACK, "UPDATE_ROLLBACK_COMPLETE"), failure=said)

    decision = decide(record, failed, stage.clock.now(), stage.limits)

    assert isinstance(decision, Move)
    assert decision.message == "Turning back: the stack update failed: TaskFoodsearch: No room"
    assert decision.detail == said


def test_executor__rollback_fails_too__tasks_run_again_and_a_person_is_called_until_it_is_mended() -> None:
    stage = Stage(ADD)
    stage.aws.failing_updates = stage.aws.failing_rollbacks = 1

    until(stage, State.STUCK)
    for _ in range(10):
        stage.clock.sleep(stage.executor().tick(stage.run).next_in_seconds or 0)
    called = stage.executor().tick(stage.run)
    stage.aws.stacks[STACK].status = "UPDATE_ROLLBACK_COMPLETE"
    stage.clock.sleep(60)
    tick = until(stage, State.FAILED_SAFE)

    assert called.state is State.STUCK
    assert "(UPDATE_ROLLBACK_FAILED). All tasks run" in called.message
    assert (tick.state, stage.run_states) == (State.FAILED_SAFE, ADD.as_before)


def test_executor__task_does_not_stop__is_never_updated_and_runs_on() -> None:
    stage = Stage(ADD)
    stage.aws.stubborn.add(FOODSEARCH)

    until(stage, State.RESUME)
    stage.aws.live[FOODSEARCH].due = stage.clock.now()
    tick = stage.run_to_end()

    assert tick.state is State.FAILED_SAFE
    assert "did not stop within 15 minutes" in tick.message
    assert "ExecuteChangeSet" not in [event.kind for event in stage.aws.events]
    assert stage.run_states == ADD.as_before


def test_executor__task_starts_after_some_refusals__goes_on() -> None:
    stage = Stage(ADD)
    stage.aws.failing_starts[FOODSEARCH] = 2

    assert stage.run_to_end().state is State.DONE


def test_executor__task_does_not_start__calls_a_person_and_goes_on_once_it_can() -> None:
    stage = Stage(ADD)
    stage.aws.failing_starts[FOODSEARCH] = 8

    called = until(stage, State.STUCK)
    tick = until(stage, State.DONE)

    assert "it does not stay running (the source does not answer)" in called.message
    assert (tick.state, stage.run_states) == (State.DONE, ADD.after)


def test_executor__mapping_that_nobody_knows__task_stays_stopped_and_a_person_is_called() -> None:
    stage = Stage(ADD)
    until(stage, State.RESUME)
    task = stage.aws.live[FOODSEARCH]
    known, task.mapping = task.mapping, mapping([f"foodsearch.other@{NEW}"])

    called = stage.run_to_end()
    stage.clock.sleep(60)
    again = stage.executor().tick(stage.run)
    task.mapping = known
    tick = until(stage, State.DONE)

    assert called.state is State.STUCK
    assert "its tables are neither those of the old config nor those of the new one" in called.message
    assert (again.state, stage.kinds(FOODSEARCH).count("StartReplicationTask")) == (State.STUCK, 1)
    assert (tick.state, stage.run_states) == (State.DONE, ADD.after)


def test_executor__data_appears_under_a_prefix_after_the_update__task_stays_stopped() -> None:
    stage = Stage(SEVERAL)
    until(stage, State.RESUME)
    stage.aws.data.add(stage.plan.steps[0].loads[0].prefix)

    called = stage.run_to_end()

    assert called.state is State.STUCK
    assert "starting it would overwrite that" in called.message
    assert stage.aws.live[FOODSEARCH].status == "stopped"
    assert not [event for event in stage.aws.events if event.kind == "load" and event.trouble]


def test_executor__one_task_blocked__the_others_still_start() -> None:
    stage = Stage(SEVERAL)
    until(stage, State.RESUME)
    stage.aws.data.add(stage.plan.steps[0].loads[0].prefix)

    stage.run_to_end()
    stage.clock.sleep(60)
    stage.aws.tasks(["food-orders"])

    assert stage.aws.live["food-orders"].status == "running"
    assert stage.aws.live["food-recipes"].status == "running"


@pytest.mark.parametrize("wiping", [True, False])
def test_executor__update_wipes_tags__they_are_set_again_before_the_start(wiping: bool) -> None:
    stage = Stage(ADD)
    stage.aws.wipes_tags = wiping

    tick = stage.run_to_end()

    assert tick.state is State.DONE
    assert stage.kinds(FOODSEARCH).count("AddTagsToResource") == (2 if wiping else 1)
    assert stage.aws.live[FOODSEARCH].tags == {}


def test_executor__task_is_stopped__carries_the_note_of_who_owes_it_a_resume() -> None:
    stage = Stage(ADD)

    until(stage, State.EXECUTE)

    assert stage.aws.live[FOODSEARCH].tags[TAG_RUN] == stage.run
    assert stage.journal.load(stage.run).resumable == (FOODSEARCH,)


def test_executor__task_is_paused_and_unpaused__its_tag_says_so() -> None:
    paused, unpaused = Stage(PAUSE), Stage(UNPAUSE)
    unpaused.aws.live["food-orders"].tags = {TAG_DESIRED: "stopped"}

    paused.run_to_end()
    unpaused.run_to_end()

    assert paused.aws.live["food-orders"].tags == {TAG_DESIRED: "stopped"}
    assert unpaused.aws.live["food-orders"].tags == {}


def test_executor__connection_test_under_way__waits_for_its_end() -> None:
    stage = Stage(ADD)
    until(stage, State.RESUME)
    stage.aws.testing_until = stage.clock.now() + timedelta(seconds=60)

    waiting = stage.executor().tick(stage.run)
    tick = stage.run_to_end()

    assert waiting.message == "Waiting for the connection test of food-foodsearch"
    assert tick.state is State.DONE


def test_executor__cancelled_between_stop_and_update__tasks_run_again() -> None:
    stage = Stage(ADD)
    until(stage, State.EXECUTE)
    stage.journal.request_cancel(stage.run)

    tick = stage.run_to_end()

    assert tick.state is State.FAILED_SAFE
    assert "food-foodsearch runs again as before" in tick.message
    assert (stage.run_states, stage.violations(tick.state)) == (ADD.as_before, ())
    assert stage.aws.change_sets == {}


def test_executor__cancelled_while_the_stack_is_updated__finishes() -> None:
    stage = Stage(ADD)
    until(stage, State.EXECUTE)
    stage.executor().tick(stage.run)
    stage.journal.request_cancel(stage.run)

    assert stage.run_to_end().state is State.DONE


def test_executor__second_step_fails__half_done_then_forward_only() -> None:
    stage = Stage(RELOAD)
    until(stage, State.RESUME)
    stage.aws.failing_updates = 1
    stage.journal.request_cancel(stage.run)

    half = stage.run_to_end()
    running = dict(stage.run_states)
    tick = until(stage, State.DONE)

    assert half.state is State.HALF
    assert "step 1 is deployed and the next failed" in half.message
    assert running == RELOAD.after
    assert any("cannot be cancelled any more" in line for line in stage.story)
    assert (tick.state, stage.run_states) == (State.DONE, RELOAD.after)
    assert not [event for event in stage.aws.events if event.kind == "load" and event.trouble]


def test_executor__new_table_is_in_error__done_and_says_so() -> None:
    stage = Stage(NEW_TASK)
    until(stage, State.VERIFY)
    stage.clock.sleep(60)
    stage.aws.tasks(["food-recipes"])
    stage.aws.live["food-recipes"].tables["recipes", "steps"] = "Table error"

    tick = stage.run_to_end()

    assert tick.state is State.DONE
    assert "DMS reports recipes.steps (table error)" in tick.message


def test_executor__task_stops_by_itself_right_after_its_start__is_started_once_more() -> None:
    stage = Stage(REMOVE)
    until(stage, State.VERIFY)
    stage.aws.live[FOODSEARCH].status = "failed"

    tick = stage.run_to_end()

    assert tick.state is State.DONE
    assert any("stopped again" in line for line in stage.story)


def test_executor__task_fails_while_a_table_loads__is_not_started_into_the_half_filled_folder() -> None:
    stage = Stage(ADD)
    until(stage, State.VERIFY)
    stage.aws.live[FOODSEARCH].status = "failed"

    tick = stage.run_to_end()

    assert tick.state is State.STUCK
    assert "starting it would overwrite that" in tick.message
    assert not [event for event in stage.aws.events if event.kind == "load" and event.trouble]
