"""A small model of what CloudFormation and DMS do with a plan's steps; what they would refuse or spoil is an error.

A task keeps what it knows of its tables: a table that it does not know loads when the task runs, one that it knows goes
on in the folder that it has whatever the mapping says now, and one that left the mapping is forgotten by running
(dms-facts.md sections 0 and 3).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.config import Subject
from deploy_engine.diffing import StackDifference, compare_stacks, read_mappings
from deploy_engine.live import Observation, StackView, TableStatistics, TaskView
from deploy_engine.planning import Plan, Step
from deploy_engine.rendering import render
from tests.engine.planning.building import NOW


@dataclass
class ModelTask:
    mapping: str
    status: str = "ready"
    ever_ran: bool = False
    known: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass
class DmsModel:
    """One team's stack; ``lake`` holds every folder that was ever loaded into."""

    template: dict[str, Any] | None = None
    tasks: dict[str, ModelTask] = field(default_factory=dict)
    lake: set[str] = field(default_factory=set)

    def case(self, wanted: Subject) -> Case:
        """What the engine is given when ``wanted`` is proposed over this world."""
        rendered = render(wanted)
        stack = None if self.template is None else StackView("sluice-local-food", "UPDATE_COMPLETE", "", self.template)
        views = {name: TaskView(name, f"arn:{name}", task.status, task.ever_ran) for name, task in self.tasks.items()}
        statistics = {
            name: tuple(TableStatistics(*key, "Table completed") for key in task.known)
            for name, task in self.tasks.items()
        }
        observation = Observation(NOW, stack, None, views, statistics)
        return Case(wanted, rendered, compare_stacks(self.template, rendered.template), observation, NOW)

    @staticmethod
    def parsed(step: Step) -> dict[str, Any]:
        template: dict[str, Any] = json.loads(step.template)
        return template

    def apply(self, plan: Plan) -> None:
        for step in plan.steps:
            self._step(step, last=step is plan.steps[-1])

    def _step(self, step: Step, *, last: bool) -> None:
        for name in step.pause:
            assert self.tasks[name].status == "running", f"{name} is stopped, but does not run"
            self.tasks[name].status = "stopped"
        self._update(step)
        loaded: set[tuple[str, str]] = set()
        for name in (*step.start, *step.resume):
            task = self.tasks[name]
            assert (name in step.start) != task.ever_ran, f"{name} is started in the wrong way"
            assert task.status in {"ready", "stopped", "failed"}, f"{name} is {task.status} and cannot be started"
            loaded |= {(name, folder) for folder in self._run(task)}
        assert last or not loaded, f"a step that is not the last loads {loaded}"
        assert loaded == {(load.task, load.prefix.split("/")[1]) for load in step.loads}
        for name, tables in step.expected_tables:
            assert tables == tuple(sorted(".".join(key) for key in self.tasks[name].known))

    def _update(self, step: Step) -> None:
        wanted = self.parsed(step)
        difference = compare_stacks(self.template, wanted)
        resources = step.resources
        announced = (resources.add, resources.modify, resources.remove, resources.replace)
        assert announced == (difference.added, difference.modified, difference.removed, difference.replaced)
        self._touch_only_what_stands_still(difference)
        for name, task in difference.tasks.items():
            if not task.wanted:
                del self.tasks[name]
            else:
                mapping = wanted["Resources"][task.logical_id]["Properties"]["TableMappings"]
                self.tasks.setdefault(name, ModelTask(mapping)).mapping = mapping
        self.template = wanted

    def _touch_only_what_stands_still(self, difference: StackDifference) -> None:
        for name, task in difference.tasks.items():
            if task.touched:
                assert self.tasks[name].status != "running", f"{name} would be changed while it runs"

    def _run(self, task: ModelTask) -> set[str]:
        """Run the task, and tell into which folders it loads."""
        mapped = {table.key: table.folder for table in read_mappings(task.mapping)}
        task.known = {key: folder for key, folder in task.known.items() if key in mapped}
        new = {key: folder for key, folder in mapped.items() if key not in task.known}
        assert self.lake.isdisjoint(new.values()), "a load would go over data"
        self.lake |= set(new.values())
        task.known |= new
        task.status, task.ever_ran = "running", True
        return set(new.values())

    def holds(self, wanted: Subject) -> None:
        """Everything is exactly as ``wanted`` says: tasks, run states, tables, folders."""
        assert self.template == render(wanted).template
        paused = {
            f"food-{name}": task.paused for name, task in wanted.team.document.tasks.items() if task.active_tables
        }
        assert set(self.tasks) == set(paused)
        for name, task in self.tasks.items():
            assert (task.status != "running") == paused[name], f"{name} is {task.status}"
            if task.status == "running":
                assert task.known == {table.key: table.folder for table in read_mappings(task.mapping)}
