"""The state of the AWS in memory and what time does to it: updates, rollbacks, stops, starts and loads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from deploy_engine.diffing import compare_stacks, read_mappings
from deploy_engine.diffing.stacks import TASK
from deploy_engine.execution.invariants import FELL, Event
from deploy_engine.execution.ports import ResourceChange
from tests.engine.execution.clock import MovedClock

Template = Mapping[str, Any]
NOTHING: Template = {"Resources": {}}


@dataclass(frozen=True)
class ServiceTimes:
    """Seconds that AWS takes."""

    stop: float = 15
    start: float = 20
    update: float = 30
    change_set: float = 4
    load: float = 40


@dataclass
class FakeTask:
    name: str
    mapping: str
    status: str = "ready"
    ever_ran: bool = False
    due: datetime | None = None
    tables: dict[tuple[str, str], str] = field(default_factory=dict)
    loaded_at: datetime | None = None
    tags: dict[str, str] = field(default_factory=dict)
    last_failure: str = ""
    stopped_at: datetime | None = None

    @property
    def arn(self) -> str:
        return f"arn:aws:dms:eu-west-1:111122223333:task:{self.name}"


@dataclass
class FakeStack:
    status: str
    template: Template | None = None
    wanted: Template | None = None
    due: datetime | None = None
    reason: str = ""


@dataclass
class FakeChangeSet:
    template: Template
    due: datetime
    token: str
    execution: str = "UNAVAILABLE"
    executed_by: str = ""
    status: str = "CREATE_PENDING"
    reason: str = ""
    changes: tuple[ResourceChange, ...] = ()


class FakeWorld:
    """One account. ``failing_updates`` is how many of the next stack updates fail, after ``passing_updates`` that pass;
    ``stubborn`` tasks never stop.
    """

    def __init__(self, clock: MovedClock, times: ServiceTimes = ServiceTimes()) -> None:
        self._clock = clock
        self.times = times
        self.stacks: dict[str, FakeStack] = {}
        self.change_sets: dict[tuple[str, str], FakeChangeSet] = {}
        self.live: dict[str, FakeTask] = {}
        self.objects: dict[str, str] = {}
        self.data: set[str] = set()
        self.events: list[Event] = []
        self.failing_updates = 0
        self.passing_updates = 0
        self.hanging_updates = 0
        self.failing_rollbacks = 0
        self.failing_starts: dict[str, int] = {}
        self.stubborn: set[str] = set()
        self.tokens: set[str] = set()
        self.session_seconds = 3600.0
        self.refreshed: dict[str, datetime] = {}
        self.testing_until: datetime | None = None
        self.wipes_tags = False

    def copy(self, clock: MovedClock) -> Self:
        """The same account at this moment, to be continued by another clock."""
        other = copy(self)
        other._clock = clock
        other.stacks = {name: replace(stack) for name, stack in self.stacks.items()}
        other.change_sets = {key: replace(change_set) for key, change_set in self.change_sets.items()}
        other.live = {
            name: replace(task, tables={**task.tables}, tags={**task.tags}) for name, task in self.live.items()
        }
        for kept in ("objects", "data", "events", "failing_starts", "stubborn", "tokens", "refreshed"):
            setattr(other, kept, getattr(self, kept).copy())
        return other

    def deployed(self, stack: str, template: str, *, running: bool = True) -> None:
        """A stack as an earlier deployment left it: every task ran, loaded, and runs."""
        self.stacks[stack] = FakeStack("UPDATE_COMPLETE", json.loads(template))
        for name, mapping in _tasks(json.loads(template)).items():
            task = self.live[name] = FakeTask(name, mapping, "running" if running else "stopped", ever_ran=True)
            for table in read_mappings(mapping):
                task.tables[table.key] = "Table completed"
                self.data.add(table.prefix)

    def _pass(self) -> None:
        """Let everything happen that is due."""
        now = self._clock.now()
        for change_set_of, change_set in self.change_sets.items():
            if change_set.status == "CREATE_PENDING" and now >= change_set.due:
                self._prepared(change_set_of[0], change_set)
        for name, stack in list(self.stacks.items()):
            if stack.due is not None and now >= stack.due:
                self._updated(name, stack)
        for task in self.live.values():
            self._advance(task, now)

    def _prepared(self, stack: str, change_set: FakeChangeSet) -> None:
        change_set.changes = self._changes(stack, change_set.template)
        if change_set.changes:
            change_set.status, change_set.execution = "CREATE_COMPLETE", "AVAILABLE"
        else:
            change_set.status = "FAILED"
            change_set.reason = "The submitted information didn't contain changes."

    def _updated(self, name: str, stack: FakeStack) -> None:
        stack.due = None
        if stack.status == "DELETE_IN_PROGRESS":
            del self.stacks[name]
            self.change_sets = {key: found for key, found in self.change_sets.items() if key[0] != name}
            return
        if "ROLLBACK" in stack.status:
            failed = self._rolled_back(stack)
            done = stack.status.removesuffix("_IN_PROGRESS") + ("_FAILED" if failed else "_COMPLETE")
            self._ended(name, stack, done, "EXECUTE_IN_PROGRESS" if failed else "EXECUTE_FAILED")
            return
        wanted = stack.wanted or {}
        running = self._in_the_way(stack, wanted)
        failing = self.failing_updates > 0 and self.passing_updates == 0
        self.passing_updates -= self.passing_updates > 0
        if failing or running:
            self.failing_updates -= failing
            stack.reason = "cannot be modified while it is running" if running else "Internal Failure"
            created = stack.status.startswith("CREATE")
            stack.status = "ROLLBACK_IN_PROGRESS" if created else "UPDATE_ROLLBACK_IN_PROGRESS"
            stack.due = self._after(self.times.update)
            return
        self._apply(stack, wanted)
        stack.template = wanted
        done = "CREATE_COMPLETE" if stack.status.startswith("CREATE") else "UPDATE_COMPLETE"
        self._ended(name, stack, done, "EXECUTE_COMPLETE")

    def _rolled_back(self, stack: FakeStack) -> bool:
        """Put the mappings back; whether that failed, and the tasks are left with what the update gave them."""
        asked = self.failing_rollbacks > 0
        self.failing_rollbacks -= asked
        old, new = _tasks(stack.template or NOTHING), _tasks(stack.wanted or stack.template or NOTHING)
        kept = [self.live[name] for name in old if name in self.live]
        if asked:
            for task in kept:
                task.mapping = new.get(task.name, task.mapping)
            return True
        changed = [task for task in kept if task.mapping != old[task.name]]
        if not all(at_rest(task) for task in changed):
            return True
        for task in changed:
            task.mapping = old[task.name]
        return False

    def _ended(self, name: str, stack: FakeStack, status: str, execution: str) -> None:
        stack.status, stack.wanted = status, None
        self._happened(status, name)
        for (of, _), change_set in self.change_sets.items():
            if of == name and change_set.execution == "EXECUTE_IN_PROGRESS":
                change_set.execution = execution

    def _apply(self, stack: FakeStack, wanted: Template) -> None:
        mappings = _tasks(wanted)
        for name in _tasks(stack.template or NOTHING):
            if name not in mappings and name in self.live and at_rest(self.live[name]):
                del self.live[name]
        for name, mapping in mappings.items():
            task = self.live.setdefault(name, FakeTask(name, mapping))
            if task.mapping != mapping and self.wipes_tags:
                task.tags = {}
            task.mapping = mapping

    def _advance(self, task: FakeTask, now: datetime) -> None:
        if task.due is not None and now >= task.due:
            task.due = None
            if task.status == "stopping":
                task.status = "stopped"
                task.stopped_at = now
            elif task.status == "starting" and self.failing_starts.get(task.name, 0) > 0:
                self.failing_starts[task.name] -= 1
                self._happened(FELL, task.name)
                task.status, task.last_failure, task.stopped_at = "failed", "the source does not answer", now
            elif task.status == "starting":
                task.status = "running"
                self._begin_loads(task)
        if task.loaded_at is not None and now >= task.loaded_at and task.status == "running":
            task.loaded_at = None
            for key, state in task.tables.items():
                task.tables[key] = "Table completed" if state == "Full load" else state

    def _begin_loads(self, task: FakeTask) -> None:
        """DMS forgets what left the mapping, and loads what it does not know or has not finished."""
        mapped = {table.key: table.prefix for table in read_mappings(task.mapping)}
        task.tables = {key: state for key, state in task.tables.items() if key in mapped}
        for key, prefix in mapped.items():
            if task.tables.get(key) not in {"Table completed", "Table error"}:
                self._happened("load", prefix, "occupied" if prefix in self.data else "")
                self.data.add(prefix)
                task.tables[key] = "Full load"
                task.loaded_at = self._after(self.times.load)

    def _touched(self, stack: FakeStack, wanted: Template) -> list[FakeTask]:
        """The tasks that the update touches: its own that change; all that there are, where a lake endpoint does."""
        after = _tasks(wanted)
        before = _tasks(stack.template or NOTHING)
        if stack.template is not None and _lakes(stack.template) != _lakes(wanted):
            return list(self.live.values())
        return [self.live[name] for name in before if name in self.live and after.get(name) != before[name]]

    def _in_the_way(self, stack: FakeStack, wanted: Template) -> bool:
        """A task that runs cannot be modified. What is to be removed is removed last, and stays if it runs."""
        kept = _tasks(wanted)
        touched = (task for task in self._touched(stack, wanted) if task.name in kept or _lakes(wanted))
        return any(not at_rest(task) for task in touched)

    def _changes(self, stack: str, wanted: Template) -> tuple[ResourceChange, ...]:
        difference = compare_stacks(self.stacks[stack].template, wanted)
        kinds = {"Add": difference.added, "Modify": difference.modified, "Remove": difference.removed}
        return tuple(
            ResourceChange(name, difference.types[name], action, "True" if name in difference.replaced else "False")
            for action, names in kinds.items()
            for name in names
        )

    def _at_work(self) -> str:
        return ",".join(name for name, stack in self.stacks.items() if stack.due is not None)

    def _after(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)

    def _happened(self, kind: str, target: str, trouble: str = "") -> None:
        self.events.append(Event(self._clock.now(), kind, target, trouble))


def _tasks(template: Template) -> dict[str, str]:
    return {
        resource["Properties"]["ReplicationTaskIdentifier"]: resource["Properties"]["TableMappings"]
        for resource in template["Resources"].values()
        if resource["Type"] == TASK
    }


def _lakes(template: Template) -> list[Any]:
    return [template["Resources"][name] for name in sorted(template["Resources"]) if name.startswith("LakeEndpoint")]


def at_rest(task: FakeTask) -> bool:
    return task.status in {"ready", "stopped", "failed"}
