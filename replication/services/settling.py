"""After checks have run or somebody has reviewed: where does the change request stand now?"""

from __future__ import annotations

from replication.choices import AuditKind, ChangeRequestState
from replication.models import ChangeRequest, CheckRun
from replication.selectors.requirements import merge_requirements
from replication.services.audit import audit_write
from replication.services.moving import change_request_move
from replication.transitions import Act


def change_request_settle(*, change_request: ChangeRequest) -> None:
    """Move the (locked) change request to where its current checks and its approvals put it. Part of other services."""
    requirements = merge_requirements(change_request)
    run = requirements.check_run
    if change_request.state == ChangeRequestState.CHECKING and run is not None and not run.is_live:
        if run.is_green:
            _move(change_request, Act.CHECKS_GREEN, "its checks have run")
            _ask_for_reviews(change_request, by_platform=requirements.approvals.by_platform)
        else:
            _return_to_author(change_request, run)
            return
    green = run is not None and run.is_green
    if change_request.state == ChangeRequestState.IN_REVIEW and green and requirements.approvals.satisfied:
        _move(change_request, Act.APPROVE, "every approval that it needs is there")
    elif change_request.state == ChangeRequestState.APPROVED and not requirements.approvals.satisfied:
        _move(change_request, Act.APPROVAL_VOID, "its approvals no longer fit its plan")


def _move(change_request: ChangeRequest, act: Act, reason: str) -> None:
    change_request_move(change_request=change_request, act=act, actor=None, reason=reason)


def _ask_for_reviews(change_request: ChangeRequest, *, by_platform: bool) -> None:
    whom = "the platform team" if by_platform else "a reviewer"
    audit_write(
        actor=None,
        kind=AuditKind.REVIEW_ASKED,
        change_request=change_request,
        sentence=f"#{change_request.number} “{change_request.title}” of {change_request.author_name} waits for {whom}.",
        data={"by_platform": by_platform},
    )


def _return_to_author(change_request: ChangeRequest, run: CheckRun) -> None:
    change_request.returned_reason = _why(run)
    _move(change_request, Act.CHECKS_BLOCK, change_request.returned_reason)
    audit_write(
        actor=None,
        kind=AuditKind.CHANGE_RETURNED,
        change_request=change_request,
        sentence=f"#{change_request.number} went back to its author: {change_request.returned_reason}",
    )


def _why(run: CheckRun) -> str:
    if run.error:
        return f"The checks could not run: {run.error}"
    silent = [result["title"] for result in run.results if result["could_not_run"]]
    failed = [result["title"] for result in run.results if result["status"] == "failed" and not result["could_not_run"]]
    parts = []
    if failed:
        parts.append(f"{len(failed)} failed ({', '.join(failed)})")
    if silent:
        parts.append(f"{len(silent)} could not run ({', '.join(silent)})")
    if parts:
        return f"Of its checks, {' and '.join(parts)}."
    if run.refusals:
        return f"There is no plan: {run.refusals[0]['message']}"
    return "Its checks block it."
