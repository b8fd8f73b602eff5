"""A deployment of the base stack over the fake AWS: two tasks write through its endpoints, and one stands still."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

from deploy_engine.live import TaskView
from deploy_engine.planning import Plan, make_plan
from deploy_engine.rendering import render
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws, FakeStack
from tests.engine.execution.scenarios import BEFORE, Scenario
from tests.engine.planning.base_building import BASE, base, changed, slower
from tests.engine.planning.building import completed, planned

STATES = {"food-foodsearch": "running", "food-orders": "stopped"}


@dataclass(frozen=True)
class BaseChange(Scenario):
    """The base stack as it was, and two teams' tasks, of which one stands still."""

    @property
    def after(self) -> Mapping[str, str]:
        return STATES

    @property
    def as_before(self) -> Mapping[str, str]:
        return STATES

    def world(self, clock: MovedClock) -> FakeAws:
        aws = super().world(clock)
        deployed = copy.deepcopy(dict(render(base()).template))
        slower(deployed)
        aws.stacks[BASE] = FakeStack("UPDATE_COMPLETE", deployed)
        for name, status in STATES.items():
            aws.live[name].status = status
        return aws

    def plan(self) -> Plan:
        aws = self.world(MovedClock())
        tasks = {
            name: TaskView(name, task.arn, task.status, True, table_mappings=task.mapping)
            for name, task in aws.live.items()
        }
        return planned(make_plan(changed(slower, tasks, statistics={name: completed("barcodes") for name in tasks})))


BASE_CHANGE = BaseChange("a base change", BEFORE, (BEFORE,))
