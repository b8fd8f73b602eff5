"""What waits for one person: changes to review, to go on with, and to merge and deploy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value

from replication.choices import ChangeRequestState, TeamRole
from replication.models import ChangeRequest, ChangeRequestEdit
from replication.policies import standing_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_LISTED = 500
"""So many are read; whoever has more waiting needs a filter, not a longer list."""

_READY = (ChangeRequestState.APPROVED, ChangeRequestState.OUT_OF_SYNC)


@dataclass
class Inbox:
    """Change requests by what they wait for; each stands in one list only, newest first."""

    to_review: list[ChangeRequest] = field(default_factory=list)
    to_fix: list[ChangeRequest] = field(default_factory=list)
    to_deploy: list[ChangeRequest] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many changes wait in all."""
        return len(self.to_review) + len(self.to_fix) + len(self.to_deploy)


def inbox(actor: User) -> Inbox:
    """What waits for `actor`, the newest `MOST_LISTED` of it: one query beside their roles."""
    found = Inbox()
    rows = _waiting(actor).select_related("environment", "team").defer("document").order_by("-number")
    for row in rows[:MOST_LISTED]:
        if row.state == ChangeRequestState.IN_REVIEW:
            found.to_review.append(row)
        elif row.state == ChangeRequestState.DRAFT:
            found.to_fix.append(row)
        else:
            found.to_deploy.append(row)
    return found


def inbox_count(actor: User) -> Subquery:
    """How many changes wait for `actor`, as a value that another query brings along; null: none."""
    one = _waiting(actor).order_by().annotate(one=Value(1)).values("one")
    return Subquery(one.annotate(count=Count("pk")).values("count"))


def _waiting(actor: User) -> QuerySet[ChangeRequest]:
    """To review: in review, of a team that they review, and not written by them. To fix: their own drafts, and those
    that Sluice drafted for their teams. To deploy: approved, or merged and out of sync, in one of their teams — for the
    platform team only its own and the base stack's, since it may deploy everything and would never see its own work in
    everybody's.
    """
    standing = standing_of(actor)
    reviewed = [key for key, role in standing.teams.items() if role == TeamRole.REVIEWER]
    reviewable = Q() if standing.is_platform else Q(team__in=reviewed)
    own = Q(team__in=list(standing.teams)) | Q(author=actor)
    if standing.is_platform:
        own |= Q(team__isnull=True)
    edited = ChangeRequestEdit.objects.filter(change_request=OuterRef("pk"), editor=actor)
    not_written = (Q(author__isnull=True) | ~Q(author=actor)) & ~Exists(edited)
    return ChangeRequest.objects.filter(
        (Q(state=ChangeRequestState.IN_REVIEW) & reviewable & not_written)
        | Q(state=ChangeRequestState.DRAFT, author=actor)
        | Q(state=ChangeRequestState.DRAFT, author__isnull=True, team__in=list(standing.teams))
        | (Q(state__in=_READY) & own)
    )
