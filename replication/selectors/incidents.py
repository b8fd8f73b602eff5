"""Incidents that stand, and what a deployed revision wants to run."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import QuerySet

from deploy_engine.config.physical_names import dms_name
from replication.choices import DeploymentState
from replication.documents import team_document_of
from replication.errors import NotFound
from replication.models import Deployment, Environment, Incident, Team


def incidents_open(
    *, environment: Environment | None = None, teams: Collection[int] | None = None
) -> QuerySet[Incident]:
    """Those not settled yet, the oldest first. `teams`: those of these teams, and of the base stacks that all share."""
    rows = Incident.objects.filter(settled_at__isnull=True)
    if environment is not None:
        rows = rows.filter(environment=environment)
    if teams is not None:
        rows = rows.filter(team__in=teams) | rows.filter(team__isnull=True)
    return rows.select_related("environment", "team", "deployment").defer(
        "deployment__plan", "deployment__record"
    ).order_by("opened_at", "id")  # fmt: skip


def incident_by_key(key: int) -> Incident:
    """The incident with its scope; raises `NotFound`."""
    found = Incident.objects.filter(pk=key).select_related("environment", "team").first()
    if found is None:
        raise NotFound(f"There is no incident {key}.")
    return found


def deployed_last(environment: Environment, team: Team | None) -> Deployment | None:
    """The deployment whose revision is what runs, by what this database knows."""
    done = Deployment.objects.filter(environment=environment, team=team, state=DeploymentState.DONE)
    return done.select_related("revision").order_by("-id").first()


def tasks_wanted_running(deployment: Deployment) -> Mapping[str, str]:
    """The DMS names of the tasks that a deployed revision wants to run, with their names in the config."""
    team = deployment.team
    if team is None:
        return {}
    document = team_document_of(deployment.revision.document)
    return {
        dms_name(team.slug, name): name
        for name, file in document.tasks.items()
        if not file.paused and any(entry.active for entry in file.tables)
    }
