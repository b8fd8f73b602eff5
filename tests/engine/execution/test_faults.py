"""Whatever dies in whatever moment: the deployment ends, the tasks run as they should, and no invariant is broken."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from deploy_engine.execution import Limits, State, Tick
from tests.engine.execution.faults import Crash, Fault, Process, Weather
from tests.engine.execution.scenarios import ADD, ALL, FIRST, NEW_TASK, PAUSE, RELOAD, REMOVE, Scenario, Stage

LIMITS = Limits(poll=10)
"""Fewer looks between the same events, so that more points are tried in the same time."""

LIVES, TICKS = 20, 400


def run_through(scenario: Scenario, schedule: Mapping[int, Fault]) -> tuple[Stage, Tick, Weather]:
    """Carry the deployment out under these faults; after each crash another worker takes over."""
    stage, weather = Stage(scenario, limits=LIMITS), Weather(schedule)
    for life in range(LIVES):
        process = Process(weather, stage.aws, stage.journal)
        executor = stage.executor(f"worker-{life}", hands=process.hands, journal=process.journal)
        try:
            for _ in range(TICKS):
                tick = executor.tick(stage.run)
                if tick.next_in_seconds is None:
                    return stage, tick, weather
                stage.clock.sleep(tick.next_in_seconds)
        except Crash:
            continue
        raise AssertionError(f"no end after {TICKS} ticks: {stage.story}")
    raise AssertionError(f"no end after {LIVES} lives: {stage.story}")


def assert_well(scenario: Scenario, schedule: Mapping[int, Fault]) -> None:
    stage, tick, weather = run_through(scenario, schedule)
    struck = {weather.calls[number]: fault.value for number, fault in schedule.items() if number < len(weather.calls)}
    assert tick.state is State.DONE, (struck, stage.story)
    assert stage.violations(tick.state) == (), (struck, stage.story)
    assert stage.run_states == scenario.after, (struck, stage.story)


@pytest.mark.parametrize("scenario", [ADD, NEW_TASK, FIRST, REMOVE, PAUSE], ids=lambda scenario: scenario.name)
def test_executor__any_single_fault_at_any_point__ends_done_without_a_violation(scenario: Scenario) -> None:
    _, _, calm = run_through(scenario, {})

    for number, fault in calm.points:
        assert_well(scenario, {number: fault})


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_executor__pairs_of_faults__end_done_without_a_violation(scenario: Scenario) -> None:
    _, _, calm = run_through(scenario, {})
    dice = random.Random(scenario.name)  # noqa: S311 a repeatable sample

    for first in dice.sample(calm.points, 20):
        _, _, struck = run_through(scenario, dict([first]))
        later = [point for point in struck.points if point[0] > first[0]]
        assert_well(scenario, dict([first, dice.choice(later or [first])]))


def test_executor__single_fault_in_a_reload__ends_done_without_a_violation() -> None:
    _, _, calm = run_through(RELOAD, {})

    for number, fault in calm.points[::6]:
        assert_well(RELOAD, {number: fault})
