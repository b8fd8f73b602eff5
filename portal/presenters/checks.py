"""Checks and their findings, grouped as `components/checks.html` shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.templatetags.sluice import duration


@dataclass(frozen=True)
class FindingLine:
    """One finding; `place` is the file and the JSON pointer in it, or empty."""

    message: str
    place: str
    found: str
    allowed: str
    remedy: str


@dataclass(frozen=True)
class CheckLine:
    """One check with its findings; `duration` is for people and may be empty."""

    id: str
    title: str
    duration: str
    could_not_run: bool
    findings: tuple[FindingLine, ...]


@dataclass
class CheckGroups:
    """What the component shows, in its order; `rerun_url` empty hides the button."""

    failed: list[CheckLine] = field(default_factory=list)
    pending: list[CheckLine] = field(default_factory=list)
    warnings: list[CheckLine] = field(default_factory=list)
    passed: list[CheckLine] = field(default_factory=list)
    rerun_url: str = ""


def check_groups(results: Sequence[Mapping[str, Any]], *, rerun_url: str = "") -> CheckGroups:
    """Group check results as the engine writes them to JSON (`CheckResult.as_json`).

    One that could not run stands with the failed, since it blocks like them.
    """
    groups = CheckGroups(rerun_url=rerun_url)
    for result in results:
        line = CheckLine(
            id=str(result["check"]),
            title=str(result["title"]),
            duration=duration(result.get("seconds")),
            could_not_run=bool(result.get("could_not_run")),
            findings=tuple(finding_line(finding) for finding in _findings(result)),
        )
        if line.could_not_run or result["status"] == "failed":
            groups.failed.append(line)
        elif result["status"] == "warning":
            groups.warnings.append(line)
        else:
            groups.passed.append(line)
    return groups


def _findings(result: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What it found; one that could not run and found nothing says why it could not."""
    found: Sequence[Mapping[str, Any]] = result.get("findings", ())
    why = result.get("reason", "")
    return found or ([{"message": why}] if result.get("could_not_run") and why else ())


def finding_line(finding: Mapping[str, Any]) -> FindingLine:
    """One finding as the engine writes it to JSON (`Finding.as_json`)."""
    place = " ".join(part for part in (finding.get("file", ""), finding.get("pointer", "")) if part)
    return FindingLine(
        message=str(finding["message"]),
        place=place,
        found=str(finding.get("found", "")),
        allowed=str(finding.get("allowed", "")),
        remedy=str(finding.get("remedy", "")),
    )
