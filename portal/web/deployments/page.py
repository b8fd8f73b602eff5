"""The deployment page's context, for the whole page and for the part that renews itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse

from portal.presenters.alarms import alarms_for
from portal.presenters.badges import badge_for
from portal.presenters.plan_steps import plan_stages
from portal.presenters.plan_summary import plan_summary
from portal.web.deployments.outcome import outcome, pause_clock, tasks_now
from portal.web.deployments.progress import LoadMeter, load_meter
from portal.web.deployments.timeline import live_stages
from replication.choices import DeploymentState, IncidentKind
from replication.models import Deployment, Incident
from replication.selectors.deployment_page import DeploymentPage
from replication.selectors.incidents import incidents_open

if TYPE_CHECKING:
    from django.contrib.auth.models import User

QUICK_SECONDS, CALM_SECONDS = 2, 5
NEVER_LOADS = (DeploymentState.REFUSED, DeploymentState.FAILED_SAFE, DeploymentState.CANCELLED)


def page_context(page: DeploymentPage, *, actor: User, now: datetime) -> dict[str, Any]:
    """The page at `now`. It asks for itself every two seconds while it runs, calmly while tables load, then no more."""
    deployment = page.deployment
    loads = load_meters(page)
    stages = live_stages(plan_stages(page.plan), deployment, page.journal, now=now) if page.plan is not None else ()
    running = not deployment.is_finished
    tasks = tasks_now(page)
    moving = running or any(not load.ended for load in loads)
    return {
        "page": page,
        "deployment": deployment,
        "scope": f"{deployment.environment.name}/{deployment.team.slug if deployment.team else 'base'}",
        "crumbs": [
            {"label": "Changes", "url": reverse("changes:list")},
            {"label": "Deployments", "url": reverse("deployments:list")},
            {"label": str(deployment.pk), "url": ""},
        ],
        "alarms": alarms_for(actor, _others(deployment)),
        "badge": badge_for(deployment.state_choice),
        "summary": plan_summary(page.plan) if page.plan is not None else None,
        "stages": stages,
        "outcome": outcome(page, tasks, now=now),
        "clock": pause_clock(page, now=now),
        "tasks": tasks,
        "loads": loads,
        "running": running,
        "poll_seconds": (QUICK_SECONDS if running else CALM_SECONDS) if moving else 0,
    }


def _others(deployment: Deployment) -> QuerySet[Incident]:
    """Incidents about its tasks: that it needs a person is what the whole page says."""
    return incidents_open().filter(deployment=deployment).exclude(kind=IncidentKind.NEEDS_A_PERSON)


def load_meters(page: DeploymentPage) -> list[LoadMeter]:
    """One meter for each table that the plan loads; none once it is clear that they never will."""
    if page.deployment.state in NEVER_LOADS:
        return []
    return [load_meter(load, page.entries.get(load.table)) for load in page.loads]
