"""Whole deployments over the fake AWS, without faults."""

from __future__ import annotations

import pytest

from deploy_engine.execution import State
from tests.engine.execution.scenarios import ALL, Scenario, Stage


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_executor__plan_of_each_kind__ends_done_with_tasks_as_wanted(scenario: Scenario) -> None:
    stage = Stage(scenario)

    tick = stage.run_to_end()

    assert tick.state is State.DONE, stage.story
    assert stage.run_states == scenario.after
    assert stage.violations(tick.state) == ()
