"""What one tick may decide: one call, one move to another state, to wait, or the end. Nothing else exists.

*Memory* is the record's small facts by name. Those whose name begins with ``step.`` last as long as the step, the
others as long as the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy_engine.execution.calls import Call
from deploy_engine.execution.states import State, Why
from deploy_engine.planning import Plan

INFO, WARNING, ERROR = "info", "warning", "error"
STEP_FACT = "step."
ALL_RUN = "All tasks run again"
"""How the line begins that ends a pause while a person is still needed."""

REASON = "step.reason"
"""Why this step is given up, as a sentence without its full stop."""


@dataclass(frozen=True)
class Act:
    """Make one mutating call; once it succeeded, ``remember``."""

    call: Call
    remember: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """Go to ``state``; what is None stays as it is. ``detail`` is an original wording, shown folded."""

    state: State
    message: str
    why: Why | None = None
    step: int | None = None
    plan: Plan | None = None
    resumable: tuple[str, ...] | None = None
    remember: Mapping[str, str] = field(default_factory=dict)
    level: str = INFO
    detail: str = ""


@dataclass(frozen=True)
class Wait:
    """Look again after ``seconds``; ``forget`` names beginnings of facts. A line is written only where ``told``."""

    seconds: float
    message: str
    remember: Mapping[str, str] = field(default_factory=dict)
    forget: tuple[str, ...] = ()
    told: bool = False
    level: str = INFO
    all_run: bool = False
    """No task stands still any more for this deployment, although it is not over: its pause is."""


@dataclass(frozen=True)
class Finish:
    """The end, in a terminal state."""

    state: State
    message: str
    level: str = INFO
    detail: str = ""


Decision = Act | Move | Wait | Finish
