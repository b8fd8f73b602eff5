"""Faults that a rehearsal can be told to meet: what goes wrong, in which step of the plan, and what makes it so.

Written as ``update-fails@2``: the kind, and the step counted from 1. A fault strikes once the deployment has come to
its step; where a person would mend the cause, the rehearsal mends it and goes on, so that the whole way is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deploy_engine.execution.states import State
from deploy_engine.planning import Plan, Step


class FaultKind(StrEnum):
    """What goes wrong."""

    UPDATE_FAILS = "update-fails"
    WILL_NOT_STOP = "task-will-not-stop"
    WILL_NOT_START = "task-will-not-start"
    ANSWER_LOST = "answer-lost"
    WORKER_DIES = "worker-dies"
    THROTTLED = "throttled"

    @property
    def words(self) -> str:
        """What goes wrong, as a part of a sentence."""
        return _WORDS[self]


_WORDS = {
    FaultKind.UPDATE_FAILS: "the stack update fails",
    FaultKind.WILL_NOT_STOP: "a task does not stop",
    FaultKind.WILL_NOT_START: "a task does not start",
    FaultKind.ANSWER_LOST: "AWS’s answer to a stop is lost",
    FaultKind.WORKER_DIES: "the worker dies in the midst of a call",
    FaultKind.THROTTLED: "AWS asks to slow down",
}
MENDED_AT = {FaultKind.WILL_NOT_STOP: State.RESUME, FaultKind.WILL_NOT_START: State.STUCK}
"""Where somebody would have to mend the cause: the rehearsal does it there."""

MANY = 1000
THROTTLED_CALLS = 6


@dataclass(frozen=True)
class RehearsedFault:
    """One fault; ``step`` counts from 0, as in plans."""

    kind: FaultKind
    step: int

    @classmethod
    def parse(cls, text: str) -> RehearsedFault:
        """The fault written as ``kind@step``; raises ValueError in words."""
        kind, _, step = text.partition("@")
        number = step or "1"
        if kind not in set(FaultKind) or not number.isdecimal() or int(number) < 1:
            raise ValueError(f"{text!r} is no fault: write one of {', '.join(FaultKind)}, with @2 for the second step")
        return cls(FaultKind(kind), int(number) - 1)

    def __str__(self) -> str:
        return f"{self.kind.value}@{self.step + 1}"

    @property
    def sentence(self) -> str:
        """ "in step 2, the stack update fails"."""
        return f"in step {self.step + 1}, {self.kind.words}"

    def rules(self, plan: Plan) -> tuple[dict[str, Any], ...]:
        """What the local AWS is told, as its control endpoint takes it; nothing where the fault is not AWS's."""
        step = plan.steps[self.step]
        match self.kind:
            case FaultKind.UPDATE_FAILS:
                return ({"kind": "fail-stack-update", "name": f"{plan.stack}/{_changed(step)[0]}"},)
            case FaultKind.WILL_NOT_STOP:
                return ({"kind": "hang-stopping", "name": step.pause[0], "times": MANY},)
            case FaultKind.WILL_NOT_START:
                return ({"kind": "fail-start", "name": (*step.resume, *step.start)[0], "times": MANY},)
            case FaultKind.ANSWER_LOST:
                return ({"kind": "drop-after", "operation": "dms:StopReplicationTask"},)
            case FaultKind.THROTTLED:
                return ({"kind": "throttle", "times": THROTTLED_CALLS},)
            case FaultKind.WORKER_DIES:
                return ()


def faults_of(plan: Plan) -> Iterator[RehearsedFault]:
    """Every fault that could strike a plan, step by step."""
    for index, step in enumerate(plan.steps):
        for kind in FaultKind:
            if _fits(kind, step):
                yield RehearsedFault(kind, index)


def _fits(kind: FaultKind, step: Step) -> bool:
    match kind:
        case FaultKind.UPDATE_FAILS:
            return bool(_changed(step))
        case FaultKind.WILL_NOT_STOP | FaultKind.ANSWER_LOST:
            return bool(step.pause)
        case FaultKind.WILL_NOT_START:
            return bool(step.resume or step.start)
        case FaultKind.WORKER_DIES | FaultKind.THROTTLED:
            return True


def _changed(step: Step) -> tuple[str, ...]:
    return (*step.resources.modify, *step.resources.add)
