"""RESUME: what was stopped runs again, and what is new runs for the first time — guarded, one task at a time.

A task is started only when CloudFormation is done with the stack, its live mapping is one that we know, no connection
test is under way, and every table that would load finds its prefix empty. An S3 object overwritten is lost for ever;
a task that stands still loses nothing until its source's log does: so a task that fails this guard stays stopped and
a person is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from deploy_engine.execution.calls import StartTask, TagTask
from deploy_engine.execution.decision import Act, Decision, Move, Wait
from deploy_engine.execution.decisions.giving_up import refused, stuck
from deploy_engine.execution.decisions.pause import note
from deploy_engine.execution.facts import (
    STARTS,
    TAG_FENCE,
    TAG_RUN,
    fence_tag,
    listed,
    mapping_known,
    tasks_to_run,
    waited,
)
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.resuming import BLOCKED, next_to_start
from deploy_engine.execution.states import State
from deploy_engine.live import TaskView


def resume(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    stack = observed.stack
    if stack is not None and stack.in_progress:
        return Wait(limits.poll, f"Waiting for CloudFormation before any task is started ({stack.status})")
    names = tasks_to_run(record, record.why)
    task = next_to_start(record, names, observed.tasks)
    if task is not None:
        return start(record, observed, task, now, limits)
    moving = _not_running(names, observed.tasks, record.memory)
    if moving and waited(record, now) <= limits.start_deadline:
        return Wait(limits.poll, f"Waiting for {listed(moving)} to run ({waited(record, now):.0f} s)")
    blocked = [f"{name}: {record.memory[BLOCKED + name]}" for name in names if BLOCKED + name in record.memory]
    if moving:
        blocked.append(f"{listed(moving)} did not come to run within {limits.start_deadline / 60:.0f} minutes")
    if blocked:
        return stuck("; ".join(blocked))
    running = f"{listed(names)} {'runs' if len(names) == 1 else 'run'}" if names else "No task has to be started"
    return Move(State.VERIFY, running)


def _not_running(names: tuple[str, ...], tasks: Mapping[str, TaskView], memory: Mapping[str, str]) -> list[str]:
    return [name for name in names if not (name in tasks and tasks[name].running) and f"{BLOCKED}{name}" not in memory]


def start(record: DeploymentRecord, observed: Observed, task: TaskView, now: datetime, limits: Limits) -> Decision:
    """Start ``task``, or say why not."""
    obstacle = _obstacle(record, observed, task, limits)
    if obstacle:
        return Wait(0, f"{task.name} stays stopped: {obstacle}", {BLOCKED + task.name: obstacle}, told=True)
    tags = observed.tags.get(task.name, {})
    unfenced = limits.fenced and tags.get(TAG_FENCE) != fence_tag(record)
    if task.name in record.resumable and (unfenced or tags.get(TAG_RUN) != record.run):
        return Act(TagTask(task.name, task.arn, note(record, task.name, now, limits)))
    if unfenced:
        return Act(TagTask(task.name, task.arn, {TAG_FENCE: fence_tag(record)}))
    if not observed.connection_tested.get(task.name, False):
        if waited(record, now) > limits.start_deadline:
            return Wait(
                0, "The connection test does not end", {BLOCKED + task.name: "its connection test does not end"}
            )
        return Wait(limits.poll, f"Waiting for the connection test of {task.name}")
    tries = int(record.memory.get(STARTS + task.name, "0")) + 1
    remember = {STARTS + task.name: str(tries)}
    if record.state is State.STUCK:
        remember[BLOCKED + task.name] = "it was started, and has to show that it runs"
    return Act(StartTask(task.name, task.arn, first=not task.ever_ran), remember)


def _obstacle(record: DeploymentRecord, observed: Observed, task: TaskView, limits: Limits) -> str:
    """Why the task may not be started, for good as far as we can tell; "" where it may."""
    reason = refused(record, task.name, limits)
    if reason:
        return f"it cannot be started: {reason}"
    if record.state is not State.STUCK and int(record.memory.get(STARTS + task.name, "0")) >= limits.attempts:
        return f"it does not stay running ({task.last_failure or task.stop_reason or task.status})"
    if not mapping_known(record, observed.stack, task.name, observed.mappings.get(task.name, "")):
        return "its tables are neither those of the old config nor those of the new one"
    for prefix, taken in observed.occupied.items():
        if taken:
            return f"data lies already under {prefix}, and starting it would overwrite that"
    return ""
