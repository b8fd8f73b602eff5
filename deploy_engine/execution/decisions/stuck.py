"""STUCK: a person is needed. Until one has come, whatever may be started is started, again and again."""

from __future__ import annotations

from datetime import datetime

from deploy_engine.execution.decision import REASON, Decision, Move, Wait
from deploy_engine.execution.decisions.giving_up import PERSON, REFUSALS, REFUSED
from deploy_engine.execution.decisions.resume import start
from deploy_engine.execution.decisions.rollback import rollback
from deploy_engine.execution.facts import listed, tasks_to_run, waited
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.resuming import BLOCKED, direction, next_to_start
from deploy_engine.execution.states import State


def still_stuck(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    """STUCK: the guarded resume goes on being tried; once all is well the deployment goes on by itself."""
    stack = observed.stack
    if stack is not None and stack.in_progress:
        return Wait(limits.stuck_poll, f"CloudFormation is at work ({stack.status})")
    return rollback(record, observed, now, limits) or _resumed(record, observed, now, limits)


def _resumed(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    stack = observed.stack
    way = direction(record, stack)
    names = tasks_to_run(record, way)
    task = next_to_start(record, names, observed.tasks)
    if task is not None:
        return start(record, observed, task, now, limits)
    reason = record.memory.get(REASON, "")
    standing = [name for name in names if not (name in observed.tasks and observed.tasks[name].running)]
    moving = [name for name in standing if name in observed.tasks and not observed.tasks[name].at_rest]
    if moving and waited(record, now) <= limits.start_deadline:
        return Wait(limits.stuck_poll, f"Waiting for {listed(moving)} to run")
    if standing:
        message = f"{PERSON}: {reason}. Not running: {listed(standing)}"
        return Wait(limits.stuck_poll, message, forget=(BLOCKED, REFUSALS, REFUSED))
    if record.cancel_requested:
        return Move(State.ABORT, f"Given up on request: {reason}")
    if stack is None or stack.updatable or stack.never_succeeded:
        return Move(State.VERIFY, "All tasks run again", why=way)
    status = "" if stack.status in reason else f"; the stack is {stack.status}"
    message = f"{PERSON}: {reason}. All tasks run{status}"
    return Wait(limits.stuck_poll, message, all_run=True)
