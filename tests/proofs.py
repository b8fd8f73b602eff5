"""Proofs by trying everything: how broad a run tries, and what it tried, told at the end of the run.

Tests marked ``exhaustive`` try a fixed part of all cases in `make test`, and every one of them in `make exhaustive`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import pytest

Case = TypeVar("Case")
PROOF = "proof"


class Tried(Protocol):
    """What a test tried."""

    points: int
    runs: int
    violations: list[str]


@dataclass(frozen=True)
class Breadth:
    """How much of everything is tried."""

    everything: bool
    record: Callable[[str, object], None]

    def part(self, cases: Sequence[Case], *, about: int) -> Sequence[Case]:
        """All cases, or ``about`` so many of them, evenly spread: the same ones in each run."""
        return cases if self.everything else cases[:: max(1, len(cases) // about)]

    def tell(self, kind: str, proof: Tried) -> None:
        """Let the end of the run say what was tried."""
        self.record(PROOF, (kind, proof.points, proof.runs, len(proof.violations)))


@pytest.fixture
def breadth(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Breadth:
    """A fixed part of the cases; all of them with ``--exhaustive``."""
    return Breadth(bool(request.config.getoption("--exhaustive")), record_property)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exhaustive", action="store_true", help="try every case, where tests else try a fixed part")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many points, runs and violations there were, by kind."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") != "call":
                continue
            for name, value in report.user_properties:
                if name == PROOF:
                    kind, *counts = value
                    totals[kind] = [before + count for before, count in zip(totals[kind], counts, strict=True)]
    if totals:
        terminalreporter.section("proofs")
    for kind, (points, runs, violations) in sorted(totals.items()):
        terminalreporter.line(f"{kind}: {points:,} points, {runs:,} runs, {violations:,} violations")
