"""What a rehearsal found: a plan carried out in a copy of what is deployed, in a local AWS of its own.

It proves the procedure (which calls, in which order, what pauses, what loads into which folder), never the capacity:
times are the local AWS's, and the rows are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter


class RehearsalOutcome(StrEnum):
    """``COULD_NOT_RUN``: there was no copy to try the change in, so nothing is known about the change."""

    PASSED = "passed"
    FAILED = "failed"
    COULD_NOT_RUN = "could-not-run"


@dataclass(frozen=True)
class RehearsedLine:
    """One line of the change's story; ``second`` counts simulated seconds since the change began."""

    second: float
    message: str
    detail: str = ""
    level: str = "info"


@dataclass(frozen=True)
class RehearsedPause:
    """How long a DMS task stood still in all, in simulated seconds."""

    task: str
    seconds: float


@dataclass(frozen=True)
class RehearsedLoad:
    """A table that loaded: identity and version, DMS's state of it, invented rows, where its ``files`` lie in S3."""

    task: str
    table: str
    version: str
    state: str
    rows: int
    prefix: str
    files: int


@dataclass(frozen=True)
class RehearsedTask:
    """How a DMS task ended, and whether that is what the config wants."""

    task: str
    status: str
    as_wanted: bool


@dataclass(frozen=True)
class RehearsalResult:
    """``problems`` and ``plan_differences`` are sentences for people; ``plan_differences`` is None where no plan was
    given to compare with. ``seconds`` are simulated ones, of the change alone; ``speed`` says how many of them passed
    in a real one.
    """

    outcome: RehearsalOutcome
    environment: str
    team: str | None
    speed: float
    problems: tuple[str, ...] = ()
    fingerprint: str = ""
    plan_differences: tuple[str, ...] | None = None
    seconds: float = 0.0
    lines: tuple[RehearsedLine, ...] = ()
    pauses: tuple[RehearsedPause, ...] = ()
    loads: tuple[RehearsedLoad, ...] = ()
    tasks: tuple[RehearsedTask, ...] = ()
    fault: str = ""
    """What was made to go wrong, as a part of a sentence; "" where nothing was."""
    ended: str = ""
    """How a deployment with a fault ended: the engine's state, and its words."""

    @property
    def same_plan(self) -> bool:
        """Whether the plan that was carried out is known to do what the one that is reviewed does."""
        return self.plan_differences == ()

    def as_json(self) -> dict[str, Any]:
        value: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return value

    @classmethod
    def from_json(cls, value: Any) -> RehearsalResult:
        """The result in ``value``; raises pydantic's ``ValidationError`` for a value that is none."""
        return _ADAPTER.validate_python(value)


_ADAPTER: TypeAdapter[RehearsalResult] = TypeAdapter(RehearsalResult)
