"""PAUSE: note the deployment on each task, look at its tables once more, stop it; until all stand still."""

from __future__ import annotations

from datetime import datetime, timedelta

from deploy_engine.execution.calls import StopTask, TagTask
from deploy_engine.execution.decision import ERROR, Act, Decision, Move, Wait
from deploy_engine.execution.decisions.giving_up import may_be_cancelled, refused, turn_back
from deploy_engine.execution.facts import (
    OUTDATED,
    STOPPED,
    TAG_DESIRED,
    TAG_FENCE,
    TAG_RESUME_BY,
    TAG_RUN,
    TAGGED,
    changes_run_states_only,
    current_step,
    fence_tag,
    interrupted,
    listed,
    tasks_to_stop,
    unrefreshed,
    waited,
)
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed, next_to_stop
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import State, Why
from deploy_engine.live import TaskView


def pause(  # noqa: PLR0911 one guard after the other
    record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits
) -> Decision:
    names = tasks_to_stop(record)
    if may_be_cancelled(record):
        return turn_back("it was cancelled")
    gone = [name for name in names if name not in observed.tasks]
    if gone:
        return turn_back(f"{listed(gone)} does not exist any more")
    if waited(record, now) > limits.stop_deadline:
        moving = [name for name in names if not observed.tasks[name].at_rest]
        if moving:
            late = f"{listed(moving)} did not stop within {limits.stop_deadline / 60:.0f} minutes"
            return turn_back(late, level=ERROR)
    task = next_to_stop(record, observed.tasks)
    if task is not None:
        return _stop(record, observed, task, now, limits)
    moving = [name for name in names if not observed.tasks[name].at_rest]
    if moving:
        return Wait(limits.poll, f"Waiting for {listed(moving)} to stop ({waited(record, now):.0f} s)")
    if changes_run_states_only(record):
        return Move(State.RESUME, f"{listed(names)} stopped", why=Why.GO)
    return Move(State.EXECUTE, f"{listed(names)} stopped; nothing else is in the way")


def _stop(record: DeploymentRecord, observed: Observed, task: TaskView, now: datetime, limits: Limits) -> Decision:
    """Tag first, then stop: whoever finds the task stopped can tell by the tag who owes it a resume, and until when.

    Behind the fence the tag is looked at before the stop: a worker that slept may have put its own old one over it, and
    AWS would refuse every stop.
    """
    reason = refused(record, task.name, limits)
    if reason:
        return turn_back(f"{task.name} cannot be stopped", reason)
    noted = fence_tag(record) if limits.fenced else "yes"
    overwritten = limits.fenced and observed.tags.get(task.name, {}).get(TAG_FENCE) != fence_tag(record)
    if record.memory.get(TAGGED + task.name) != noted or overwritten:
        return Act(TagTask(task.name, task.arn, note(record, task.name, now, limits)), {TAGGED + task.name: noted})
    tables = observed.statistics.get(task.name)
    if tables is None:
        return Wait(limits.poll, f"Looking at the tables of {task.name} before stopping it")
    begun = interrupted((current_step(record),), task.name, tables)
    unknown = unrefreshed(tables, now, limits)
    if not begun and not unknown:
        return Act(StopTask(task.name, task.arn))
    why = f"{task.name} began to load {listed(begun)}" if begun else f"what {task.name} does is not known: {unknown}"
    others = [name for name in tasks_to_stop(record) if not observed.tasks[name].running]
    if others:
        return turn_back(f"{why}, and a full load is never interrupted")
    outdated = {TAGGED + task.name: OUTDATED}
    return Move(State.GUARD, f"{why}; it runs on, and the deployment waits", remember=outdated)


def note(record: DeploymentRecord, task: str, now: datetime, limits: Limits) -> dict[str, str]:
    """The tags of a task that this deployment holds stopped."""
    fence = {TAG_FENCE: fence_tag(record)} if limits.fenced else {}
    if task in current_step(record).stay_stopped:
        return {TAG_RUN: record.run, TAG_DESIRED: STOPPED, **fence}
    until = now + timedelta(seconds=limits.pause_budget)
    return {TAG_RUN: record.run, TAG_RESUME_BY: until.isoformat(timespec="seconds"), **fence}
