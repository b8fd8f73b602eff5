"""Who has an account, and which roles: for the list of people and the page of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from replication.choices import GlobalRoleName, TeamRole
from replication.errors import NotFound
from replication.models import AuditEvent, GlobalRole, Membership, Team

RECENT_ACTS = 10


@dataclass(frozen=True)
class PersonFilters:
    """What to list; empty fields filter nothing. `team` is a slug, `role` a team's or a company-wide role."""

    words: str = ""
    team: str = ""
    role: str = ""
    closed: bool = False


@dataclass(frozen=True)
class PersonPage:
    """One person with their roles, the teams that they are not in, and what was done to and by them of late."""

    person: User
    memberships: tuple[Membership, ...]
    global_roles: tuple[GlobalRole, ...]
    other_teams: tuple[Team, ...]
    granted: tuple[AuditEvent, ...]


def people(filters: PersonFilters) -> QuerySet[User]:
    """Accounts by name, with their roles fetched; closed ones only where they are asked for."""
    rows = User.objects.prefetch_related("memberships__team", "global_roles").order_by("first_name", "last_name", "id")
    if not filters.closed:
        rows = rows.filter(is_active=True)
    if filters.words:
        words = filters.words.strip()
        rows = rows.filter(
            Q(username__icontains=words)
            | Q(first_name__icontains=words)
            | Q(last_name__icontains=words)
            | Q(email__icontains=words)
        )
    if filters.team:
        rows = rows.filter(memberships__team__slug=filters.team)
    if filters.role in TeamRole.values:
        rows = rows.filter(memberships__role=filters.role)
    elif filters.role in GlobalRoleName.values:
        rows = rows.filter(global_roles__role=filters.role)
    return rows.distinct()


def person_page(key: int) -> PersonPage:
    """Everything that the page of one person shows. Raises `NotFound`."""
    person = User.objects.filter(pk=key).first()
    if person is None:
        raise NotFound("There is no such person.")
    memberships = tuple(Membership.objects.filter(user=person).select_related("team"))
    member_of = [membership.team_id for membership in memberships]
    granted = AuditEvent.objects.filter(
        Q(kind__startswith="membership.") | Q(kind__startswith="person."), data__user=person.username
    )
    return PersonPage(
        person=person,
        memberships=memberships,
        global_roles=tuple(GlobalRole.objects.filter(user=person)),
        other_teams=tuple(Team.objects.exclude(pk__in=member_of)),
        granted=tuple(granted.select_related("environment", "team").order_by("-at", "-id")[:RECENT_ACTS]),
    )
