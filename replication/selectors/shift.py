"""Since my last shift: what changed, what ran, what broke since a moment, and what is still odd now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet, Window
from django.utils import timezone

from replication.choices import (
    AuditKind,
    ChangeRequestState,
    DeploymentState,
    OutboxState,
)
from replication.models import (
    AuditEvent,
    ChangeRequest,
    Deployment,
    Environment,
    EnvironmentStatus,
    Incident,
    OutboxItem,
    Revision,
    Task,
    Team,
)
from replication.selectors.alarms import Ringing, alarms_ringing
from replication.selectors.health import TaskHealth, task_health
from replication.selectors.incidents import incidents_open
from replication.selectors.timeline import TimelineFilters, timeline_events, with_what_they_name

if TYPE_CHECKING:
    from django.contrib.auth.models import User

A_NIGHT = timedelta(hours=12)
SHOWN = 40
"""Lines of each group; the timeline has the rest."""

_BROKE = (
    AuditKind.DEPLOYMENT_FAILED,
    AuditKind.TASK_FAILED,
    AuditKind.TABLE_FAILED,
    AuditKind.ALARM_WENT_OFF,
    AuditKind.INCIDENT_OPENED,
    AuditKind.REFUSED_ATTEMPT,
    AuditKind.SIGN_IN_REFUSED,
)
_ODD_STATES = (DeploymentState.HALF, DeploymentState.STUCK)
_ODD_HEALTH = (TaskHealth.FAILED, TaskHealth.STOPPED)


@dataclass(frozen=True)
class Narrowed:
    """To an environment, a team, or both; neither: the whole company."""

    environment: Environment | None = None
    team: Team | None = None

    @property
    def scope(self) -> Q:
        """The same as a condition on rows that have an environment and a team."""
        found = Q()
        if self.environment is not None:
            found &= Q(environment=self.environment)
        return found & Q(team=self.team) if self.team is not None else found


@dataclass(frozen=True)
class OddTask:
    """A task that does not fare as the config wants it."""

    task: Task
    health: TaskHealth


@dataclass(frozen=True)
class Odd:
    """What needs a look now, whenever it began."""

    incidents: Sequence[Incident]
    deployments: Sequence[Deployment]
    tasks: Sequence[OddTask]
    out_of_sync: Sequence[ChangeRequest]
    environments: Sequence[EnvironmentStatus]
    alarms: Sequence[Ringing]
    git_waiting: int
    git_error: str

    @property
    def count(self) -> int:
        """How many things need a look."""
        lists = (self.incidents, self.deployments, self.tasks, self.out_of_sync, self.environments, self.alarms)
        return sum(len(each) for each in lists) + bool(self.git_waiting)

    @property
    def nothing(self) -> bool:
        """Whether all is as it should be."""
        return self.count == 0


@dataclass(frozen=True)
class Shift:
    """Everything since a moment, grouped by what matters to whoever comes back."""

    since: datetime
    changed: Sequence[Revision]
    ran: Sequence[Deployment]
    broke: Sequence[AuditEvent]
    odd: Odd


def shift_begin(actor: User) -> datetime:
    """When `actor` was here before this session: the sign-in before the newest one, else twelve hours ago."""
    signed_in = AuditEvent.objects.filter(kind=AuditKind.SIGNED_IN, actor=actor).order_by("-at", "-id")
    earlier = signed_in.values_list("at", flat=True)[1:2]
    return next(iter(earlier), timezone.now() - A_NIGHT)


def shift_since(
    since: datetime,
    *,
    seen: Sequence[EnvironmentStatus],
    environment: Environment | None = None,
    team: Team | None = None,
) -> Shift:
    """The page's content; narrowed to an environment, a team, or both. `seen`: what was last seen of environments."""
    narrowed = Narrowed(environment, team)
    moved = _moved(since)
    deployments = list(
        _deployments(narrowed).filter(moved | Q(state__in=_ODD_STATES)).order_by("-id")[:SHOWN]
    )  # fmt: skip
    return Shift(
        since=since,
        changed=list(changed_since(since, narrowed).order_by("-created_at", "-id")[:SHOWN]),
        ran=[each for each in deployments if max(each.created_at, each.finished_at or each.created_at) >= since],
        broke=list(broke_since(since, narrowed)[:SHOWN]),
        odd=odd_now(
            narrowed, seen=seen, deployments=[each for each in deployments if each.state in _ODD_STATES], most=SHOWN
        ),
    )


def changed_since(since: datetime, narrowed: Narrowed) -> QuerySet[Revision]:
    """What was accepted since a moment, without documents."""
    rows = Revision.objects.filter(narrowed.scope, created_at__gte=since)
    return rows.select_related("environment", "team", "change_request").defer(
        "document", "ledger", "change_request__document"
    )


def ran_since(since: datetime, narrowed: Narrowed) -> QuerySet[Deployment]:
    """What began or ended since a moment, without plans."""
    return _deployments(narrowed).filter(_moved(since))


def broke_since(since: datetime, narrowed: Narrowed) -> QuerySet[AuditEvent]:
    """What failed, rang or was refused since a moment, newest first."""
    filters = TimelineFilters(
        environment=narrowed.environment.name if narrowed.environment is not None else "",
        team=narrowed.team.slug if narrowed.team is not None else "",
        since=since,
    )
    return with_what_they_name(timeline_events(filters).filter(kind__in=_BROKE))


def odd_deployments(narrowed: Narrowed) -> list[Deployment]:
    """Those that ended half way, or that only a person moves on."""
    return list(_deployments(narrowed).filter(state__in=_ODD_STATES).order_by("-id"))


def _moved(since: datetime) -> Q:
    return Q(created_at__gte=since) | Q(finished_at__gte=since)


def _deployments(narrowed: Narrowed) -> QuerySet[Deployment]:
    rows = Deployment.objects.filter(narrowed.scope)
    return rows.select_related("environment", "team").defer("plan", "record")


def odd_now(
    narrowed: Narrowed,
    *,
    seen: Sequence[EnvironmentStatus],
    deployments: Sequence[Deployment],
    most: int | None = None,
) -> Odd:
    """What needs a look now. `deployments` are those that do; `most` of the changes that are out of sync."""
    environment, team = narrowed.environment, narrowed.team
    seen = [row for row in seen if environment is None or row.environment_id == environment.pk]
    tasks = Task.objects.select_related("status", "setup__team", "setup__environment").order_by("setup", "name")
    if environment is not None:
        tasks = tasks.filter(setup__environment=environment)
    if team is not None:
        tasks = tasks.filter(setup__team=team)
    doubtful = tasks.exclude(status__state="running", status__tables_errored=0)
    fares = (OddTask(task, task_health(task)) for task in doubtful)
    waiting = OutboxItem.objects.filter(state=OutboxState.PENDING).annotate(waiting=Window(Count("pk"))).order_by("id")
    error, count = next(iter(waiting.values_list("last_error", "waiting")[:1]), ("", 0))
    return Odd(
        incidents=list(incidents_open(environment=environment, teams=[team.pk] if team is not None else None)),
        deployments=deployments,
        tasks=[each for each in fares if each.health in _ODD_HEALTH],
        out_of_sync=list(
            ChangeRequest.objects.filter(narrowed.scope, state=ChangeRequestState.OUT_OF_SYNC)
            .select_related("environment", "team")
            .defer("document")
            .order_by("-number")[:most]
        ),
        environments=[row for row in seen if not row.reachable],
        alarms=alarms_ringing(seen, team),
        git_waiting=count if error else 0,
        git_error=error,
    )
