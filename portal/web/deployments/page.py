"""The deployment page's context, for the whole page and for the part that renews itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse

from deploy_engine.execution.states import State
from portal.presenters.alarms import alarms_for
from portal.presenters.badges import badge_for
from portal.presenters.plan_steps import plan_stages
from portal.presenters.plan_summary import plan_summary
from portal.web.deployments.outcome import outcome, pause_clock, tasks_now
from portal.web.deployments.progress import LoadMeter, load_meter
from portal.web.deployments.timeline import BROKEN, live_stages
from replication.choices import DeploymentState, IncidentKind
from replication.models import Deployment, Incident, JournalEntry
from replication.selectors.deployment_page import DeploymentPage
from replication.selectors.incidents import incidents_open

if TYPE_CHECKING:
    from django.contrib.auth.models import User

QUICK_SECONDS, CALM_SECONDS = 2, 5
TASKS_WITHIN = 8
"""After trouble so many tasks are listed above all else, each with its state; more have a panel of their own."""

EACH_TASK_FIRST = (*BROKEN, DeploymentState.CANCELLED)
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
        "tasks_within": deployment.state in EACH_TASK_FIRST and 0 < len(tasks) <= TASKS_WITHIN,
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
    begun = page.deployment.state == DeploymentState.DONE or any(_loads(entry, page) for entry in page.journal)
    return [load_meter(load, page.entries.get(load.table), begun=begun) for load in page.loads]


def _loads(entry: JournalEntry, page: DeploymentPage) -> bool:
    """Whether it was written when the last step's tasks were started or later: only that step loads."""
    last = len(page.plan.steps) - 1 if page.plan is not None else 0
    return entry.step == last and entry.phase in {State.RESUME, State.VERIFY}
