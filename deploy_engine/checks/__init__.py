"""Checks: what must hold before a config may be merged or deployed; all read-only (docs/checks.md)."""

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.limits import LimitMeter, limits_of
from deploy_engine.checks.registry import CATALOGUE, run_check, run_checks
from deploy_engine.checks.result import CheckResult
from deploy_engine.checks.soundness import render_if_sound

__all__ = [
    "CATALOGUE",
    "Case",
    "Check",
    "CheckResult",
    "CouldNotRun",
    "Example",
    "LimitMeter",
    "Part",
    "limits_of",
    "render_if_sound",
    "run_check",
    "run_checks",
]
