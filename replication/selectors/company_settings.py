"""What is set in the portal and by whom it may be: roles in the company, and each team's people and review policy."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet

from replication.choices import GlobalRoleName, TeamRole
from replication.models import Environment, GlobalRole, TeamSetup


@dataclass(frozen=True)
class Headcount:
    """How many accounts are open, and how many of them hold each company-wide role."""

    accounts: int
    platform: int
    auditors: int


def headcount() -> Headcount:
    """Counted now; closed accounts count nowhere. Two queries."""
    held = GlobalRole.objects.filter(user__is_active=True).aggregate(
        platform=Count("pk", filter=Q(role=GlobalRoleName.PLATFORM)),
        auditors=Count("pk", filter=Q(role=GlobalRoleName.AUDITOR)),
    )
    return Headcount(User.objects.filter(is_active=True).count(), held["platform"], held["auditors"])


def team_settings(environment: Environment, words: str = "") -> QuerySet[TeamSetup]:
    """The teams of an environment by slug, each with `members` and `reviewers` counted; narrowed by slug or title."""
    open_account = Q(team__memberships__user__is_active=True)
    rows = (
        TeamSetup.objects.filter(environment=environment)
        .select_related("team")
        .annotate(
            members=Count("team__memberships", filter=open_account),
            reviewers=Count("team__memberships", filter=open_account & Q(team__memberships__role=TeamRole.REVIEWER)),
        )
        .order_by("team__slug")
    )
    if words:
        rows = rows.filter(Q(team__slug__icontains=words) | Q(title__icontains=words))
    return rows
