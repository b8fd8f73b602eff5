"""Opening incidents and settling them: once for each thing, in the audit both times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from replication.choices import AuditKind, IncidentKind
from replication.database_clock import database_now
from replication.errors import WrongState
from replication.models import Deployment, Environment, Incident, Team
from replication.policies import can_settle, require
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.inputs import required_text
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def incident_open(
    *,
    kind: IncidentKind,
    environment: Environment,
    team: Team | None,
    subject: str,
    sentence: str,
    remedy: str,
    deployment: Deployment | None = None,
) -> Incident:
    """The open incident of this kind about `subject`: a new one, or the one that stands, with the remedy of now."""
    standing = Incident.objects.select_for_update().filter(
        environment=environment, kind=kind, subject=subject, settled_at__isnull=True
    )
    incident = standing.first()
    if incident is not None:
        if (incident.sentence, incident.remedy) != (sentence, remedy):
            incident.sentence, incident.remedy = sentence, remedy
            incident.save()
        return incident
    incident = Incident(
        kind=kind,
        environment=environment,
        team=team,
        deployment=deployment,
        subject=subject,
        sentence=sentence,
        remedy=remedy,
        opened_at=database_now(),
    )
    incident.full_clean()
    incident.save()
    _audit(incident, AuditKind.INCIDENT_OPENED, None, f"Incident: {sentence} {remedy}".strip())
    return incident


@transaction.atomic
def incident_over(*, incident: Incident, reason: str) -> None:
    """What it was about is no longer so; Sluice saw that itself. Does nothing to one that is settled."""
    incident.refresh_from_db(from_queryset=Incident.objects.select_for_update())
    if incident.is_open:
        _settle(incident, None, reason)


@service
def incident_settle(*, actor: User, incident: Incident, reason: str) -> Incident:
    """Take it off the pages, with a reason; the audit keeps it, and if it is still so it is opened anew."""
    require(can_settle(actor, incident))
    reason = required_text(reason, field="reason", longest=1000)
    incident.refresh_from_db(from_queryset=Incident.objects.select_for_update())
    if not incident.is_open:
        raise WrongState("This incident is settled already.")
    _settle(incident, actor, reason)
    return incident


def _settle(incident: Incident, actor: User | None, reason: str) -> None:
    incident.settled_at = database_now()
    incident.settled_by, incident.settled_by_name, incident.settled_reason = actor, actor_name(actor), reason
    incident.save()
    said = f"{actor_name(actor)} settled the incident about {incident.subject}: {reason}"
    _audit(incident, AuditKind.INCIDENT_SETTLED, actor, said)


def _audit(incident: Incident, kind: AuditKind, actor: User | None, sentence: str) -> None:
    audit_write(
        actor=actor,
        kind=kind,
        environment=incident.environment,
        team=incident.team,
        deployment=incident.deployment,
        subject=incident,
        sentence=sentence,
        data={"incident": incident.pk, "kind": incident.kind, "subject": incident.subject},
    )
