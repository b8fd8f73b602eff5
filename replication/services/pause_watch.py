"""Holding the paused clock of every deployment against its budget."""

from __future__ import annotations

from replication.choices import LIVE_DEPLOYMENT_STATES, IncidentKind
from replication.database_clock import database_now
from replication.models import Deployment, Incident
from replication.selectors.incidents import incidents_open
from replication.selectors.pause_budget import pause_budget
from replication.services.incidents import incident_open, incident_over


def pauses_watch() -> None:
    """Open an incident for each deployment that is past its budget; settle those whose tasks run again."""
    now = database_now()
    paused = Deployment.objects.filter(state__in=LIVE_DEPLOYMENT_STATES, paused_since__isnull=False)
    for deployment in paused.select_related("environment", "team"):
        budget = pause_budget(deployment.environment, deployment.team)
        if deployment.paused_since is None or now - deployment.paused_since <= budget.time:
            continue
        if Incident.objects.filter(
            deployment=deployment, kind=IncidentKind.PAUSE_BUDGET, settled_by__isnull=False
        ).exists():
            continue  # somebody knows, and said so
        incident_open(
            kind=IncidentKind.PAUSE_BUDGET,
            environment=deployment.environment,
            team=deployment.team,
            subject=deployment.stack,
            sentence=f"Deployment {deployment.pk} of {deployment.stack} has paused tasks for longer than their budget "
            f"of {budget.seconds / 60:.0f} minutes.",
            remedy="Its page says what stands in the way and what can be done.",
            deployment=deployment,
        )
    for incident in incidents_open().filter(kind=IncidentKind.PAUSE_BUDGET):
        still = incident.deployment is not None and incident.deployment.paused_since is not None
        if incident.deployment is None or not still or incident.deployment.is_finished:
            incident_over(incident=incident, reason="its tasks are no longer paused")
