"""Where else the tables of a change really run already: what a rehearsal cannot show, a real environment does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef

from replication.choices import DeploymentState
from replication.models import ChangeRequest, Deployment, Revision, Task, Team
from replication.selectors.latencies import LatencySeries, series_of


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
    rows = newest.annotate(overtaken=Exists(later)).select_related("environment", "revision").defer("plan", "record")
    found = [
        (row, _tasks_with(wanted, row.revision.document))
        for row in rows.order_by("environment__position", "environment__name")
    ]
    holding = {row.pk: tasks for row, tasks in found if tasks}
    watched = _watched(team, [row for row, tasks in found if tasks], holding)
    return tuple(
        DeployedElsewhere(
            environment=row.environment.name,
            deployment=row.pk,
            at=row.finished_at or row.created_at,
            change_request=row.change_request_id,
            synced=not row.overtaken,
            watched=watched.get(row.pk, ()),
        )
        for row, tasks in found
        if tasks
    )


def _tasks_with(tables: set[str], document: dict[str, Any]) -> set[str]:
    """The running tasks of a team's document that replicate `tables`; none where they replicate but some of them."""
    holding = {
        name: {entry["source"] for entry in task["tables"] if not entry.get("paused")} & tables
        for name, task in document["tasks"].items()
        if not task.get("paused")
    }
    return {name for name, held in holding.items() if held} if tables <= set().union(*holding.values()) else set()


def _watched(
    team: Team, deployments: list[Deployment], holding: dict[int, set[str]]
) -> dict[int, tuple[WatchedTask, ...]]:
    """By deployment: its tasks of `holding` by name, with how late they were since. One query, or none."""
    if not deployments:
        return {}
    rows = Task.objects.filter(setup__team=team, setup__environment__in=[row.environment_id for row in deployments])
    tasks = list(rows.filter(paused=False).select_related("setup", "latency").order_by("name"))
    return {
        row.pk: tuple(
            WatchedTask(task.name, _since(task, row.finished_at or row.created_at))
            for task in tasks
            if task.setup.environment_id == row.environment_id and task.name in holding[row.pk]
        )
        for row in deployments
    }


def _since(task: Task, at: datetime) -> LatencySeries | None:
    series = series_of(getattr(task, "latency", None))
    return series.since(at) if series is not None else None
