"""Which act leads a change request from which state to which: the only place that knows.

    draft ──submit──▶ checking ──checks green──▶ in review ──approve──▶ approved ──merge──▶ merged ──start──▶ deploying
      ▲                  │ │                        │  ▲                   │                   │                  │
      └── checks block ──┘ └── refuse, edit … ──────┘  └── approval void ──┘                   └────────┬─────────┘
                                                                                          finish ▼    ▼ fail
                                                                                          deployed   merged, out of sync

An edit after submission leads back to *checking*: the new document has to be checked again, and approvals of the old
one are void. A refusal leads back to *draft*, with the reason. Asking for changes leaves the request in review, blocked
until its document changes or the reviewer approves. A failed deployment may be tried again, which leads from *merged,
out of sync* to *merged*. The emergency path leads from every open state straight to *merged*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from replication.choices import ChangeRequestState as State
from replication.errors import WrongState


class Act(StrEnum):
    """What moves a change request."""

    SUBMIT = "submit"
    EDIT = "edit"
    CHECKS_GREEN = "checks green"
    CHECKS_BLOCK = "checks block"
    APPROVE = "approve"
    APPROVAL_VOID = "approval void"
    REFUSE = "refuse"
    CLOSE = "close"
    MERGE = "merge"
    EMERGENCY = "merge by the emergency path"
    DEPLOYMENT_START = "deployment start"
    DEPLOYMENT_FINISH = "deployment finish"
    DEPLOYMENT_FAIL = "deployment fail"
    DEPLOYMENT_RETRY = "deployment retry"


@dataclass(frozen=True)
class Transition:
    """One row of the table: `act` leads from any of `sources` to `target`."""

    act: Act
    sources: tuple[State, ...]
    target: State


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Act.SUBMIT, (State.DRAFT,), State.CHECKING),
    Transition(Act.EDIT, (State.DRAFT,), State.DRAFT),
    Transition(Act.EDIT, (State.CHECKING, State.IN_REVIEW, State.APPROVED), State.CHECKING),
    Transition(Act.CHECKS_GREEN, (State.CHECKING,), State.IN_REVIEW),
    Transition(Act.CHECKS_BLOCK, (State.CHECKING,), State.DRAFT),
    Transition(Act.APPROVE, (State.IN_REVIEW,), State.APPROVED),
    Transition(Act.APPROVAL_VOID, (State.APPROVED,), State.IN_REVIEW),
    Transition(Act.REFUSE, (State.IN_REVIEW, State.APPROVED), State.DRAFT),
    Transition(Act.CLOSE, (State.DRAFT, State.CHECKING, State.IN_REVIEW, State.APPROVED), State.CLOSED),
    Transition(Act.MERGE, (State.APPROVED,), State.MERGED),
    Transition(Act.EMERGENCY, (State.DRAFT, State.CHECKING, State.IN_REVIEW, State.APPROVED), State.MERGED),
    Transition(Act.DEPLOYMENT_START, (State.MERGED,), State.DEPLOYING),
    Transition(Act.DEPLOYMENT_FINISH, (State.MERGED, State.DEPLOYING, State.OUT_OF_SYNC), State.DEPLOYED),
    Transition(Act.DEPLOYMENT_FAIL, (State.MERGED, State.DEPLOYING), State.OUT_OF_SYNC),
    Transition(Act.DEPLOYMENT_RETRY, (State.OUT_OF_SYNC,), State.MERGED),
)


def transition_find(state: str, act: Act) -> State | None:
    """Where `act` leads from `state`, or None where it has no meaning there."""
    for transition in TRANSITIONS:
        if transition.act is act and state in transition.sources:
            return transition.target
    return None


def transition_target(state: str, act: Act) -> State:
    """Where `act` leads from `state`; raises `WrongState` with a sentence that names both."""
    target = transition_find(state, act)
    if target is None:
        allowed = [str(source.label) for row in TRANSITIONS if row.act is act for source in row.sources]
        raise WrongState(
            f"This change request is {State(state).label}: “{act}” is possible only when it is {_either(allowed)}.",
            {"state": state, "act": str(act)},
        )
    return target


def _either(words: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`, in the order given and each once."""
    unique = list(dict.fromkeys(words))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} or {unique[-1]}"
