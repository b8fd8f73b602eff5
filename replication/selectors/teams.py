"""Teams in an environment: how they fare, whether what runs is what was accepted, and who may do what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from deploy_engine.checks import LimitMeter
from replication.choices import OPEN_STATES, DeploymentState, Face, Tone
from replication.errors import NotFound
from replication.models import (
    ChangeRequest,
    Deployment,
    Environment,
    Membership,
    Revision,
    TableEntry,
    Task,
    Team,
    TeamSetup,
)
from replication.selectors.health import Health, TableState, table_state_query, team_health
from replication.selectors.limits import document_limits


class Sync(StrEnum):
    """Whether what runs in AWS is what the accepted revision says."""

    SYNCED = "synced"
    DEPLOYING = "deploying"
    OUT_OF_SYNC = "out of sync"
    NEVER = "never deployed"

    @property
    def label(self) -> str:
        """The word."""
        return self.value

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return SYNC_FACES[self]


SYNC_FACES = {
    Sync.SYNCED: Face(Tone.GOOD, "✓", "What runs is what the accepted revision says."),
    Sync.DEPLOYING: Face(Tone.PROGRESS, "↻", "A deployment of it is under way."),
    Sync.OUT_OF_SYNC: Face(Tone.BAD, "≠", "The accepted revision has not been deployed to its end."),
    Sync.NEVER: Face(Tone.NEUTRAL, "○", "Nothing of it was ever deployed by Sluice."),
}
_UNDER_WAY = (DeploymentState.QUEUED, DeploymentState.RUNNING)


@dataclass(frozen=True)
class TeamCard:
    """One team in one environment. The setup comes with its tasks, their statuses, and counts."""

    setup: TeamSetup
    tables: int
    open_changes: int
    latest_revision: int | None
    latest_revision_number: int | None
    deployed_revision: int | None
    deployment_state: str | None

    @cached_property
    def tasks(self) -> list[Task]:
        """Its tasks by name."""
        return list(self.setup.tasks.all())

    @property
    def health(self) -> Health:
        """The worst of its tasks."""
        return team_health(self.tasks)

    @property
    def sync(self) -> Sync:
        """The last deployment against the last revision."""
        return sync_of(self.latest_revision, self.deployed_revision, self.deployment_state)


def sync_of(latest_revision: int | None, deployed_revision: int | None, deployment_state: str | None) -> Sync:
    """From the key of the newest revision, and of the newest deployment its revision's key and its state."""
    if deployment_state is None or latest_revision is None:
        return Sync.NEVER
    if deployment_state in _UNDER_WAY:
        return Sync.DEPLOYING
    if deployment_state == DeploymentState.DONE and deployed_revision == latest_revision:
        return Sync.SYNCED
    return Sync.OUT_OF_SYNC


def team_cards(
    *, environment: Environment | None = None, teams: Collection[int] | None = None, slug: str | None = None
) -> list[TeamCard]:
    """How teams fare, by environment and slug; narrowed to one environment, some teams, or one slug. Two queries."""
    rows = _setups()
    if environment is not None:
        rows = rows.filter(environment=environment)
    if teams is not None:
        rows = rows.filter(team__in=teams)
    if slug is not None:
        rows = rows.filter(team__slug=slug)
    return [
        TeamCard(
            setup=row,
            tables=row.tables_count,
            open_changes=row.open_changes_count or 0,
            latest_revision=row.latest_revision_key,
            latest_revision_number=row.latest_revision_number,
            deployed_revision=row.deployed_revision_key,
            deployment_state=row.deployment_state,
        )
        for row in rows
    ]


def _setups() -> QuerySet[Any]:
    here = {"environment": OuterRef("environment"), "team": OuterRef("team")}
    deployments = Deployment.objects.filter(**here).exclude(state=DeploymentState.CANCELLED).order_by("-id")
    revisions = Revision.objects.filter(**here).order_by("-number")
    open_changes = (
        ChangeRequest.objects.filter(**here, state__in=OPEN_STATES)
        .order_by()
        .values("team")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        TeamSetup.objects.select_related("team", "environment")
        .annotate(
            tables_count=Count("tasks__entries", filter=Q(tasks__entries__paused=False)),
            open_changes_count=Subquery(open_changes),
            latest_revision_key=Subquery(revisions.values("pk")[:1]),
            latest_revision_number=Subquery(revisions.values("number")[:1]),
            deployed_revision_key=Subquery(deployments.values("revision")[:1]),
            deployment_state=Subquery(deployments.values("state")[:1]),
        )
        .prefetch_related(Prefetch("tasks", Task.objects.select_related("status", "source", "replication_instance")))
        .order_by("environment__position", "team__slug")
    )


TABLES_SHOWN = 15


@dataclass(frozen=True)
class TaskCounts:
    """How many tables a task has: in all, not paused, loading or waiting to, and in error."""

    all: int = 0
    active: int = 0
    loading: int = 0
    failed: int = 0


@dataclass(frozen=True)
class TaskTable:
    """One table, and the counts of its task."""

    entry: TableEntry
    of_task: TaskCounts


@dataclass(frozen=True)
class TeamOverview:
    """Everything that a team's page shows of one environment; `card` is None where the team has nothing there."""

    team: Team
    environment: Environment
    card: TeamCard | None
    tables: list[TaskTable]
    """Of each task the first `TABLES_SHOWN`; the list of tables has them all."""
    open_changes: list[ChangeRequest]
    members: list[Membership]
    deployment: Deployment | None
    limits: tuple[LimitMeter, ...]
    """Of what is accepted."""


def team_named(slug: str) -> Team:
    """The team of that slug; raises `NotFound` where there is none."""
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise NotFound(f"There is no team {slug}.")
    return team


def team_overview(*, slug: str, environment: Environment) -> TeamOverview:
    """The team called `slug` in an environment; raises `NotFound` where there is no such team."""
    card = next(iter(team_cards(environment=environment, slug=slug)), None)
    team = card.setup.team if card is not None else team_named(slug)
    return TeamOverview(
        team=team,
        environment=environment,
        card=card,
        tables=_first_tables(environment, team),
        open_changes=list(
            ChangeRequest.objects.filter(environment=environment, team=team, state__in=OPEN_STATES)
            .defer("document", "description")
            .order_by("-number")
        ),
        members=list(team.memberships.select_related("user").order_by("-role", "user__first_name", "user__username")),
        deployment=Deployment.objects.filter(environment=environment, team=team)
        .select_related("environment", "team")
        .defer("plan", "record")
        .order_by("-id")
        .first(),
        limits=_limits(environment, team),
    )


def _limits(environment: Environment, team: Team) -> tuple[LimitMeter, ...]:
    revision = Revision.objects.filter(environment=environment, team=team).order_by("-number").defer("ledger").first()
    return document_limits(environment, team, revision) if revision is not None else ()


def _first_tables(environment: Environment, team: Team) -> list[TaskTable]:
    """The first tables of each task, each with how many its task has in all, loading, and in error."""
    task: dict[str, Any] = {"partition_by": "task"}
    waits = table_state_query(TableState.LOADING) | table_state_query(TableState.WAITING)
    rows = (
        TableEntry.objects.filter(environment=environment, task__setup__team=team)
        .annotate(
            place=Window(RowNumber(), **task, order_by=("source_slug", "schema_name", "table_name", "version")),
            of_task=Window(Count("pk"), **task),
            active=Window(Count("pk", filter=Q(paused=False)), **task),
            loading=Window(Count("pk", filter=waits), **task),
            failed=Window(Count("pk", filter=table_state_query(TableState.FAILED)), **task),
        )
        .filter(place__lte=TABLES_SHOWN)
        .select_related("status", "task__source")
    )
    return [TaskTable(row, TaskCounts(row.of_task, row.active, row.loading, row.failed)) for row in rows]


def deployments_under_way(environment: Environment | None = None) -> QuerySet[Deployment]:
    """Deployments that run, wait, or need a person, oldest first."""
    rows = Deployment.objects.exclude(
        state__in=(
            DeploymentState.DONE,
            DeploymentState.CANCELLED,
            DeploymentState.REFUSED,
            DeploymentState.FAILED_SAFE,
        )
    )
    if environment is not None:
        rows = rows.filter(environment=environment)
    return rows.select_related("environment", "team", "change_request").defer("plan", "record").order_by("id")
