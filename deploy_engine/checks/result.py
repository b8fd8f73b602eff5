"""What one check said of one case, as a value that is stored and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deploy_engine.findings import Finding, Status


@dataclass(frozen=True)
class CheckResult:
    """``seconds`` is how long it took. ``reason`` tells why a check that could not run could not, else "".

    A check that could not run because AWS gave no answer has a failed finding that says so; one that only waits for a
    sound config has none, since the findings about that config are other checks' to make.
    """

    check: str
    title: str
    status: Status
    findings: tuple[Finding, ...]
    could_not_run: bool = False
    seconds: float = 0.0
    reason: str = ""

    @property
    def blocks(self) -> bool:
        """Nothing may be merged or deployed over it."""
        return self.could_not_run or self.status is Status.FAILED

    def as_json(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "title": self.title,
            "status": self.status.value,
            "findings": [finding.as_json() for finding in self.findings],
            "could_not_run": self.could_not_run,
            "seconds": self.seconds,
            "reason": self.reason,
        }

    @staticmethod
    def from_json(value: dict[str, Any]) -> CheckResult:
        """The inverse of :meth:`as_json`."""
        findings = tuple(Finding.from_json(finding) for finding in value["findings"])
        return CheckResult(**{**value, "status": Status(value["status"]), "findings": findings})
