"""A runaway load that the plan gives up: the deployment stops the task over exactly that load, and over no other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deploy_engine.execution import State
from deploy_engine.planning import Plan
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.scenarios import BEFORE, OLD, Scenario, Stage

SEARCH, RUNAWAY = "food-foodsearch", ("foodsearch", "bar_codes")


@dataclass(frozen=True)
class Runaway(Scenario):
    """The table bar_codes loads without end, and leaves its task; ``given_up``: somebody said that it may."""

    given_up: bool = True

    def world(self, clock: MovedClock) -> FakeAws:
        aws = super().world(clock)
        aws.live[SEARCH].tables[RUNAWAY] = "Full load"
        return aws

    def plan(self) -> Plan:
        plan = super().plan()
        given_up = ((SEARCH, ".".join(RUNAWAY)),) if self.given_up else ()
        return replace(plan, steps=(replace(plan.steps[0], given_up=given_up), *plan.steps[1:]))


REMOVED = Runaway("a runaway load", BEFORE, ({**BEFORE, SEARCH: [f"foodsearch.barcodes@{OLD}"]},))


def test_executor__a_load_is_given_up__stops_its_task_and_breaks_no_invariant() -> None:
    stage = Stage(REMOVED)

    tick = stage.run_to_end()

    assert tick.state is State.DONE, stage.story
    assert stage.run_states == stage.scenario.after
    assert stage.violations(tick.state) == ()


def test_executor__nobody_gave_the_load_up__waits_until_the_deadline_and_stops_nothing() -> None:
    stage = Stage(replace(REMOVED, name="a load that nobody gave up", given_up=False))

    tick = stage.run_to_end()

    assert tick.state is State.FAILED_SAFE, stage.story
    assert "StopReplicationTask" not in stage.kinds(SEARCH)


def test_executor__another_table_begins_to_load__waits_for_that_one() -> None:
    stage = Stage(REMOVED)
    task = stage.aws.live[SEARCH]
    task.tables["foodsearch", "barcodes"] = "Full load"

    tick = stage.run_to_end()

    assert tick.state is State.FAILED_SAFE, stage.story
    assert "StopReplicationTask" not in stage.kinds(SEARCH)


def test_executor__the_update_fails_after_a_load_was_given_up__loads_over_nothing_and_calls_a_person() -> None:
    stage = Stage(REMOVED)
    stage.aws.failing_updates = 1

    tick = stage.run_to_end()

    assert tick.state is State.STUCK, stage.story
    assert stage.run_states[SEARCH] == "stopped"
    assert any("data lies already under data/fooddb_foodsearch_bar_codes" in line for line in stage.story)
    assert not [broken for broken in stage.violations(tick.state) if broken.startswith(("I1", "I2"))]
