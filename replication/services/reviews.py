"""What reviewers say. An approval is for one document and one plan: it names the fingerprint that was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from replication.choices import AuditKind, ChangeRequestState, Verdict
from replication.errors import ChecksNotGreen, StalePlan, WrongState
from replication.models import ChangeRequest, CheckRun, Review
from replication.policies import can_approve, can_review, require, standing_of
from replication.selectors.check_runs import current_check_run
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.inputs import required_reason
from replication.services.moving import change_request_move
from replication.services.service import service
from replication.services.settling import change_request_settle
from replication.services.voiding import reviews_void
from replication.transitions import Act

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_REVIEWABLE = (ChangeRequestState.IN_REVIEW, ChangeRequestState.APPROVED)


@service
def review_approve(*, actor: User, change_request: ChangeRequest, fingerprint: str, reason: str = "") -> Review:
    """Approve exactly the plan with `fingerprint`; `StalePlan` if it is no longer the current one."""
    require(can_approve(actor, change_request))
    _lock(change_request)
    require(can_approve(actor, change_request))  # once more: they may have edited it while this waited for the lock
    run = current_check_run(change_request)
    if run is None or not run.is_green:
        raise ChecksNotGreen(f"The checks of #{change_request.number} are not green: there is nothing to approve yet.")
    if run.fingerprint != fingerprint:
        raise StalePlan(
            f"The plan of #{change_request.number} is no longer the one that you looked at; read it again.",
            {"fingerprint": run.fingerprint},
        )
    review = _write(actor, change_request, Verdict.APPROVE, reason.strip(), run)
    _tell(actor, change_request, review, AuditKind.REVIEW_APPROVED, "approved")
    change_request_settle(change_request=change_request)
    return review


@service
def review_request_changes(*, actor: User, change_request: ChangeRequest, reason: str) -> Review:
    """Ask for changes: it stays in review, and cannot be merged until its document changes or the reviewer approves."""
    require(can_review(actor, change_request))
    reason = required_reason(reason, act="asking for changes")
    _lock(change_request)
    review = _write(actor, change_request, Verdict.REQUEST_CHANGES, reason, current_check_run(change_request))
    _tell(actor, change_request, review, AuditKind.REVIEW_CHANGES_REQUESTED, "asked for changes to")
    change_request_settle(change_request=change_request)
    return review


@service
def review_refuse(*, actor: User, change_request: ChangeRequest, reason: str) -> Review:
    """Refuse: it goes back to its author as a draft, with the reason."""
    require(can_review(actor, change_request))
    reason = required_reason(reason, act="refusing")
    _lock(change_request)
    reviews_void(change_request=change_request, actor=actor, reason="the change was refused")
    review = _write(actor, change_request, Verdict.REFUSE, reason, current_check_run(change_request))
    change_request.returned_reason = f"{actor_name(actor)} refused it: {reason}"
    change_request_move(change_request=change_request, act=Act.REFUSE, actor=actor, reason=f"refused: {reason}")
    _tell(actor, change_request, review, AuditKind.REVIEW_REFUSED, "refused")
    return review


def _lock(change_request: ChangeRequest) -> None:
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    if change_request.state not in _REVIEWABLE:
        raise WrongState(
            f"#{change_request.number} is {change_request.state_choice.label}: there is nothing to review now.",
        )


def _write(actor: User, change_request: ChangeRequest, verdict: Verdict, reason: str, run: CheckRun | None) -> Review:
    review = Review(
        change_request=change_request,
        reviewer=actor,
        reviewer_name=actor_name(actor),
        change_author_id=change_request.author_id,
        as_platform=standing_of(actor).is_platform,
        verdict=verdict,
        reason=reason,
        fingerprint=run.fingerprint if run is not None else "",
        document_hash=change_request.document_hash,
        at=timezone.now(),
    )
    review.full_clean()
    review.save()
    return review


def _tell(actor: User, change_request: ChangeRequest, review: Review, kind: AuditKind, verb: str) -> None:
    why = f": {review.reason}" if review.reason else "."
    audit_write(
        actor=actor,
        kind=kind,
        change_request=change_request,
        subject=review,
        sentence=f"{actor_name(actor)} {verb} #{change_request.number} “{change_request.title}”{why}",
        data={"fingerprint": review.fingerprint, "reason": review.reason, "as_platform": review.as_platform},
    )
