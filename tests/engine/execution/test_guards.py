"""The guards of a deployment, taken out one at a time: for each of them one of the tests named beside it must fail.

Mutation testing by hand. A guard is a small function of ``deploy_engine.execution``; it is replaced by one that lets
everything through. One whose removal no test notices guards nothing, or nobody knows that it does.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from deploy_engine.execution import Limits, State
from deploy_engine.execution.decisions import guard as guard_module
from tests.engine.execution import (
    test_fault_table,
    test_faults_of_sluice,
    test_leases,
    test_refusals,
    test_rollback_continued,
    test_ways_back,
    test_zombies,
)
from tests.engine.execution.matrix import run_through
from tests.engine.execution.planned import TWO_STEPS
from tests.engine.execution.plans import STACK
from tests.engine.execution.scenarios import ADD, Stage
from tests.engine.execution.test_refusals import assert_untouched, until
from tests.engine.execution.zombies import sleep_at

Test = Callable[[], Any]


def stack_in_a_failed_rollback() -> None:
    """A stack that nobody can update ends the deployment before anything is stopped."""
    stage = Stage(ADD)
    until(stage, State.GUARD)
    stage.aws.stacks[STACK].status = "UPDATE_ROLLBACK_FAILED"

    assert_untouched(stage, stage.run_to_end(), State.FAILED_SAFE, "cannot be updated")


def started_by_somebody_before_the_update() -> None:
    """A task that runs again when the update is to be handed over is stopped again first."""
    stage = Stage(ADD)
    until(stage, State.EXECUTE)
    stage.aws.live["food-foodsearch"].status = "running"

    tick = stage.executor().tick(stage.run)

    assert tick.state is State.PAUSE


def task_that_is_gone() -> None:
    """A task of the plan that somebody deleted ends the deployment before anything is stopped."""
    stage = Stage(ADD)
    until(stage, State.GUARD)
    del stage.aws.live["food-foodsearch"]

    tick = stage.executor().tick(stage.run)

    assert (tick.state, "does not exist any more" in tick.message) == (State.ABORT, True)


def sleeper_behind_the_fence() -> None:
    """A worker that sleeps before its stop changes nothing behind the fence."""
    stage = Stage(ADD, limits=Limits(poll=10))
    calls = run_through(ADD, {}, stage.limits)[2].calls
    woken = sleep_at(ADD, calls.index("stop_task"), 30, fenced=True, limits=stage.limits)

    assert (woken.late, woken.wrong) == ([], [])


def unpaused_by_somebody() -> None:
    """A task that was to be unpaused and runs already ends the deployment before anything is touched."""
    stage = Stage(TWO_STEPS[3])
    until(stage, State.GUARD)
    stage.aws.live["food-search"].status = "running"

    tick = stage.executor().tick(stage.run)

    assert "was started by somebody" in tick.message


@dataclass(frozen=True)
class Guard:
    """A function by its module and name, what stands in for it, and the tests that must notice."""

    module: str
    name: str
    instead: Callable[..., Any]
    tests: tuple[Test, ...]


def nothing(*_: Any, **__: Any) -> tuple[()]:
    return ()


def none(*_: Any, **__: Any) -> None:
    return None


def text(*_: Any, **__: Any) -> str:
    return ""


def yes(*_: Any, **__: Any) -> bool:
    return True


def no(*_: Any, **__: Any) -> bool:
    return False


def same(record: Any, *_: Any, **__: Any) -> Any:
    return record


T, R, W, C = test_fault_table, test_refusals, test_ways_back, test_rollback_continued
GUARDS = (
    Guard("decisions.guard", "_stack", nothing, (stack_in_a_failed_rollback,)),
    Guard("decisions.guard", "_tasks", nothing, (task_that_is_gone, unpaused_by_somebody)),
    Guard(
        "decisions.guard",
        "_foreign",
        nothing,
        (R.test_executor__task_of_a_live_foreign_deployment__gives_up_and_names_it,),
    ),
    Guard(
        "decisions.guard",
        "_occupied",
        nothing,
        (R.test_executor__prefix_of_a_later_step_occupied__gives_up_before_the_first_stop,),
    ),
    Guard(
        "decisions.guard",
        "_unready",
        nothing,
        (R.test_executor__full_load_is_running__waits_for_its_end_and_then_goes,),
    ),
    Guard(
        "decisions.guard",
        "_short_session",
        nothing,
        (T.test_credentials__hold_for_less_than_a_quarter_of_an_hour__no_task_is_stopped_before_they_are_renewed,),
    ),
    Guard(
        "decisions.pause",
        "interrupted",
        nothing,
        (R.test_executor__load_begins_between_guard_and_stop__goes_back_to_waiting,),
    ),
    Guard(
        "decisions.pause",
        "unrefreshed",
        text,
        (R.test_executor__statistics_are_not_refreshed_any_more_after_the_guard__does_not_stop,),
    ),
    Guard(
        "decisions.execute",
        "_tasks_in_the_way",
        none,
        (started_by_somebody_before_the_update,),
    ),
    Guard(
        "decisions.prepare",
        "unannounced",
        nothing,
        (R.test_executor__change_set_does_what_the_plan_does_not_say__gives_up_and_clears_it_away,),
    ),
    Guard(
        "decisions.prepare",
        "_not_updatable",
        none,
        (R.test_executor__stack_being_updated_by_somebody__waits_then_gives_up_since_it_changed,),
    ),
    Guard(
        "decisions.resume",
        "_obstacle",
        text,
        (W.test_executor__data_appears_under_a_prefix_after_the_update__task_stays_stopped,),
    ),
    Guard(
        "decisions.resume",
        "mapping_known",
        yes,
        (W.test_executor__mapping_that_nobody_knows__task_stays_stopped_and_a_person_is_called,),
    ),
    Guard(
        "decisions.stuck",
        "rollback",
        none,
        (T.test_rollback_failed__a_person_lets_it_go_on__ends_as_before_with_one_call_for_each_asking,),
    ),
    Guard(
        "decisions.ending",
        "_to_delete",
        no,
        (R.test_executor__change_set_does_what_the_plan_does_not_say__gives_up_and_clears_it_away,),
    ),
    Guard(
        "observed",
        "first_time_prefixes",
        nothing,
        (W.test_executor__data_appears_under_a_prefix_after_the_update__task_stays_stopped,),
    ),
    Guard(
        "executor",
        "with_pause_watched",
        lambda record, lines, *_: (record, lines),
        (T.test_pause__beyond_its_budget__people_are_told_once,),
    ),
    Guard(
        "executor",
        "raised",
        same,
        (
            sleeper_behind_the_fence,
            test_zombies.test_fence__call_of_unknown_outcome__raises_it_and_shuts_the_task_off_first,
        ),
    ),
    Guard(
        "decisions.rollback",
        "_in_the_way",
        text,
        (
            C.test_rollback__a_table_loads__waits_for_its_end_and_all_run,
            C.test_rollback__a_load_begins_between_two_stops__the_try_is_over_and_all_run_again,
        ),
    ),
    Guard(
        "decisions.stuck", "rollback", none, (C.test_rollback__asked_for__stops_what_runs_goes_on_and_starts_it_again,)
    ),
    Guard(
        "executor",
        "shut_out",
        none,
        (test_zombies.test_fence__call_of_unknown_outcome__raises_it_and_shuts_the_task_off_first,),
    ),
    Guard(
        "executor",
        "start_again",
        same,
        (
            test_faults_of_sluice.test_brain__fails_again_and_again__tasks_run_again_by_another_way_and_a_person_is_called,
        ),
    ),
    Guard(
        "executor:Executor",
        "_may_stop",
        yes,
        (test_leases.test_tick__looking_took_too_long__looks_again_before_it_stops_anything,),
    ),
)
HELPERS = frozenset({"_go", "_moment", "_some"})
"""Private functions of GUARD that guard nothing."""


def noticed(test: Test) -> bool:
    """Whether the test fails."""
    try:
        test()
    except Exception:
        return True
    return False


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.module}.{guard.name}")
def test_guard__taken_out__is_missed_by_a_test(guard: Guard) -> None:
    module, _, inner = guard.module.partition(":")
    place = importlib.import_module(f"deploy_engine.execution.{module}")
    owner = getattr(place, inner) if inner else place
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, guard.name, guard.instead)
        missed = [test.__name__ for test in guard.tests if not noticed(test)]

    assert len(missed) < len(guard.tests), missed


@pytest.mark.parametrize("test", dict.fromkeys(test for guard in GUARDS for test in guard.tests))
def test_guard__in_place__its_tests_pass(test: Test) -> None:
    test()


def test_guards__every_one_of_the_guarding_state__is_in_the_list() -> None:
    private = {name for name, value in vars(guard_module).items() if name.startswith("_") and callable(value)}
    listed = {guard.name for guard in GUARDS if guard.module == "decisions.guard"}

    assert {name for name in private if not name.startswith("__")} - HELPERS == listed
