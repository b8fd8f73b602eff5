"""Before anything is touched: QUEUED, PLANNING, LOCKED. Every refusal here is one that costs nothing."""

from __future__ import annotations

from datetime import datetime

from deploy_engine.diffing import template_sha256
from deploy_engine.execution.decision import WARNING, Decision, Finish, Move
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import State

NOTHING_TO_DO = "Nothing to do: what runs is what the config says"
CANCELLED = "Cancelled before anything was touched"


def queued(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    """The journal keeps one live deployment per stack: where it refuses this move, the executor waits."""
    if record.cancel_requested:
        return Finish(State.FAILED_SAFE, CANCELLED)
    return Move(State.PLANNING, "Making the plan again over what AWS shows now")


def planning(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    """What was approved is a fingerprint: another one goes back to its approvers."""
    if record.cancel_requested:
        return Finish(State.FAILED_SAFE, CANCELLED)
    fresh = observed.fresh_plan
    if isinstance(fresh, str):
        return Finish(State.REJECTED, f"Refused before anything was touched: {fresh or 'there is no plan'}", WARNING)
    if not fresh.steps:
        return Finish(State.DONE, NOTHING_TO_DO)
    if fresh.fingerprint != record.plan.fingerprint:
        return Finish(
            State.STALE,
            "What runs has changed since this plan was made, so it would do something else now; nothing was touched",
            WARNING,
        )
    return Move(State.LOCKED, "The plan is still the one that was approved", plan=fresh)


def locked(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    """The stack is ours; what is deployed must still be what the plan was made over."""
    if record.cancel_requested:
        return Finish(State.FAILED_SAFE, CANCELLED)
    if not record.plan.steps:
        return Finish(State.DONE, NOTHING_TO_DO)
    stack = observed.stack
    if template_sha256(None if stack is None else stack.template) != record.plan.deployed_sha256:
        return Finish(
            State.STALE, f"{record.plan.stack} was changed while the plan was being made; nothing was touched", WARNING
        )
    return Move(State.PREPARE, f"Preparing {record.plan.stack}", step=0)
