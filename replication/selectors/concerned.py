"""Whom an event concerns. One table says which kinds of event are told at all, and to whom of those around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Q

from replication.choices import AuditKind, GlobalRoleName, IncidentKind, NoticeTopic, TeamRole, Verdict
from replication.configuration import webhooks
from replication.models import AuditEvent, ChangeRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_Audience = Callable[[AuditEvent], Q]


def _reviewers(event: AuditEvent) -> Q:
    platform = Q(global_roles__role=GlobalRoleName.PLATFORM)
    if event.team_id is None:
        return platform
    reviewers = Q(memberships__team=event.team_id, memberships__role=TeamRole.REVIEWER)
    return reviewers | platform if event.data.get("by_platform") else reviewers


def _writers(change_request: ChangeRequest) -> Q:
    return Q(change_requests=change_request) | Q(change_request_edits__change_request=change_request)


def _around(event: AuditEvent) -> Q:
    """Whoever wrote, reviewed or discussed the change request, or asked for the deployment."""
    concerned = Q(pk__in=[])
    if event.change_request is not None:
        concerned |= (
            _writers(event.change_request)
            | Q(reviews__change_request=event.change_request)
            | Q(comments__change_request=event.change_request)
        )
    if event.deployment is not None:
        concerned |= Q(deployments=event.deployment)
    return concerned


def _authors(event: AuditEvent) -> Q:
    return _writers(event.change_request) if event.change_request is not None else Q(pk__in=[])


def _approvers(event: AuditEvent) -> Q:
    approved = Q(reviews__change_request=event.change_request, reviews__verdict=Verdict.APPROVE)
    return approved | _authors(event)


def _named_in_the_commit(event: AuditEvent) -> Q:
    email = str(event.data.get("email", ""))
    return Q(email__iexact=email) if email else Q(pk__in=[])


def _team(event: AuditEvent) -> Q:
    platform = Q(global_roles__role=GlobalRoleName.PLATFORM)
    return Q(memberships__team=event.team_id) | platform if event.team_id is not None else platform


def _team_but_once(event: AuditEvent) -> Q:
    """Of a deployment that needs a person they hear by its own word already."""
    if event.data.get("kind") == IncidentKind.NEEDS_A_PERSON:
        return Q(pk__in=[])
    return _team(event)


def _team_or_around(event: AuditEvent) -> Q:
    return _team(event) | _around(event)


TOLD: dict[str, tuple[NoticeTopic, _Audience]] = {
    AuditKind.REVIEW_ASKED: (NoticeTopic.REVIEWS, _reviewers),
    AuditKind.REVIEW_APPROVED: (NoticeTopic.CHANGES, _authors),
    AuditKind.REVIEW_CHANGES_REQUESTED: (NoticeTopic.CHANGES, _authors),
    AuditKind.REVIEW_REFUSED: (NoticeTopic.CHANGES, _authors),
    AuditKind.REVIEW_VOIDED: (NoticeTopic.CHANGES, _approvers),
    AuditKind.CHANGE_RETURNED: (NoticeTopic.CHANGES, _authors),
    AuditKind.PROPOSAL_REFUSED: (NoticeTopic.CHANGES, _named_in_the_commit),
    AuditKind.COMMENTED: (NoticeTopic.CHANGES, _around),
    AuditKind.CHANGE_MERGED: (NoticeTopic.DEPLOYMENTS, _around),
    AuditKind.DEPLOYMENT_FINISHED: (NoticeTopic.DEPLOYMENTS, _around),
    AuditKind.DEPLOYMENT_FAILED: (NoticeTopic.TROUBLE, _team_or_around),
    AuditKind.INCIDENT_OPENED: (NoticeTopic.TROUBLE, _team_but_once),
    AuditKind.INCIDENT_SETTLED: (NoticeTopic.TROUBLE, _team),
}


def concerned_people(event: AuditEvent) -> list[User]:
    """Whoever has an address and wants to hear of it; never the one who did it."""
    topic, audience = TOLD[event.kind]
    rows = (
        get_user_model()
        .objects.filter(audience(event), is_active=True)
        .exclude(audit_events=event)
        .exclude(email="")
        .exclude(notice_preferences__email=False)
        .select_related("notice_preferences")
        .distinct()
    )
    return [person for person in rows if topic not in _muted(person)]


def concerned_webhooks(event: AuditEvent) -> list[str]:
    """The names of the configured webhooks that hear of the event's team."""
    slug = event.team.slug if event.team is not None else ""
    return [name for name, hook in webhooks().items() if not hook.teams or slug in hook.teams]


def _muted(person: User) -> list[str]:
    preferences = getattr(person, "notice_preferences", None)
    return list(preferences.muted) if preferences is not None else []
