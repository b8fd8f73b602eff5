"""Findings and plans as people read them on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from deploy_engine.checks import CheckResult
from deploy_engine.cli.output import Output, Style
from deploy_engine.findings import Finding, Status
from deploy_engine.planning import Plan, Step

_STYLES = {Status.PASSED: Style.GOOD, Status.WARNING: Style.WARN, Status.FAILED: Style.BAD}
_MARKS = {Status.PASSED: "ok", Status.WARNING: "warning", Status.FAILED: "failed"}


def show_finding(output: Output, finding: Finding) -> None:
    place = finding.file + (f" {finding.pointer}" if finding.pointer else "")
    output.line(f"  {_MARKS[finding.status]}: {finding.message}  [{finding.check}]", _STYLES[finding.status])
    for name, value in (("in", place), ("allowed", finding.allowed), ("remedy", finding.remedy)):
        if value:
            output.line(f"      {name}: {value}", Style.QUIET)


def show_results(output: Output, results: Iterable[CheckResult]) -> None:
    """A line for each check, its findings under it."""
    for result in results:
        mark = "could not run" if result.could_not_run else _MARKS[result.status]
        output.table([((f"{mark:>13}", f"{result.check:<22}", result.title), _STYLES[result.status])])
        for finding in result.findings:
            show_finding(output, finding)
        if result.could_not_run and not result.findings:
            output.line(f"      {result.reason}", Style.QUIET)


def show_plan(output: Output, plan: Plan) -> None:
    """What deploying would do: effects worst first, then the steps."""
    output.line(f"{plan.stack}: {plan.flavour.value}", Style.STRONG)
    if not plan.steps:
        output.line("Nothing to do: what runs is what the config says.", Style.GOOD)
        return
    for effect in plan.side_effects:
        output.line(f"  - {effect.message}")
    if plan.not_affected:
        output.line(f"  - {plan.not_affected}", Style.QUIET)
    for number, step in enumerate(plan.steps, start=1):
        output.line(f"Step {number} of {len(plan.steps)}", Style.STRONG)
        output.table([((f"  {name}", ", ".join(values)), Style.PLAIN) for name, values in _acts(step) if values])
    output.line(f"Fingerprint {plan.fingerprint}", Style.QUIET)


def _acts(step: Step) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("stops", step.pause),
        ("removes tables", step.tables_remove),
        ("adds tables", step.tables_add),
        ("adds resources", step.resources.add),
        ("changes resources", step.resources.modify),
        ("removes resources", step.resources.remove),
        ("resumes", step.resume),
        ("starts for the first time", step.start),
        ("leaves stopped", step.stay_stopped),
    )
