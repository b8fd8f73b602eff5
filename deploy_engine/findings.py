"""A finding: the verdict of one check on one place of a config, with the remedy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """The verdict of a check or a finding; the order is by gravity, gravest last."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check has to say.

    ``file`` is the path within the config repository and ``pointer`` the JSON pointer (RFC 6901) in it, both empty
    where a finding is about no single place. ``found`` and ``allowed`` are for people; ``remedy`` is what to do.
    """

    check: str
    status: Status
    message: str
    file: str = ""
    pointer: str = ""
    remedy: str = ""
    found: str = ""
    allowed: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "status": self.status.value}

    @staticmethod
    def from_json(value: dict[str, Any]) -> Finding:
        return Finding(**{**value, "status": Status(value["status"])})


def worst(statuses: list[Status]) -> Status:
    """The gravest of some verdicts; nothing said means passed."""
    order = list(Status)
    return max(statuses, key=order.index, default=Status.PASSED)
