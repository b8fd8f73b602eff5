"""A failed rollback that a person lets go on: what it changes back must stand still, as for every update.

While it was stuck the tasks were started again, on whichever of the two configs they had, and CloudFormation cannot
modify a running task. So they are stopped once more, under the same guards as ever, and started when it is through.
Each asking is one try: where a task cannot be stopped, or one begins to load while others stand still, it is over.
"""

from __future__ import annotations

from datetime import datetime

from deploy_engine.execution.calls import ContinueRollback, StopTask, TagTask
from deploy_engine.execution.decision import WARNING, Act, Decision, Wait
from deploy_engine.execution.decisions.giving_up import refused
from deploy_engine.execution.decisions.pause import note
from deploy_engine.execution.facts import (
    TAG_FENCE,
    TAG_RUN,
    TAGGED,
    current_step,
    fence_tag,
    interrupted,
    listed,
    token,
    unrefreshed,
)
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.resuming import CONTINUED, rollback_asked
from deploy_engine.live import TaskView

LAST_STOP = "step.rollback-stopped-at"


def rollback(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision | None:
    """Stop what runs, then go on with the rollback; None where nobody asks for it, or the try is over."""
    stack, asked = observed.stack, record.rollback_requested_at
    if asked is None or stack is None or not rollback_asked(record, stack) or refused(record, stack.name, limits):
        return None
    tasks = [observed.tasks[name] for name in record.resumable if name in observed.tasks]
    running = [task for task in tasks if task.running]
    if running:
        return _stop(record, observed, running, now, limits, begun=len(running) < len(tasks))
    moving = [task.name for task in tasks if not task.at_rest]
    since = record.memory.get(LAST_STOP, asked.isoformat())
    if moving and (now - datetime.fromisoformat(since)).total_seconds() > limits.stop_deadline:
        return _over(record, f"{listed(moving)} did not stop")
    if moving:
        return Wait(limits.poll, f"Waiting for {listed(moving)} to stop before the rollback goes on")
    call = ContinueRollback(stack.name, f"{token(record)}-c{asked.timestamp():.0f}")
    return Act(call, remember={CONTINUED: asked.isoformat()})


def _stop(
    record: DeploymentRecord,
    observed: Observed,
    running: list[TaskView],
    now: datetime,
    limits: Limits,
    *,
    begun: bool,
) -> Decision:
    """The next of the running ones; none before all of them may be, so that none stands still for another's load."""
    for task in running:
        why = _in_the_way(record, observed, task, now, limits)
        if why and begun:
            return _over(record, why)
        if why:
            return Wait(limits.load_poll, f"The rollback goes on once that is over: {why}", all_run=True)
    task = running[0]
    reason = refused(record, task.name, limits)
    if reason:
        return _over(record, f"{task.name} cannot be stopped: {reason}")
    tags = observed.tags.get(task.name, {})
    noted = tags.get(TAG_RUN) == record.run and (not limits.fenced or tags.get(TAG_FENCE) == fence_tag(record))
    if not noted:
        mark = fence_tag(record) if limits.fenced else "yes"
        return Act(TagTask(task.name, task.arn, note(record, task.name, now, limits)), {TAGGED + task.name: mark})
    return Act(StopTask(task.name, task.arn), {LAST_STOP: now.isoformat()})


def _in_the_way(record: DeploymentRecord, observed: Observed, task: TaskView, now: datetime, limits: Limits) -> str:
    tables = observed.statistics.get(task.name)
    if tables is None:
        return f"the tables of {task.name} are not known"
    loads = interrupted((current_step(record),), task.name, tables)
    if loads:
        return f"{task.name} is loading {listed(loads)}, and a full load is never interrupted"
    return unrefreshed(tables, now, limits)


def _over(record: DeploymentRecord, why: str) -> Decision:
    asked = record.rollback_requested_at
    remember = {CONTINUED: "" if asked is None else asked.isoformat()}
    return Wait(0, f"The rollback was not gone on with: {why}", remember, told=True, level=WARNING)
