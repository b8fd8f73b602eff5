"""What was said and done about a change request, in order of time: for `components/discussion.html`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from replication.choices import AuditKind, Verdict
from replication.models import AuditEvent, ChangeRequest, Comment, Review

KINDS = {
    Verdict.APPROVE: "approved",
    Verdict.REQUEST_CHANGES: "changes_requested",
    Verdict.REFUSE: "refused",
}
TOLD_OTHERWISE = frozenset(
    {
        AuditKind.COMMENTED,
        AuditKind.REVIEW_APPROVED,
        AuditKind.REVIEW_CHANGES_REQUESTED,
        AuditKind.REVIEW_REFUSED,
        AuditKind.CHECKS_REQUESTED,
        AuditKind.CHECKS_FINISHED,
        AuditKind.REFUSED_ATTEMPT,
    }
)
"""Events that stand in the discussion as comments and reviews already, or that would drown it."""


@dataclass(frozen=True)
class Remark:
    """One entry of the discussion."""

    kind: str
    author: str
    at: datetime
    body: str
    about: str = ""
    stale: bool = False
    since_url: str = ""


def remarks(
    change_request: ChangeRequest,
    comments: Iterable[Comment],
    reviews: Iterable[Review],
    events: Iterable[AuditEvent],
    *,
    fingerprint: str = "",
) -> list[Remark]:
    """Everything, oldest first. `fingerprint` is that of the plan as it is now; empty where there is none."""
    said = [
        *(Remark("comment", row.author_name, row.at, row.body, row.table) for row in comments),
        *(_review(change_request, row, fingerprint) for row in reviews),
        *(_event(row) for row in events if row.kind not in TOLD_OTHERWISE),
    ]
    return sorted(said, key=lambda remark: remark.at)


def _review(change_request: ChangeRequest, review: Review, fingerprint: str) -> Remark:
    edited = review.document_hash != change_request.document_hash
    replanned = bool(fingerprint and review.fingerprint) and fingerprint != review.fingerprint
    moved_on = edited or replanned
    return Remark(
        kind=KINDS[Verdict(review.verdict)],
        author=review.reviewer_name,
        at=review.at,
        body=review.reason,
        stale=moved_on or not review.counts,
        since_url=f"?show=since&review={review.pk}#changes" if moved_on else "",
    )


def _event(event: AuditEvent) -> Remark:
    return Remark("event", event.actor_name, event.at, event.sentence.removeprefix(f"{event.actor_name} "))
