"""Taking the force from reviews of a document that has moved on; they stay readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from replication.choices import AuditKind, Verdict
from replication.models import ChangeRequest, Review
from replication.services.actors import actor_name
from replication.services.audit import audit_write

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def reviews_void(*, change_request: ChangeRequest, actor: User | None, reason: str) -> int:
    """Void every review that still counts; gives how many there were. Part of other services."""
    return _void(change_request, list(change_request.reviews.filter(voided_at__isnull=True)), actor, reason)


def own_approvals_void(*, change_request: ChangeRequest, actor: User) -> int:
    """Void the approvals of somebody who wrote a part of the change after all; gives how many there were."""
    own = change_request.reviews.filter(voided_at__isnull=True, reviewer=actor, verdict=Verdict.APPROVE)
    return _void(change_request, list(own), actor, f"{actor_name(actor)} wrote a part of it since")


def _void(change_request: ChangeRequest, standing: list[Review], actor: User | None, reason: str) -> int:
    now = timezone.now()
    for review in standing:
        review.voided_at = now
        review.voided_reason = reason
        review.save()
        if review.verdict == Verdict.APPROVE:
            audit_write(
                actor=actor,
                kind=AuditKind.REVIEW_VOIDED,
                change_request=change_request,
                subject=review,
                sentence=f"The approval of #{change_request.number} by {review.reviewer_name} fell: {reason}.",
            )
    return len(standing)
