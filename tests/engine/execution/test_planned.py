"""Plans as the planner makes them, carried out over the fake AWS: reloads, and stacks that never came up."""

from __future__ import annotations

import pytest

from deploy_engine.diffing import read_mappings
from deploy_engine.execution import State
from deploy_engine.live import RunState
from deploy_engine.rendering import render
from tests.engine.execution.planned import PLANNED, TWO_STEPS, PlannedScenario
from tests.engine.execution.plans import STACK
from tests.engine.execution.scenarios import Stage


@pytest.mark.parametrize("planned_change", PLANNED, ids=lambda change: change.name)
def test_executor__a_planned_change__ends_done_with_exactly_the_wanted_tables(planned_change: PlannedScenario) -> None:
    stage = Stage(planned_change)

    tick = stage.run_to_end()

    assert tick.state is State.DONE, stage.story
    assert stage.run_states == planned_change.after
    assert stage.violations(tick.state) == ()
    assert stage.aws.stacks[STACK].template == render(planned_change.wanted).template
    for live in stage.aws.live.values():
        if live.status == RunState.RUNNING.value:
            assert set(live.tables) == {table.key for table in read_mappings(live.mapping)}
    assert ("DeleteStack" in stage.kinds(STACK)) == planned_change.remains


@pytest.mark.parametrize("planned_change", TWO_STEPS, ids=lambda change: change.name)
def test_executor__the_first_update_of_a_reload_fails__all_runs_as_before(planned_change: PlannedScenario) -> None:
    stage = Stage(planned_change)
    stage.aws.failing_updates = 1

    tick = stage.run_to_end()

    assert tick.state is State.FAILED_SAFE, stage.story
    assert stage.run_states == planned_change.as_before
    assert stage.violations(tick.state) == ()
