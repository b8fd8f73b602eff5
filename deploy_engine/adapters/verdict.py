"""The verdict on one scope: every check and, where nothing speaks against it, the plan. One call for portal and command
line alike; read-only, and never an exception over what AWS does or does not say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any

from deploy_engine.adapters.cfn_lint import cfn_lint
from deploy_engine.adapters.connection import Connection
from deploy_engine.adapters.observer import Linter, observe
from deploy_engine.checks import Case, CheckResult, render_if_sound, run_checks
from deploy_engine.config import Subject
from deploy_engine.findings import Finding
from deploy_engine.live import Observation, Unknown
from deploy_engine.planning import Plan, PlanRefused, make_plan

UNSOUND = Unknown("the config cannot be rendered")


@dataclass(frozen=True)
class Verdict:
    """``plan`` is None offline and where none can be made; ``refusals`` then says why, but for what checks say already.

    Without a plan, and not offline, ``blocks`` is always true.
    """

    results: tuple[CheckResult, ...]
    plan: Plan | None
    refusals: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What every check has to say, in the order of the catalogue."""
        return tuple(finding for result in self.results for finding in result.findings)

    @property
    def blocks(self) -> bool:
        """Nothing may be merged or deployed over it."""
        return bool(self.refusals) or any(result.blocks for result in self.results)

    @property
    def could_not_run(self) -> tuple[CheckResult, ...]:
        """Checks that block for want of an answer, not because something is wrong with the config."""
        return tuple(result for result in self.results if result.could_not_run and result.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "results": [result.as_json() for result in self.results],
            "plan": self.plan.as_json() if self.plan else None,
            "refusals": [finding.as_json() for finding in self.refusals],
            "blocks": self.blocks,
        }


def judge(
    subject: Subject,
    connection: Connection | None,
    *,
    now: datetime,
    offline: bool = False,
    linter: Linter = cfn_lint,
    sure: frozenset[str] = frozenset(),
) -> Verdict:
    """Every check over ``subject`` and its plan; ``offline`` asks AWS nothing, and needs no connection.

    ``now`` is aware, in UTC: versions are measured against it. ``sure`` are the ids of checks that are known to pass,
    from one pass over the whole company (``checks.fleet``).
    """
    case = _case(subject, None if offline else connection, now, linter, sure)
    return verdict_on(replace(case, sure=sure), offline=offline)


def verdict_on(case: Case, *, offline: bool = False) -> Verdict:
    """Every check over what was gathered, and the plan."""
    results = run_checks(case, timer=perf_counter, offline=offline)
    if offline:
        return Verdict(results, None, ())
    planned = make_plan(case)
    if isinstance(planned, PlanRefused):
        said = {finding for result in results for finding in result.findings}
        return Verdict(results, None, tuple(finding for finding in planned.findings if finding not in said))
    return Verdict(results, planned, ())


def _case(subject: Subject, connection: Connection | None, now: datetime, linter: Linter, sure: frozenset[str]) -> Case:
    rendered = render_if_sound(subject, now=now, sure=sure)
    if rendered is None:
        return Case(subject, None, None, Observation.offline(now, UNSOUND), now)
    if connection is None:
        lint = linter(rendered.text, subject.environment.file.region)
        return Case(subject, rendered, None, Observation.offline(now, lint), now)
    observation, difference = observe(connection.reader, connection.sources, linter, subject, rendered, now=now)
    return Case(subject, rendered, difference, observation, now)
