"""Environments as the platform team looks at them: base stack, teams, quotas, open base changes."""

from __future__ import annotations

from dataclasses import dataclass

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


def environment_cards() -> list[EnvironmentCard]:
    """All of them in their order."""
    teams: dict[int, list[TeamCard]] = {}
    for card in team_cards():
        teams.setdefault(card.setup.environment_id, []).append(card)
    rows = Environment.objects.select_related("status")
    return [_card(row, teams.get(row.pk, [])) for row in rows]


def environment_card(environment: Environment) -> EnvironmentCard:
    """One of them."""
    return _card(environment, team_cards(environment=environment))


def _card(environment: Environment, teams: list[TeamCard]) -> EnvironmentCard:
    base = {"environment": environment, "team": None}
    return EnvironmentCard(
        environment=environment,
        status=EnvironmentStatus.objects.filter(environment=environment).first(),
        revision=Revision.objects.filter(**base).order_by("-number").defer("document").first(),
        deployment=Deployment.objects.filter(**base)
        .exclude(state=DeploymentState.CANCELLED)
        .defer("plan", "record")
        .order_by("-id")
        .first(),
        teams=teams,
        open_changes=list(base_changes_open(environment)),
    )


def base_changes_open(environment: Environment) -> list[ChangeRequest]:
    """Changes of the environment itself that are still open, newest first."""
    return list(
        ChangeRequest.objects.filter(environment=environment, team=None, state__in=OPEN_STATES)
        .select_related("environment")
        .order_by("-number")
    )


def base_was_deployed(environment: Environment) -> bool:
    """Whether the base stack stands, or ever came to be deployed by Sluice."""
    seen = EnvironmentStatus.objects.filter(environment=environment).exclude(base_stack_state="").exists()
    return seen or Deployment.objects.filter(environment=environment, team=None, state=DeploymentState.DONE).exists()
