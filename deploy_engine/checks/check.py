"""What a check is: one rule with an id, a remedy, what it needs to know, and two examples that its test runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from deploy_engine.checks.case import Case
from deploy_engine.findings import Finding, Status
from deploy_engine.live import Unknown


class CouldNotRun(Exception):
    """A check met something that it must know and does not. It then blocks like one that failed."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Part(StrEnum):
    """What a check may need besides the config; each is a part of the case."""

    TEMPLATE = "template"
    DIFFERENCE = "difference"
    STACK = "stack"
    BASE = "base"
    TASKS = "tasks"
    STATISTICS = "statistics"
    OCCUPIED = "occupied"
    LINT = "lint"
    VALIDATED = "validated"

    @property
    def asked_of_aws(self) -> bool:
        """Known only where AWS was asked; checks that need such a part are left out offline.

        ``validated`` is not among them: offline it says that CloudFormation had no complaint to make.
        """
        return self not in {Part.TEMPLATE, Part.LINT, Part.VALIDATED}


@dataclass(frozen=True)
class Example:
    """A case in words, and what the check finds in it."""

    words: str
    findings: Callable[[], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
    """One rule. ``severity`` is the gravest verdict of its findings; ``reads`` names the AWS operations behind it.

    ``run`` gives the findings of a case, none where all is well; it raises :class:`CouldNotRun` where it cannot tell.
    """

    id: str
    title: str
    severity: Status
    remedy: str
    run: Callable[[Case], Iterable[Finding]]
    good: Example
    bad: Example
    needs: frozenset[Part] = frozenset()
    reads: tuple[str, ...] = ()

    @property
    def asks_aws(self) -> bool:
        return any(part.asked_of_aws for part in self.needs)


UNSOUND = "the config cannot be rendered yet; mend first what the other checks say about it"
_FOREIGN = "what is deployed cannot be compared, since Sluice did not render it; deploy the last accepted config again"


def missing(case: Case, needs: frozenset[Part]) -> str:
    """Why the first of the needed parts is not known; "" where all are.

    A config that cannot be rendered is the reason before any other: AWS is not asked about it.
    """
    if needs and case.rendered is None:
        return UNSOUND
    for part in (part for part in Part if part in needs):
        if part is Part.DIFFERENCE and case.difference is None:
            return _why_no_difference(case)
        value = getattr(case.observation, part.value, None)
        if isinstance(value, Unknown):
            return value.reason
    return ""


def _why_no_difference(case: Case) -> str:
    stack = case.observation.stack
    return stack.reason if isinstance(stack, Unknown) else _FOREIGN
