"""Where else the tables of a change really run already: what a rehearsal cannot show, a real environment does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef

from replication.choices import DeploymentState
from replication.documents import team_document_of
from replication.models import ChangeRequest, Deployment, Revision, Task
from replication.selectors.latencies import LatencySeries, latency_series


@dataclass(frozen=True)
class WatchedTask:
    """A task that replicates some of the tables there, and its latency since the deployment; None: not measured."""

    name: str
    latency: LatencySeries | None


@dataclass(frozen=True)
class DeployedElsewhere:
    """A real deployment of the same tables in another environment; `synced`: nothing newer was accepted there."""

    environment: str
    deployment: int
    at: datetime
    change_request: int | None
    synced: bool
    watched: tuple[WatchedTask, ...] = ()


def deployed_elsewhere(change_request: ChangeRequest, tables: Iterable[str]) -> tuple[DeployedElsewhere, ...]:
    """Other environments in which the team's newest deployment replicates all of `tables` (identities)."""
    wanted = set(tables)
    if change_request.team is None or not wanted:
        return ()
    team = change_request.team
    done = Deployment.objects.filter(team=team, state=DeploymentState.DONE).exclude(
        environment=change_request.environment
    )
    later = Revision.objects.filter(
        environment=OuterRef("environment"), team=team, number__gt=OuterRef("revision__number")
    )
    newest = Deployment.objects.filter(pk__in=done.values("environment").annotate(newest=Max("pk")).values("newest"))
    rows = newest.annotate(overtaken=Exists(later)).select_related("environment", "revision")
    return tuple(
        DeployedElsewhere(
            environment=row.environment.name,
            deployment=row.pk,
            at=row.finished_at or row.created_at,
            change_request=row.change_request_id,
            synced=not row.overtaken,
            watched=_watched(row, wanted),
        )
        for row in rows.order_by("environment__position", "environment__name")
        if wanted <= _replicated(row.revision)
    )


def _watched(deployment: Deployment, tables: set[str]) -> tuple[WatchedTask, ...]:
    """The tasks of that environment that hold any of the tables, by name."""
    rows = Task.objects.filter(setup__environment=deployment.environment, setup__team=deployment.team, paused=False)
    holding = [
        task
        for task in rows.prefetch_related("entries").order_by("name")
        if any(entry.identity in tables for entry in task.entries.all() if not entry.paused)
    ]
    series = latency_series(task.pk for task in holding)
    since = deployment.finished_at or deployment.created_at
    return tuple(
        WatchedTask(task.name, series[task.pk].since(since) if task.pk in series else None) for task in holding
    )


def _replicated(revision: Revision) -> set[str]:
    document = team_document_of(revision.document)
    return {entry.source for name, entry in document.entries if entry.active and not document.tasks[name].paused}
