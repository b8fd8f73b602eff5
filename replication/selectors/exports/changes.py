"""Change requests: who asked for what and why, who approved it, and when it moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Prefetch

from replication.models import ChangeRequest, Review
from replication.selectors.change_request_list import ChangeRequestFilters, change_requests_found
from replication.selectors.exports.columns import approvals, team_word
from replication.selectors.keyset import in_pieces

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Row(NamedTuple):
    """One change request. `approved_by`: approvals that still count; `without_review`: why it went without."""

    number: int
    title: str
    why: str
    state: str
    environment: str
    team: str
    author: str
    approved_by: str
    without_review: str
    created_at: datetime
    submitted_at: datetime | None
    merged_at: datetime | None
    closed_at: datetime | None
    moved_at: datetime


def rows(actor: User, filters: ChangeRequestFilters) -> Iterator[Row]:
    """The newest first."""
    approved = Prefetch("reviews", Review.objects.filter(verdict="approve", voided_at=None))
    found = change_requests_found(actor=actor, filters=filters).prefetch_related(approved)
    for piece in in_pieces(found, ("-number",)):
        yield from map(_row, piece)


def _row(change: ChangeRequest) -> Row:
    return Row(
        number=change.number,
        title=change.title,
        why=change.description,
        state=str(change.state_choice.label),
        environment=change.environment.name,
        team=team_word(change.team),
        author=change.author_name,
        approved_by=approvals(change.reviews.all()),
        without_review=change.emergency_reason,
        created_at=change.created_at,
        submitted_at=change.submitted_at,
        merged_at=change.merged_at,
        closed_at=change.closed_at,
        moved_at=change.updated_at,
    )
