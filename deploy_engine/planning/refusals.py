"""What the engine does not deploy: refused in words before anything else happens.

Nothing may be deployed that the engine does not understand. What a check says already is said here with the check's own
findings, so that a plan is refused by itself, and nobody reads the same thing in two wordings.
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks import Case, Check, CouldNotRun
from deploy_engine.checks.catalogue import reload_task_can_run, replacement_none
from deploy_engine.checks.places import scope_place
from deploy_engine.diffing.stacks import ENDPOINT, EVENT_SUBSCRIPTION, INSTANCE, TASK, StackDifference
from deploy_engine.findings import Finding, Status
from deploy_engine.live import StackView
from deploy_engine.planning.base_refusals import CHECK, base_refusals

_PLANNED_FOR = (replacement_none.CHECK, reload_task_can_run.CHECK)
"""Checks without which a plan would not do what it says."""

UNDERSTOOD = frozenset(
    {
        TASK,
        INSTANCE,
        ENDPOINT,
        EVENT_SUBSCRIPTION,
        "AWS::CloudWatch::Alarm",
        "AWS::IAM::Role",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
    }
)
"""Types whose modification is planned for: tasks stand still meanwhile, or it touches no running replication."""


def _refusal(case: Case, message: str, remedy: str, found: str = "") -> Finding:
    return Finding(CHECK, Status.FAILED, message, scope_place(case.subject).file, "", remedy, found)


def _found(check: Check, case: Case) -> Iterator[Finding]:
    try:
        yield from (finding for finding in check.run(case) if finding.status is Status.FAILED)
    except CouldNotRun as unknown:
        yield _refusal(case, f"it is not known whether this could be deployed: {unknown.reason}", "check again")


def _modifications(case: Case, difference: StackDifference) -> Iterator[Finding]:
    for logical_id in difference.modified:
        kind = difference.types[logical_id]
        if kind not in UNDERSTOOD:
            message = f"{logical_id} ({kind}) would be modified, and what that does to running tasks is not known"
            yield _refusal(case, message, "take back that change; tables and tasks can be changed on their own", kind)


def refusals(case: Case) -> tuple[Finding, ...]:
    """Everything in the case that cannot be planned; empty where all of it can."""
    difference, stack = case.difference, case.observation.stack
    if difference is None:
        return ()
    if case.subject.is_base:
        live = isinstance(stack, StackView) and stack.template is not None
        return (*_found(replacement_none.CHECK, case), *base_refusals(case, difference)) if live else ()
    found = (finding for check in _PLANNED_FOR for finding in _found(check, case))
    return (*found, *_modifications(case, difference))
