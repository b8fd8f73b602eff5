"""A failed rollback that a person lets go on: what runs is stopped first, and nothing is for long or for nothing."""

from __future__ import annotations

from datetime import timedelta

from deploy_engine.execution import Limits, State
from deploy_engine.execution.facts import TAG_FENCE, TAG_RUN
from tests.engine.execution.plans import STACK
from tests.engine.execution.scenarios import ADD, SEVERAL, Scenario, Stage
from tests.engine.execution.test_refusals import until

FOODSEARCH, ORDERS = "food-foodsearch", "food-orders"
CONTINUE = "ContinueUpdateRollback"


def _stuck(scenario: Scenario, limits: Limits = Limits()) -> Stage:  # noqa: B008 immutable
    """Update and rollback have failed; all tasks run again, and a person was called."""
    stage = Stage(scenario, limits=limits)
    stage.aws.failing_updates = stage.aws.failing_rollbacks = 1
    until(stage, State.STUCK)
    _pass(stage, 20)
    assert set(stage.run_states.values()) == {"running"}
    return stage


def _pass(stage: Stage, ticks: int) -> str:
    message = ""
    for _ in range(ticks):
        tick = stage.executor().tick(stage.run)
        message = tick.message
        stage.clock.sleep(tick.next_in_seconds or 0)
    return message


def _acts(stage: Stage) -> list[str]:
    return [event.kind for event in stage.aws.events]


def test_rollback__asked_for__stops_what_runs_goes_on_and_starts_it_again() -> None:
    stage = _stuck(SEVERAL)
    before = len(_acts(stage))
    stage.journal.request_rollback(stage.run)

    tick = until(stage, State.FAILED_SAFE)

    acts = [kind for kind in _acts(stage)[before:] if kind in {"StopReplicationTask", "StartReplicationTask", CONTINUE}]
    assert tick.state is State.FAILED_SAFE
    assert acts == ["StopReplicationTask"] * 2 + [CONTINUE] + ["StartReplicationTask"] * 2
    assert (stage.run_states, stage.violations(tick.state)) == (SEVERAL.as_before, ())
    assert all(TAG_RUN not in task.tags for task in stage.aws.live.values())


def test_rollback__behind_the_fence__its_stops_bear_it() -> None:
    stage = _stuck(ADD, Limits(fenced=True))
    stage.aws.live[FOODSEARCH].tags[TAG_FENCE] = "somebody-elses"
    stage.journal.request_rollback(stage.run)

    tick = until(stage, State.FAILED_SAFE)

    assert tick.state is State.FAILED_SAFE
    assert CONTINUE in _acts(stage)


def test_rollback__a_table_loads__waits_for_its_end_and_all_run() -> None:
    stage = _stuck(SEVERAL)
    task = stage.aws.live[ORDERS]
    task.tables[next(iter(task.tables))] = "Full load"
    task.loaded_at = stage.clock.now() + timedelta(hours=1)
    stops = _acts(stage).count("StopReplicationTask")
    stage.journal.request_rollback(stage.run)

    waiting = _pass(stage, 5)

    assert "food-orders is loading" in waiting
    assert "a full load is never interrupted" in waiting
    assert (_acts(stage).count("StopReplicationTask"), set(stage.run_states.values())) == (stops, {"running"})
    assert until(stage, State.FAILED_SAFE).state is State.FAILED_SAFE


def test_rollback__a_load_begins_between_two_stops__the_try_is_over_and_all_run_again() -> None:
    stage = _stuck(SEVERAL)
    stage.journal.request_rollback(stage.run)
    stops = _acts(stage).count("StopReplicationTask")
    while _acts(stage).count("StopReplicationTask") == stops:
        _pass(stage, 1)
    task = next(task for task in stage.aws.live.values() if task.status == "running")
    task.tables[next(iter(task.tables))] = "Full load"
    task.loaded_at = stage.clock.now() + timedelta(hours=1)

    _pass(stage, 30)

    assert CONTINUE not in _acts(stage)
    assert any("The rollback was not gone on with" in line for line in stage.story)
    assert set(stage.run_states.values()) == {"running"}
    assert stage.aws.stacks[STACK].status == "UPDATE_ROLLBACK_FAILED"


def test_rollback__a_task_does_not_stop__the_try_is_over() -> None:
    stage = _stuck(ADD)
    stage.aws.stubborn.add(FOODSEARCH)
    stage.journal.request_rollback(stage.run)

    _pass(stage, 600)

    assert CONTINUE not in _acts(stage)
    assert any("food-foodsearch did not stop" in line for line in stage.story)


def test_rollback__fails_once_more__runs_again_and_the_person_may_ask_again() -> None:
    stage = _stuck(ADD)
    stage.aws.failing_rollbacks = 1
    stage.journal.request_rollback(stage.run)
    message = _pass(stage, 60)
    assert (stage.run_states[FOODSEARCH], stage.aws.stacks[STACK].status) == ("running", "UPDATE_ROLLBACK_FAILED")
    assert message.startswith("A person is needed")

    stage.journal.request_rollback(stage.run)

    assert until(stage, State.FAILED_SAFE).state is State.FAILED_SAFE
