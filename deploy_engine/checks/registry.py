"""The one list of all checks, and running them. The portal, the command line and ``docs/checks.md`` all read it."""

from __future__ import annotations

from collections.abc import Callable

from deploy_engine.checks.case import Case
from deploy_engine.checks.catalogue import (
    base_deployed,
    config_references,
    config_schema,
    drift_none,
    instance_capacity,
    load_not_interrupted,
    paths_unique,
    reload_task_can_run,
    replacement_none,
    s3_no_overwrite,
    secrets_own,
    source_identity,
    source_tables,
    stack_stable,
    tables_literal,
    tables_unique,
    template_limits,
    template_lint,
    versions_increasing,
)
from deploy_engine.checks.check import UNSOUND, Check, CouldNotRun, missing
from deploy_engine.checks.result import CheckResult
from deploy_engine.findings import Finding, Status, worst

CATALOGUE: tuple[Check, ...] = (
    config_schema.CHECK,
    config_references.CHECK,
    tables_unique.CHECK,
    tables_literal.CHECK,
    paths_unique.CHECK,
    versions_increasing.CHECK,
    reload_task_can_run.CHECK,
    source_identity.CHECK,
    secrets_own.CHECK,
    template_limits.CHECK,
    template_lint.CHECK,
    base_deployed.CHECK,
    stack_stable.CHECK,
    s3_no_overwrite.CHECK,
    load_not_interrupted.CHECK,
    replacement_none.CHECK,
    drift_none.CHECK,
    source_tables.CHECK,
    instance_capacity.CHECK,
)

Timer = Callable[[], float]
"""Seconds from any fixed moment, such as ``time.perf_counter``."""


def _findings(check: Check, case: Case) -> tuple[Finding, ...]:
    if check.id in case.sure:
        return ()
    reason = missing(case, check.needs)
    if reason:
        raise CouldNotRun(reason)
    return tuple(check.run(case))


def run_check(check: Check, case: Case, *, timer: Timer) -> CheckResult:
    """One check over one case."""
    began = timer()
    try:
        findings, reason = _findings(check, case), ""
    except CouldNotRun as error:
        findings, reason = (), error.reason
    if not reason:
        status = worst([finding.status for finding in findings])
        return CheckResult(check.id, check.title, status, findings, seconds=timer() - began)
    if reason != UNSOUND:
        remedy = "check again once AWS can be reached"
        findings = (Finding(check.id, Status.FAILED, f"this check could not run: {reason}", remedy=remedy),)
    return CheckResult(check.id, check.title, Status.FAILED, findings, True, timer() - began, reason)


def run_checks(case: Case, *, timer: Timer, offline: bool = False) -> tuple[CheckResult, ...]:
    """Every check over the case, in the order of the catalogue.

    ``offline`` leaves out the checks that ask AWS: they were not wanted, which is no failure. Otherwise a check whose
    part of the observation is unknown could not run, and blocks.
    """
    return tuple(run_check(check, case, timer=timer) for check in CATALOGUE if not (offline and check.asks_aws))
