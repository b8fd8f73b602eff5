"""How a change request was judged: its summary, effects, steps and checks, from the newest run for its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from portal.presenters.checks import CheckGroups, CheckLine, FindingLine, check_groups, finding_line
from portal.presenters.plan_steps import Stage, plan_stages
from portal.presenters.plan_summary import Effects, Summary, plan_effects, plan_summary
from replication.choices import CheckRunState
from replication.models import CheckRun
from replication.selectors.base_changes import environment_values_changed
from replication.selectors.change_request_page import ChangeRequestPage

PLAN_TITLE = "There is a plan that can be deployed"


@dataclass(frozen=True)
class Judged:
    """`summary` and `effects` are None while there is no plan; `why_no_plan` then says why, in one sentence."""

    run: CheckRun | None
    summary: Summary | None
    effects: Effects | None
    stages: Sequence[Stage]
    checks: CheckGroups
    why_no_plan: str


def judged(page: ChangeRequestPage) -> Judged:
    """What the checks and the plan say of the document as it is now."""
    run, plan = page.run, page.plan
    groups = _checks(page)
    if plan is None or run is None:
        return Judged(run, None, None, (), groups, _why_no_plan(page))
    return Judged(
        run=run,
        summary=plan_summary(plan, settings_changed=settings_changed(page)),
        effects=plan_effects(plan, results=run.results, difference=page.difference),
        stages=plan_stages(plan),
        checks=groups,
        why_no_plan="",
    )


def settings_changed(page: ChangeRequestPage) -> int:
    """How many values beside the tables differ, without those of tasks that come or go as a whole."""
    difference = page.difference
    if difference is None:
        return len(environment_values_changed(page.change_request))
    whole = tuple(f"tasks/{task}/" for task in (*difference.tasks_added, *difference.tasks_removed))
    return sum(not change.place.startswith(whole) if whole else True for change in difference.settings)


def _checks(page: ChangeRequestPage) -> CheckGroups:
    run = page.run
    rerun = reverse("changes:rerun-checks", args=[page.change_request.number])
    groups = check_groups(run.results if run is not None else (), rerun_url=rerun if page.permissions.rerun else "")
    groups.failed = _silence_in_one_line(groups.failed)
    if run is None:
        return groups
    if run.is_live:
        groups.pending.append(_plain(f"Checks and plan: {run.state_choice.label}"))
        groups.rerun_url = ""
    elif run.state == CheckRunState.COULD_NOT_RUN:
        groups.failed.append(_plain("Checks and plan", message=run.error, could_not_run=True))
    elif run.refusals:
        findings = tuple(finding_line(finding) for finding in run.refusals)
        groups.failed.append(CheckLine("plan", PLAN_TITLE, "", could_not_run=False, findings=findings))
    return groups


def _silence_in_one_line(lines: list[CheckLine]) -> list[CheckLine]:
    """Checks that could not run for the same reason (AWS is away) say it once, before what really failed."""
    silent: dict[tuple[FindingLine, ...], list[CheckLine]] = {}
    for line in lines:
        if line.could_not_run:
            silent.setdefault(line.findings, []).append(line)
    told_once = [_merged(same, findings) for findings, same in silent.items()]
    return [*told_once, *(line for line in lines if not line.could_not_run)]


def _merged(lines: list[CheckLine], findings: tuple[FindingLine, ...]) -> CheckLine:
    if len(lines) == 1:
        return lines[0]
    ids = ", ".join(line.id for line in lines)
    return CheckLine(ids, f"{len(lines)} checks could not run", "", could_not_run=True, findings=findings)


def _plain(title: str, *, message: str = "", could_not_run: bool = False) -> CheckLine:
    findings = (finding_line({"message": message, "remedy": "run them again"}),) if message else ()
    return CheckLine("every check", title, "", could_not_run=could_not_run, findings=findings)


def _why_no_plan(page: ChangeRequestPage) -> str:
    run = page.run
    if run is None:
        if page.change_request.is_open:
            return "There is no plan yet: it is made as soon as something is added or changed."
        return "No plan was made for this version."
    if run.is_live:
        return "The plan is being made; this page shows it as soon as it is there."
    return "There is no plan. The checks below say why, and what to do."
