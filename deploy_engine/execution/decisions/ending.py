"""ABORT and HALF: the ends of what did not go through."""

from __future__ import annotations

from datetime import datetime

from deploy_engine.execution.calls import DeleteChangeSet, UntagTask
from deploy_engine.execution.decision import ERROR, REASON, WARNING, Act, Decision, Finish, Move, Wait
from deploy_engine.execution.decisions.giving_up import refused
from deploy_engine.execution.facts import CLEARED, NOTES, ROUND, TAGGED, listed, tagged_tasks, waited
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import ChangeSetView, DeploymentRecord
from deploy_engine.execution.states import State, Why

UNUSED = frozenset({"AVAILABLE", "UNAVAILABLE"})
TOLD_FORWARD_ONLY = "told-forward-only"


def abort_state(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    """Clear away the change set that was not used; then say how it stands."""
    unused = observed.change_set
    if unused is not None and _to_delete(unused) and not refused(record, unused.name, limits):
        return Act(DeleteChangeSet(record.plan.stack, unused.name))
    for name in tagged_tasks(record):
        if name in observed.tasks and CLEARED + name not in record.memory and not refused(record, name, limits):
            gone = {CLEARED + name: "yes", TAGGED + name: ""}
            return Act(UntagTask(name, observed.tasks[name].arn, NOTES), gone)
    reason = record.memory.get(REASON, "it was given up")
    if record.step > 0:
        message = f"Half done: step {record.step} is deployed and the next failed: {reason}. All tasks run"
        return Move(State.HALF, message, level=ERROR)
    if record.why is Why.GO:
        tail = "Given up on request; all tasks run"
    elif record.resumable:
        verb = "runs" if len(record.resumable) == 1 else "run"
        tail = f"{listed(record.resumable)} {verb} again as before; nothing was lost"
    else:
        tail = "No task was stopped"
    return Finish(State.FAILED_SAFE, f"{reason[:1].upper()}{reason[1:]}. {tail}", WARNING)


def _to_delete(change_set: ChangeSetView) -> bool:
    return change_set.execution_status in UNUSED and not change_set.status.startswith("DELETE")


def half(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    """Going back would load into a folder that holds data: there is only forward, with patience."""
    tries = int(record.memory.get(ROUND, "0"))
    pause = min(limits.half_retry * 2 ** min(tries, 10), limits.half_retry * 60)
    if record.cancel_requested and TOLD_FORWARD_ONLY not in record.memory:
        message = "It cannot be cancelled any more: going back would load into folders that hold data"
        return Wait(limits.poll, message, remember={TOLD_FORWARD_ONLY: "yes"}, told=True, level=WARNING)
    if waited(record, now) < pause:
        reason = record.memory.get(REASON, "")
        return Wait(min(pause, limits.stuck_poll), f"Half done ({reason}); trying the next step again soon")
    return Move(State.PREPARE, "Trying the step again", why=Why.GO, resumable=(), remember={ROUND: str(tries + 1)})
