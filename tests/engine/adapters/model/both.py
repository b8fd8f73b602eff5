"""The fast model of AWS beside the local AWS: the same calls of the ports on both, and the same answers from both.

The fault matrix runs on the model by the hundred thousand; what is known of AWS is built into the local AWS. Both stand
in the same team's world, go by the same moved time, and are asked through the same port: through Sluice's own adapters
and boto3 on the one side, directly on the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploy_engine.adapters.observer import stack_of
from deploy_engine.config import Subject
from deploy_engine.diffing import MappedTable, read_mappings, template_sha256
from deploy_engine.errors import AwsRefused
from deploy_engine.execution.ports import AwsHands, ChangeSetView
from deploy_engine.live import StackView, TableStatistics, TaskView
from deploy_engine.rendering import render
from tests.engine.adapters.carried_out.world import BRANDS, CHANGES, NEW, OLD, Worlds
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.planning.building import ENVIRONMENT, subject, task

LINES = "lines@v202001010000"
BEFORE = subject(search=task(OLD, BRANDS), orders=task(LINES))
STACK = stack_of(BEFORE)
SEARCH, ORDERS, RECIPES = "food-search", "food-orders", "food-recipes"
NOWHERE = "arn:aws:dms:eu-west-1:111122223333:task:NOWHERE"
LAKE, TEMPLATES = ENVIRONMENT.lake_bucket, ENVIRONMENT.templates_bucket
SUBJECTS: Mapping[str, Subject] = {
    "as it is": BEFORE,
    "a table more": subject(search=task(OLD, BRANDS, "a@v202603011200"), orders=task(LINES)),
    "a table less": subject(search=task(OLD), orders=task(LINES)),
    "a table under a new version": subject(search=task(NEW, BRANDS), orders=task(LINES)),
    "a task more": subject(search=task(OLD, BRANDS), orders=task(LINES), recipes=task("d@v202603011200")),
    "a task less": subject(search=task(OLD, BRANDS)),
}
TEXTS = {name: render(wanted).text for name, wanted in SUBJECTS.items()}
STEP = 5.0
"""Seconds of the finest time in which both are let go on."""

BY_TASK = frozenset(
    {"stop_task", "start_task", "tag_task", "untag_task", "task_tags", "table_statistics", "endpoint_tested"}
)
"""Calls that name a task by its ARN: each side has ARNs of its own, so that here they name it by its name."""


def _stack(view: StackView | None) -> Any:
    return None if view is None else (view.status, template_sha256(view.template))


def _task(view: TaskView) -> Any:
    return view.status, view.ever_ran, bool(view.last_failure)


def _change_set(view: ChangeSetView | None) -> Any:
    if view is None:
        return None
    return view.status, view.execution_status, view.no_changes, sorted(map(repr, view.changes))


def _statistics(tables: tuple[TableStatistics, ...]) -> Any:
    return sorted((table.schema, table.table, table.loading, table.in_error) for table in tables)


COMPARED: Mapping[str, Callable[[Any], Any]] = {
    "stack": _stack,
    "tasks": lambda views: {name: _task(view) for name, view in views.items()},
    "change_set": _change_set,
    "table_statistics": _statistics,
    "table_mappings": lambda text: read_mappings(text) if text else None,
    "failure_reason": bool,
}
"""What of an answer has to be the same; all of it for calls that are not named here."""


@dataclass
class Side:
    """One of the two."""

    hands: AwsHands
    wait: Callable[[float], None]

    def answer(self, method: str, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        """What comes of a call: ``ok`` and what of the answer is compared, or ``refused`` and AWS's code."""
        if method in BY_TASK:
            found = self.hands.tasks([args[0]])
            args = (found[args[0]].arn if args[0] in found else NOWHERE, *args[1:])
        try:
            answer = getattr(self.hands, method)(*args, **kwargs)
        except AwsRefused as refusal:
            return "refused", refusal.code
        return "ok", COMPARED.get(method, lambda same: same)(answer)


class Both:
    """The two, from the same beginning on; ``bare``: before the team's first deployment."""

    def __init__(self, worlds: Worlds, *, bare: bool = False) -> None:
        worlds.begin(CHANGES[5] if bare else CHANGES[0])
        self.local = worlds.aws
        clock = MovedClock(worlds.now())
        self.fake = FakeAws(clock)
        if not bare:
            self.fake.deployed(STACK, TEXTS["as it is"])
            self.fake.stacks[STACK].status = "CREATE_COMPLETE"
        self.sides = Side(self.fake, clock.sleep), Side(worlds.hands, worlds.aws.advance)
        self.did: list[str] = []
        self._change_sets: dict[str, None] = {}
        self._prefixes = sorted({table.prefix for text in TEXTS.values() for table in _tables(text)})

    def do(self, method: str, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        """Make the call on both sides; their one answer."""
        self.did.append(f"{method} {', '.join(str(arg)[:40] for arg in (*args, *kwargs.values()))}")
        model, local = (side.answer(method, *args, **kwargs) for side in self.sides)
        assert model == local, f"the model answers {model}, the local AWS {local}: {self.did}"
        return local

    def prepare(self, name: str, template: str, *, first: bool = False, token: str = "") -> tuple[str, Any]:
        """Put a template and ask for a change set from it."""
        self._change_sets[name] = None
        self.do("put_template", TEMPLATES, f"{name}.json", TEXTS[template])
        return self.do(
            "create_change_set", STACK, name, bucket=TEMPLATES, key=f"{name}.json", first=first, token=token or name
        )

    def update(self, name: str, template: str, *, first: bool = False) -> None:
        """A whole update, or creation: prepared, executed, and over."""
        self.prepare(name, template, first=first)
        self.wait(10)
        self.do("execute_change_set", STACK, name, name)
        self.settle()

    def wait(self, seconds: float) -> None:
        """Let time pass on both sides, and everything happen that is due."""
        self.did.append(f"wait {seconds:.0f}")
        for _ in range(round(seconds / STEP)):
            for side in self.sides:
                side.wait(STEP)
            self.fake.tasks([])

    def settle(self) -> None:
        """Until nothing is on its way anywhere, and everything looks the same."""
        self.wait(150)
        self.look()

    def look(self) -> None:
        """Look at everything on both sides."""
        self.do("stack", STACK, with_template=True)
        for name in self._change_sets:
            self.do("change_set", STACK, name)
        _, tasks = self.do("tasks", (SEARCH, ORDERS, RECIPES))
        for name in tasks:
            for method in ("task_tags", "table_statistics", "table_mappings", "endpoint_tested"):
                self.do(method, name)
        if not self._loads(tasks):
            for prefix in self._prefixes:
                self.do("prefix_occupied", LAKE, prefix)

    def _loads(self, tasks: Iterable[str]) -> bool:
        """Whether a load is under way: in the model it has left something at once, in AWS with its first row."""
        found = (self.sides[0].answer("table_statistics", name)[1] for name in tasks)
        return any(loading for tables in found for _, _, loading, _ in tables)


def _tables(text: str) -> Iterator[MappedTable]:
    for resource in json.loads(text)["Resources"].values():
        if "TableMappings" in resource.get("Properties", {}):
            yield from read_mappings(resource["Properties"]["TableMappings"])
