"""The three ways out of a step that cannot go on, and what stands in the way of each."""

from __future__ import annotations

from deploy_engine.execution.decision import ERROR, REASON, WARNING, Finish, Move, Wait
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import State, Why

PERSON = "A person is needed"
"""How every sentence begins that says that nothing more can be done without one."""

REFUSALS = "refusals:"
REFUSED = "refused:"
BLIND = "blind"
"""Remembered while AWS refuses to be looked at in the middle of a pause: a person is needed, and it is tried again."""


def abort(reason: str, detail: str = "") -> Move:
    """Before the first stop of a step: nothing has to be brought back."""
    return Move(
        State.ABORT,
        f"Giving up before any task is stopped: {reason}",
        why=Why.ABORT,
        remember={REASON: reason},
        level=WARNING,
        detail=detail,
    )


def turn_back(reason: str, detail: str = "", *, level: str = WARNING) -> Move:
    """After a stop: whatever was stopped runs again first."""
    return Move(
        State.RESUME,
        f"Turning back: {reason}",
        why=Why.ABORT,
        remember={REASON: reason},
        level=level,
        detail=detail,
    )


def stuck(reason: str, why: Why | None = None, detail: str = "") -> Move:
    """A person is needed; until one comes, resuming goes on being tried."""
    return Move(State.STUCK, f"{PERSON}: {reason}", why=why, remember={REASON: reason}, level=ERROR, detail=detail)


def refused(record: DeploymentRecord, target: str, limits: Limits) -> str:
    """AWS's refusal of the call on ``target`` once it was refused often enough to stop trying, else ""."""
    if int(record.memory.get(REFUSALS + target, "0")) < limits.attempts:
        return ""
    return record.memory.get(REFUSED + target, "AWS refused it")


def without_sight(record: DeploymentRecord, refusal: str, limits: Limits) -> Move | Wait | Finish:
    """AWS refuses to be looked at: before the first stop that ends the deployment, later it is asked again for ever."""
    message = f"AWS does not let the deployment look: {refusal}"
    if record.attempts + 1 < limits.attempts:
        return Wait(limits.poll, message)
    if record.state in {State.PREPARE, State.GUARD}:
        return abort(message)
    if record.state in {State.PLANNING, State.LOCKED} or (record.state is State.ABORT and record.step == 0):
        return Finish(State.FAILED_SAFE, f"{message}. No task was stopped", WARNING)
    if BLIND in record.memory:
        return Wait(limits.stuck_poll, message, {BLIND: "yes"})
    return Wait(limits.stuck_poll, f"{PERSON}: {message}", {BLIND: "yes"}, told=True, level=ERROR)


def may_be_cancelled(record: DeploymentRecord) -> bool:
    """Asked for, and safe: after the first step of several there is only forward (docs/reliability.md, rule 10)."""
    return record.cancel_requested and record.step == 0
