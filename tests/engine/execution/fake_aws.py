"""An AWS in memory with the behaviour that deployments meet: states that take time, refusals, rollbacks, loads, tags.

It implements ``AwsHands`` and knows nothing of Sluice's logic. Time is the test's clock; whatever is due happens at
the next call (``fake_world.py``). Everything that happens is in ``events``, for the invariants.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from deploy_engine.errors import AwsRefused
from deploy_engine.execution.ports import ChangeSetView
from deploy_engine.live import AlarmView, InstanceRoom, LatencyPoint, StackView, TableStatistics, TaskView
from deploy_engine.live.stack import NEVER_SUCCEEDED, UPDATABLE
from tests.engine.execution.fake_world import FakeChangeSet, FakeStack, FakeTask, FakeWorld, ServiceTimes, at_rest

__all__ = ["FakeAws", "FakeStack", "FakeTask", "ServiceTimes"]

NOTHING_DEPLOYED = NEVER_SUCCEEDED | {"CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"}
NEVER = 365 * 86_400.0
"""Seconds after which what hangs would end."""


class FakeAws(FakeWorld):
    """The calls, each with the refusals that AWS has for it."""

    # Reading.

    def stack(self, name: str, *, with_template: bool, at_work_too: bool = True) -> StackView | None:
        self._pass()
        found = self.stacks.get(name)
        if found is None:
            return None
        view = StackView(name, found.status, found.reason)
        nothing = not with_template or found.status in NOTHING_DEPLOYED
        return view if nothing or (view.in_progress and not at_work_too) else replace(view, template=found.template)

    def tasks(self, names: Iterable[str], *, with_settings: bool = False) -> dict[str, TaskView]:
        self._pass()
        return {name: self._view(self.live[name]) for name in names if name in self.live}

    def tasks_at(self, endpoint_arns: Iterable[str]) -> dict[str, TaskView]:
        return {name: self._view(task) for name, task in self.live.items()}

    def imports(self, export: str) -> tuple[str, ...]:
        return ()

    def task_tags(self, arn: str) -> dict[str, str]:
        self._pass()
        return dict(self._task("ListTagsForResource", arn).tags)

    def table_statistics(self, task_arn: str) -> tuple[TableStatistics, ...]:
        self._pass()
        task = self._task("DescribeTableStatistics", task_arn)
        refreshed = self.refreshed.get(task.name, self._clock.now() if task.status == "running" else None)
        return tuple(
            TableStatistics(schema, table, state, refreshed=refreshed) for (schema, table), state in task.tables.items()
        )

    def instance_rooms(self, names: Iterable[str], now: datetime) -> dict[str, InstanceRoom]:
        return {}

    def task_latencies(
        self, tasks: Iterable[tuple[str, str]], since: datetime, now: datetime
    ) -> dict[str, tuple[LatencyPoint, ...]]:
        return {}

    def alarms(self, prefix: str) -> tuple[AlarmView, ...]:
        return ()

    def prefix_occupied(self, bucket: str, prefix: str) -> bool:
        self._pass()
        return prefix in self.data

    def validate_template(self, body: str) -> str | None:
        return None

    def change_set(self, stack: str, name: str) -> ChangeSetView | None:
        self._pass()
        found = self.change_sets.get((stack, name))
        if found is None:
            return None
        return ChangeSetView(name, found.status, found.execution, found.reason, found.changes)

    def failure_reason(self, stack: str, token: str) -> str:
        return self._stack("DescribeStackEvents", stack).reason

    def table_mappings(self, task: str) -> str:
        self._pass()
        return self.live[task].mapping if task in self.live else ""

    def endpoint_tested(self, task_arn: str) -> bool:
        self._task("DescribeReplicationTasks", task_arn)
        return self.testing_until is None or self._clock.now() >= self.testing_until

    # Acting.

    def put_template(self, bucket: str, key: str, body: str) -> None:
        self._pass()
        self._happened("PutObject", f"{bucket}/{key}")
        self.objects[f"{bucket}/{key}"] = body

    def create_change_set(self, stack: str, name: str, *, bucket: str, key: str, first: bool, token: str) -> None:
        self._pass()
        earlier, found = self.change_sets.get((stack, name)), self.stacks.get(stack)
        if first and found is not None and found.status != "REVIEW_IN_PROGRESS":
            raise _refused("CreateChangeSet", f"Stack [{stack}] already exists")
        if not first and (found is None or found.status not in UPDATABLE):
            raise _refused("CreateChangeSet", f"Stack [{stack}] does not exist, or cannot be updated")
        if earlier is not None and earlier.token == token:
            return
        if earlier is not None:
            raise AwsRefused("CreateChangeSet", "AlreadyExistsException", f"ChangeSet {name} already exists")
        if found is None:
            self.stacks[stack] = FakeStack("REVIEW_IN_PROGRESS")
        body = json.loads(self.objects[f"{bucket}/{key}"])
        self._happened("CreateChangeSet", name)
        self.change_sets[stack, name] = FakeChangeSet(body, self._after(self.times.change_set), token)

    def delete_change_set(self, stack: str, name: str) -> None:
        self._pass()
        self._stack("DeleteChangeSet", stack)
        found = self.change_sets.get((stack, name))
        if found is not None and found.execution == "EXECUTE_IN_PROGRESS":
            raise AwsRefused("DeleteChangeSet", "InvalidChangeSetStatus", f"ChangeSet [{name}] is being executed")
        self._happened("DeleteChangeSet", name)
        self.change_sets.pop((stack, name), None)

    def execute_change_set(self, stack: str, name: str, token: str) -> None:
        self._pass()
        found, change_set = self._stack("ExecuteChangeSet", stack), self.change_sets.get((stack, name))
        if change_set is None:
            raise AwsRefused("ExecuteChangeSet", "ChangeSetNotFound", f"ChangeSet [{name}] does not exist")
        if change_set.executed_by == token:
            return
        if change_set.execution != "AVAILABLE":
            raise AwsRefused("ExecuteChangeSet", "InvalidChangeSetStatus", f"ChangeSet [{name}] cannot be executed")
        if found.status not in UPDATABLE | {"REVIEW_IN_PROGRESS"}:
            raise _refused("ExecuteChangeSet", f"Stack [{stack}] is in {found.status} state")
        busy = [task.name for task in self._touched(found, change_set.template) if not at_rest(task)]
        self._happened("ExecuteChangeSet", name, ",".join(busy))
        change_set.execution, change_set.executed_by = "EXECUTE_IN_PROGRESS", token
        created = found.status == "REVIEW_IN_PROGRESS"
        found.status = "CREATE_IN_PROGRESS" if created else "UPDATE_IN_PROGRESS"
        found.template = change_set.template if created else found.template
        seconds = NEVER if self.hanging_updates else self.times.update
        self.hanging_updates -= self.hanging_updates > 0
        found.wanted, found.due, found.reason = change_set.template, self._after(seconds), ""
        for key in [key for key in self.change_sets if key[0] == stack and key[1] != name]:
            del self.change_sets[key]

    def delete_stack(self, stack: str, token: str) -> None:
        self._pass()
        found = self.stacks.get(stack)
        if found is None or found.status == "DELETE_IN_PROGRESS":
            return
        if found.due is not None:
            raise _refused("DeleteStack", f"Stack [{stack}] is in {found.status} state")
        self._happened("DeleteStack", stack)
        found.status, found.due = "DELETE_IN_PROGRESS", self._after(self.times.update)

    def cancel_update(self, stack: str, token: str) -> None:
        self._pass()
        found = self._stack("CancelUpdateStack", stack)
        if token in self.tokens:
            return
        if found.status != "UPDATE_IN_PROGRESS":
            raise _refused("CancelUpdateStack", f"Stack [{stack}] is in {found.status} state")
        self._happened("CancelUpdateStack", stack)
        self.tokens.add(token)
        found.status, found.reason = "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated"
        found.due = self._after(self.times.update)

    def continue_rollback(self, stack: str, token: str) -> None:
        self._pass()
        found = self._stack("ContinueUpdateRollback", stack)
        if token in self.tokens:
            return
        if found.status != "UPDATE_ROLLBACK_FAILED":
            raise _refused("ContinueUpdateRollback", f"Stack [{stack}] is in {found.status} state")
        self._happened("ContinueUpdateRollback", stack)
        self.tokens.add(token)
        found.status, found.due = "UPDATE_ROLLBACK_IN_PROGRESS", self._after(self.times.update)

    def fence(self, tag: str) -> None:
        """Nothing is fenced here: see ``FencedHands``."""

    def session_left(self) -> float:
        return self.session_seconds

    def stop_task(self, arn: str) -> None:
        self._pass()
        task = self._task("StopReplicationTask", arn)
        if task.status != "running":
            raise _wrong_state("StopReplicationTask", task)
        loading = ",".join(".".join(key) for key, state in task.tables.items() if state in {"Before load", "Full load"})
        self._happened("StopReplicationTask", task.name, loading)
        task.status = "stopping"
        task.due = self._after(NEVER if task.name in self.stubborn else self.times.stop)

    def start_task(self, arn: str, *, first: bool) -> None:
        self._pass()
        task = self._task("StartReplicationTask", arn)
        if not at_rest(task) or not self.endpoint_tested(arn):
            raise _wrong_state("StartReplicationTask", task)
        if first == task.ever_ran:
            message = "Start Type : START_REPLICATION, valid only for tasks running for the first time"
            raise AwsRefused("StartReplicationTask", "InvalidParameterCombinationException", message)
        self._happened("StartReplicationTask", task.name, self._at_work())
        task.status, task.ever_ran, task.due = "starting", True, self._after(self.times.start)
        task.last_failure = ""

    def tag_task(self, arn: str, tags: Mapping[str, str]) -> None:
        self._pass()
        task = self._task("AddTagsToResource", arn)
        self._happened("AddTagsToResource", task.name)
        task.tags |= tags

    def untag_task(self, arn: str, keys: tuple[str, ...]) -> None:
        self._pass()
        task = self._task("RemoveTagsFromResource", arn)
        self._happened("RemoveTagsFromResource", task.name)
        for key in keys:
            task.tags.pop(key, None)

    def _task(self, operation: str, arn: str) -> FakeTask:
        for task in self.live.values():
            if task.arn == arn:
                return task
        raise AwsRefused(operation, "ResourceNotFoundFault", f"{arn} does not exist")

    def _stack(self, operation: str, name: str) -> FakeStack:
        if name not in self.stacks:
            raise _refused(operation, f"Stack [{name}] does not exist")
        return self.stacks[name]

    def _view(self, task: FakeTask) -> TaskView:
        return TaskView(
            task.name,
            task.arn,
            task.status,
            task.ever_ran,
            last_failure=task.last_failure,
            stopped_at=task.stopped_at,
        )


def _wrong_state(operation: str, task: FakeTask) -> AwsRefused:
    return AwsRefused(operation, "InvalidResourceStateFault", f"{task.name} is in {task.status} state")


def _refused(operation: str, message: str) -> AwsRefused:
    """CloudFormation has one code for almost everything."""
    return AwsRefused(operation, "ValidationError", message)
