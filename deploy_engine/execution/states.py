"""The states of a deployment, each with what it means for people."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a deployment stands. A step's states come again for each step."""

    QUEUED = "queued"
    PLANNING = "planning"
    LOCKED = "locked"
    PREPARE = "prepare"
    GUARD = "guard"
    PAUSE = "pause"
    EXECUTE = "execute"
    RESUME = "resume"
    VERIFY = "verify"
    ABORT = "abort"
    HALF = "half"
    STUCK = "stuck"
    DONE = "done"
    FAILED_SAFE = "failed-safe"
    STALE = "stale"
    REJECTED = "rejected"


TERMINAL = frozenset({State.DONE, State.FAILED_SAFE, State.STALE, State.REJECTED})
"""Nothing more happens, and every task is in the run state that the deployed revision wants."""

NEEDS_A_PERSON = frozenset({State.STUCK, State.HALF})
PAUSED_STATES = frozenset({State.PAUSE, State.EXECUTE, State.RESUME, State.STUCK})
"""States in which tasks may be stopped by this deployment."""


def is_live(state: State) -> bool:
    """Whether a deployment in this state holds the stacks of its plan: it has begun, and is not over."""
    return state is not State.QUEUED and state not in TERMINAL


class Why(StrEnum):
    """Whether a deployment goes forward or is on its way back."""

    GO = "go"
    ABORT = "abort"
