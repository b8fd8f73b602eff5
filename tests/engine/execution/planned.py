"""Changes that the planner plans, as scenarios: reloads, and stacks that never came up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from deploy_engine.config import Subject
from deploy_engine.live import StackView, TaskView
from deploy_engine.planning import Plan, make_plan
from deploy_engine.rendering import render
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws, FakeStack
from tests.engine.execution.plans import STACK
from tests.engine.execution.scenarios import BEFORE, Scenario
from tests.engine.planning.building import case, completed, planned, subject, task

OLD, NEW = "barcodes@v202011191200", "barcodes@v202603011200"
BRANDS, LABELS = "brands@v202008040000", "labels@v202603011200"


@dataclass(frozen=True)
class PlannedScenario(Scenario):
    """From one config to another, by the planner; ``remains``: the stack never came up."""

    deployed: Subject = field(kw_only=True)
    wanted: Subject = field(kw_only=True)
    remains: bool = field(default=False, kw_only=True)

    @staticmethod
    def _states(of: Subject) -> dict[str, str]:
        tasks = of.team.document.tasks
        return {f"food-{name}": "stopped" if tasks[name].paused else "running" for name in tasks}

    @property
    def after(self) -> Mapping[str, str]:
        """A task that stays paused is created anew in these scenarios: it is there, and never ran."""
        return {name: "ready" if state == "stopped" else state for name, state in self._states(self.wanted).items()}

    @property
    def as_before(self) -> Mapping[str, str]:
        return {} if self.remains else self._states(self.deployed)

    def world(self, clock: MovedClock) -> FakeAws:
        aws = FakeAws(clock)
        if self.remains:
            aws.stacks[STACK] = FakeStack("ROLLBACK_COMPLETE")
            return aws
        aws.deployed(STACK, render(self.deployed).text)
        for name, state in self._states(self.deployed).items():
            aws.live[name].status = state
        return aws

    def plan(self) -> Plan:
        states = {} if self.remains else self._states(self.deployed)
        views = {name: TaskView(name, f"arn:{name}", state, ever_ran=True) for name, state in states.items()}
        tables = self.deployed.team.document.tasks
        statistics = {
            f"food-{name}": completed(*(entry.reference.table for entry in tables[name].active_tables))
            for name in tables
        }
        over = case(self.wanted, None if self.remains else self.deployed, views, statistics)
        if self.remains:
            over = replace(over, observation=replace(over.observation, stack=StackView(STACK, "ROLLBACK_COMPLETE")))
        return planned(make_plan(over))


def scenario(name: str, deployed: Subject, wanted: Subject, *, remains: bool = False) -> PlannedScenario:
    return PlannedScenario(name, BEFORE, (BEFORE,), deployed=deployed, wanted=wanted, remains=remains)


TWO_STEPS = (
    scenario("one of two tables", subject(search=task(OLD, BRANDS)), subject(search=task(NEW, BRANDS))),
    scenario("the only table", subject(search=task(OLD)), subject(search=task(NEW))),
    scenario(
        "mixed changes",
        subject(search=task(OLD, BRANDS), other=task("a@v202001010000"), gone=task("b@v202001010000")),
        subject(
            search=task(NEW, LABELS, BRANDS),
            other=task("a@v202001010000", "c@v202603011200"),
            new=task("d@v202603011200"),
        ),
    ),
    scenario("unpaused", subject(search=task(OLD, BRANDS, paused=True)), subject(search=task(NEW, BRANDS))),
    scenario("paused and all new", subject(search=task(OLD, paused=True)), subject(search=task(NEW, paused=True))),
)
REMAINS = scenario("remains", subject(search=task(OLD)), subject(search=task(OLD)), remains=True)
PLANNED = (*TWO_STEPS, REMAINS)
