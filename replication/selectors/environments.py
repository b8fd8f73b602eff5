"""Environments as the platform team looks at them: base stack, teams, quotas, open base changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from replication.choices import OPEN_STATES, DeploymentState
from replication.models import ChangeRequest, Deployment, Environment, EnvironmentStatus, Revision
from replication.selectors.health import Health
from replication.selectors.teams import Sync, TeamCard, sync_of, team_cards


@dataclass(frozen=True)
class EnvironmentCard:
    """One environment: what was last seen of it, its base scope, and its teams. `status` is None before a look."""

    environment: Environment
    status: EnvironmentStatus | None
    revision: Revision | None
    deployment: Deployment | None
    teams: list[TeamCard]
    open_changes: list[ChangeRequest]

    @property
    def sync(self) -> Sync:
        """The base scope's last deployment against its last revision."""
        return sync_of(
            self.revision.pk if self.revision is not None else None,
            self.deployment.revision_id if self.deployment is not None else None,
            self.deployment.state if self.deployment is not None else None,
        )

    @property
    def degraded(self) -> int:
        """How many teams have something that should run and does not."""
        return sum(card.health is Health.DEGRADED for card in self.teams)

    @property
    def out_of_sync(self) -> int:
        """Of how many teams something else runs than what is accepted."""
        return sum(card.sync is Sync.OUT_OF_SYNC for card in self.teams)


def environments_with_status() -> QuerySet[Environment]:
    """All of them in their order, with what was last seen of each."""
    return Environment.objects.select_related("status")


def status_of(environment: Environment) -> EnvironmentStatus | None:
    """What was last seen of it; None before the first look."""
    status: EnvironmentStatus | None = getattr(environment, "status", None)
    return status


def statuses_of(environments: Iterable[Environment]) -> list[EnvironmentStatus]:
    """What was last seen of those of `environments_with_status` that were looked at."""
    return [status for row in environments if (status := status_of(row)) is not None]


def environment_cards(environments: Iterable[Environment]) -> list[EnvironmentCard]:
    """Those of `environments_with_status`; as many queries for forty as for one."""
    teams: dict[int, list[TeamCard]] = {}
    for card in team_cards():
        teams.setdefault(card.setup.environment_id, []).append(card)
    return _cards(list(environments), teams)


def environment_card(environment: Environment) -> EnvironmentCard:
    """One of them."""
    return _cards([environment], {environment.pk: team_cards(environment=environment)})[0]


def _cards(rows: list[Environment], teams: dict[int, list[TeamCard]]) -> list[EnvironmentCard]:
    revisions = {row.environment_id: row for row in _newest(Revision.objects.filter(team=None), rows, "document")}
    ran = Deployment.objects.filter(team=None).exclude(state=DeploymentState.CANCELLED)
    deployments = {row.environment_id: row for row in _newest(ran, rows, "plan", "record")}
    changes: dict[int, list[ChangeRequest]] = {}
    for change in _base_changes_open().filter(environment__in=rows):
        changes.setdefault(change.environment_id, []).append(change)
    return [
        EnvironmentCard(
            environment=row,
            status=status_of(row),
            revision=revisions.get(row.pk),
            deployment=deployments.get(row.pk),
            teams=teams.get(row.pk, []),
            open_changes=changes.get(row.pk, []),
        )
        for row in rows
    ]


def _newest(rows: QuerySet[Any], environments: list[Environment], *unread: str) -> QuerySet[Any]:
    """The newest row of each environment, without its large columns."""
    keys = rows.filter(environment__in=environments).order_by().values("environment").annotate(newest=Max("pk"))
    return rows.filter(pk__in=keys.values("newest")).defer(*unread)


def base_changes_open(environment: Environment) -> list[ChangeRequest]:
    """Changes of the environment itself that are still open, newest first."""
    return list(_base_changes_open().filter(environment=environment))


def _base_changes_open() -> QuerySet[ChangeRequest]:
    rows = ChangeRequest.objects.filter(team=None, state__in=OPEN_STATES)
    return rows.select_related("environment").order_by("-number")


def base_was_deployed(environment: Environment) -> bool:
    """Whether the base stack stands, or ever came to be deployed by Sluice."""
    seen = EnvironmentStatus.objects.filter(environment=environment).exclude(base_stack_state="").exists()
    return seen or Deployment.objects.filter(environment=environment, team=None, state=DeploymentState.DONE).exists()
