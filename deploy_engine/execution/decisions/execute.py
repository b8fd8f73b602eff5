"""EXECUTE: hand the change set to CloudFormation once every affected task stands still, and wait for its verdict."""

from __future__ import annotations

import re
from datetime import datetime

from deploy_engine.execution.calls import CancelUpdate, ExecuteChangeSet
from deploy_engine.execution.decision import ERROR, Act, Decision, Move, Wait
from deploy_engine.execution.decisions.giving_up import may_be_cancelled, refused, stuck, turn_back
from deploy_engine.execution.facts import current_step, is_target, listed, token, waited
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import ChangeSetView, DeploymentRecord
from deploy_engine.execution.states import State, Why
from deploy_engine.live import StackView

_TECHNICAL = re.compile(r"\s*\(Service: [^()]*\)")
"""What CloudFormation adds to a service's own words: its name, codes and the request's id. It stays in the original."""

EXECUTED = "executed"
TOLD_LATE = "told-late"
SUCCEEDED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
CANNOT_GO_ON = frozenset(
    {"UPDATE_ROLLBACK_FAILED", "ROLLBACK_FAILED", "UPDATE_FAILED", "CREATE_FAILED", "DELETE_FAILED"}
)


def execute(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    stack, change_set = observed.stack, observed.change_set
    if is_target(stack, current_step(record)) or _carried_out(stack, change_set):
        return Move(State.RESUME, f"{record.plan.stack} is up to date", why=Why.GO)
    if stack is not None and stack.in_progress:
        return _at_work(record, stack, now, limits)
    if stack is not None and stack.status in CANNOT_GO_ON:
        reason = f"{stack.name} could not be brought back by CloudFormation either ({stack.status})"
        return stuck(reason, Why.ABORT, observed.failure or stack.status_reason)
    if change_set is not None and change_set.execution_status == "AVAILABLE":
        return _hand_over(record, observed, now, limits)
    if change_set is not None and change_set.execution_status in {"EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE"}:
        settled = change_set.execution_status == "EXECUTE_COMPLETE" and stack is not None and "ROLLBACK" in stack.status
        if not settled and waited(record, now) <= limits.update_deadline:
            return Wait(limits.poll, f"Waiting for CloudFormation ({waited(record, now):.0f} s)")
    failure = observed.failure or ("" if stack is None else stack.status_reason)
    what = "creation of the stack" if record.plan.first_deployment else "stack update"
    words = _TECHNICAL.sub("", failure).rstrip(". ")
    return turn_back(f"the {what} failed{f': {words}' if words else ''}", failure)


def _carried_out(stack: StackView | None, change_set: ChangeSetView | None) -> bool:
    """CloudFormation says so itself: our change set is executed and the stack complete."""
    executed = change_set is not None and change_set.execution_status == "EXECUTE_COMPLETE"
    return executed and stack is not None and stack.status in SUCCEEDED


def _at_work(record: DeploymentRecord, stack: StackView, now: datetime, limits: Limits) -> Decision:
    """Nothing is started while CloudFormation works, however long that takes (invariant I4); people are told."""
    late = waited(record, now) > limits.update_deadline
    may_cancel = stack.status == "UPDATE_IN_PROGRESS" and not refused(record, stack.name, limits)
    if late and may_cancel and (record.cancel_requested or limits.cancel_late_updates):
        return Act(CancelUpdate(stack.name, f"{token(record)}-cancel"))
    if late and TOLD_LATE not in record.memory:
        message = f"CloudFormation has been at work for more than {limits.update_deadline / 60:.0f} minutes"
        message += "; cancelling the deployment lets it roll the update back" if may_cancel else ""
        return Wait(limits.poll, message, remember={TOLD_LATE: "yes"}, told=True, level=ERROR)
    return Wait(limits.poll, f"CloudFormation is at work ({stack.status}, {waited(record, now):.0f} s)")


def _hand_over(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    if may_be_cancelled(record):
        return turn_back("it was cancelled")
    reason = refused(record, token(record), limits)
    if reason:
        return turn_back("CloudFormation does not take the update", reason)
    taken = [prefix for prefix, occupied in observed.occupied.items() if occupied]
    if taken:
        return turn_back(f"data has appeared under {listed(taken)}, where a table would load")
    sent = record.memory.get(EXECUTED)
    if sent and (now - datetime.fromisoformat(sent)).total_seconds() <= limits.settle:
        return Wait(limits.poll, "Waiting for CloudFormation to begin")
    return _tasks_in_the_way(record, observed, now, limits) or Act(
        ExecuteChangeSet(record.plan.stack, token(record), token(record), record.plan.first_deployment),
        remember={EXECUTED: now.isoformat()},
    )


def _tasks_in_the_way(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision | None:
    """DMS lets no running task be modified, and CloudFormation would roll everything back for it."""
    step = current_step(record)
    affected = dict.fromkeys((*step.pause, *step.resume, *step.stay_stopped))
    running = [name for name in affected if name in observed.tasks and observed.tasks[name].running]
    if running:
        if all(name in step.pause for name in running):
            return Move(State.PAUSE, f"{listed(running)} was started by somebody meanwhile; stopping it again")
        return turn_back(f"{listed(running)} was started by somebody since the plan was made")
    moving = [name for name in affected if name in observed.tasks and not observed.tasks[name].at_rest]
    gone = [name for name in step.pause if name not in observed.tasks]
    if (moving or gone) and waited(record, now) > limits.stop_deadline:
        return turn_back(f"{listed(moving or gone)} is neither stopped nor running")
    if moving or gone:
        return Wait(limits.poll, f"Waiting for {listed(moving or gone)} to stand still")
    return None
