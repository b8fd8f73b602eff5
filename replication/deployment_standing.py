"""How things stand in every state of a deployment, and what may be done: one table, for pages, services and the API.

A row is a state of the engine and whether it goes forward or back. `now` says what is so at this moment, for somebody
who has just been woken; `deeds` are what a person can do, the one that fits best first; `no_cancel` says why it cannot
be given up, where it cannot. After the first step of several there is only forward, so some rows differ there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from deploy_engine.execution.states import State, Why
from replication.choices import DeploymentState


class Deed(StrEnum):
    """What a person can do about a deployment."""

    CANCEL = "cancel"
    TRY_AGAIN = "try again"
    GO_ON = "go on"
    NEW_VERSION = "new version"
    CONTINUE_ROLLBACK = "continue rollback"


@dataclass(frozen=True)
class Standing:
    """One row: `now` is one or two sentences."""

    now: str
    deeds: tuple[Deed, ...] = ()
    no_cancel: str = ""


FORWARD_ONLY = "It cannot be cancelled: going back would load into folders that hold data, so there is only forward."
NOTHING_LOST = "Nothing was lost: what waits in a source’s log is read when its task goes on."
OVER = "It is over."

_UNTOUCHED = Standing("Nothing has been touched: every task runs as it did before.", (Deed.CANCEL,))
_TURNING_BACK = "It cannot be cancelled: it is turning back already."
_STARTING = "It cannot be cancelled: what was asked for is deployed, and its tasks are being started."
_STUCK = (Deed.GO_ON, Deed.CONTINUE_ROLLBACK, Deed.CANCEL)

_GO: dict[State, Standing] = {
    State.QUEUED: _UNTOUCHED,
    State.PLANNING: _UNTOUCHED,
    State.LOCKED: _UNTOUCHED,
    State.PREPARE: Standing(
        "No task has been stopped: CloudFormation is asked what the update would do.", (Deed.CANCEL,)
    ),
    State.GUARD: Standing(
        "Every task still runs. It goes on by itself as soon as nothing stands in the way.", (Deed.CANCEL,)
    ),
    State.PAUSE: Standing(f"Tasks are being stopped. {NOTHING_LOST} Cancelling starts them again.", (Deed.CANCEL,)),
    State.EXECUTE: Standing(
        f"The tasks of the step stand still while CloudFormation updates the stack. {NOTHING_LOST} What CloudFormation "
        "has in hand it ends by itself; cancelling takes effect before that, or where it takes too long.",
        (Deed.CANCEL,),
    ),
    State.RESUME: Standing("The update is done, and the tasks are being started again.", no_cancel=_STARTING),
    State.VERIFY: Standing(
        "The tasks run. They are watched until they are seen running twice, with the right tables.", no_cancel=_STARTING
    ),
    State.ABORT: Standing("No task stands still. What was prepared is being cleared away.", no_cancel=_TURNING_BACK),
    State.HALF: Standing(
        "The first step is done and the next is not. The tasks run, without the tables that have yet to load. "
        f"{NOTHING_LOST} The next step is tried again by itself.",
        (Deed.GO_ON, Deed.NEW_VERSION),
        FORWARD_ONLY,
    ),
    State.STUCK: Standing(
        f"It needs a person. Sluice goes on starting whatever may be started. {NOTHING_LOST}", _STUCK
    ),
    State.DONE: Standing("What the revision says runs.", no_cancel=OVER),
    State.FAILED_SAFE: Standing(
        f"It was undone: the tasks are as the config before it wants them. {NOTHING_LOST}", (Deed.TRY_AGAIN,), OVER
    ),
    State.STALE: Standing("Nothing was touched: everything runs as it did before.", (Deed.TRY_AGAIN,), OVER),
    State.REJECTED: Standing("Nothing was touched: everything runs as it did before.", (Deed.TRY_AGAIN,), OVER),
}
_BACK: dict[State, Standing] = {
    State.RESUME: Standing(
        f"It is turning back: what it stopped is being started again. {NOTHING_LOST}", no_cancel=_TURNING_BACK
    ),
    State.VERIFY: Standing(
        "It has turned back, and the tasks run. They are watched until they are seen running twice.",
        no_cancel=_TURNING_BACK,
    ),
}
_LATER: dict[State, Standing] = {
    State.PREPARE: Standing(
        "The first step is done and all tasks run, without the tables that have yet to load.", no_cancel=FORWARD_ONLY
    ),
    State.GUARD: Standing(
        "The first step is done and all tasks run. It goes on by itself as soon as nothing stands in the way.",
        no_cancel=FORWARD_ONLY,
    ),
    State.PAUSE: Standing(f"Tasks are being stopped for the next step. {NOTHING_LOST}", no_cancel=FORWARD_ONLY),
    State.EXECUTE: Standing(
        f"The tasks of the step stand still while CloudFormation updates the stack. {NOTHING_LOST}",
        no_cancel=FORWARD_ONLY,
    ),
    State.ABORT: Standing(
        "The first step is done. No task stands still; what the next step prepared is being cleared away.",
        no_cancel=FORWARD_ONLY,
    ),
    State.STUCK: Standing(
        f"It needs a person. Sluice goes on starting whatever may be started. {NOTHING_LOST}",
        (Deed.GO_ON, Deed.CONTINUE_ROLLBACK),
        FORWARD_ONLY,
    ),
}
_OF_ROWS: dict[DeploymentState, Standing] = {
    DeploymentState.CANCELLED: Standing(
        "It was given up on request: the tasks are as they were before it.", (Deed.TRY_AGAIN,), OVER
    ),
    DeploymentState.REPLACED: Standing(
        "Its first step is done; what was left of it, a later deployment does.", no_cancel=OVER
    ),
    DeploymentState.REFUSED: _GO[State.STALE],
    DeploymentState.DONE: _GO[State.DONE],
    DeploymentState.FAILED_SAFE: _GO[State.FAILED_SAFE],
}
_BROKEN_OFF = Standing(
    "Sluice’s own looks at it break off, one after the other, and go on being tried. The tasks are listed below.",
    (Deed.GO_ON,),
    "It cannot be cancelled before a look at it succeeds.",
)


def standing_in(state: str, phase: str, why: Why, step: int) -> Standing:
    """The row for a deployment's state, the engine's phase ("" before the engine has it), its way and its step."""
    special = _OF_ROWS.get(DeploymentState(state))
    if special is not None:
        return special
    engine = State(phase) if phase else State.QUEUED
    if state == DeploymentState.STUCK and engine is not State.STUCK:
        return _BROKEN_OFF
    if why is Why.ABORT and engine in _BACK:
        return _BACK[engine]
    if step > 0 and engine in _LATER:
        return _LATER[engine]
    return _GO[engine]
