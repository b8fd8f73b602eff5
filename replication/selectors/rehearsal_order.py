"""What a rehearsal is made of: the config as it is deployed, the config as it shall be, and the reviewed plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deploy_engine.config import (
    Company,
    EnvironmentConfig,
    EnvironmentFile,
    Ledger,
    TeamConfig,
    write_company,
)
from replication.choices import DeploymentState
from replication.documents import base_document_of, environment_file_of, ledger_of, team_document_of
from replication.models import ChangeRequest, Deployment, Environment, Rehearsal, Revision, Team
from replication.selectors.approvals import plan_of
from replication.selectors.scopes import latest_revision, setup_with_parts


@dataclass(frozen=True)
class RehearsalOrder:
    """What the engine's command is given: two config directories (path to text), the scope and the reviewed plan."""

    before: dict[str, str]
    after: dict[str, str]
    environment: str
    team: str | None
    plan: dict[str, Any]
    fault: str = ""


def rehearsal_order(rehearsal: Rehearsal) -> RehearsalOrder | None:
    """The order for `rehearsal`, or None where its plan is gone.

    Both directories hold one environment and at most one team: other teams' paths and sources are what checks are for.
    A stack that the plan creates does not exist before.
    """
    plan = plan_of(rehearsal.check_run)
    if plan is None:
        return None
    change_request = rehearsal.change_request
    environment, team = change_request.environment, change_request.team
    deployed_file = _deployed_environment(environment)
    if team is None:
        proposed = base_document_of(change_request.document).environment
        before, after = _company(environment, deployed_file), _company(environment, proposed)
    else:
        deployed = None if plan.first_deployment else _deployed_team(environment, team)
        before, after = (
            _company(environment, deployed_file, deployed),
            _company(environment, deployed_file, _proposed_team(change_request, environment, team)),
        )
    return RehearsalOrder(
        before=write_company(before),
        after=write_company(after),
        environment=environment.name,
        team=team.slug if team is not None else None,
        plan=plan.as_json(),
        fault=rehearsal.fault,
    )


def _company(environment: Environment, file: EnvironmentFile, team: TeamConfig | None = None) -> Company:
    teams = {team.slug: team} if team is not None else {}
    return Company({environment.name: EnvironmentConfig(environment.name, file, teams)})


def _deployed_revision(environment: Environment, team: Team | None) -> Revision | None:
    """The revision that was deployed last, or the accepted one where Sluice itself never deployed any."""
    done = Deployment.objects.filter(environment=environment, team=team, state=DeploymentState.DONE)
    newest = done.select_related("revision").order_by("-id").first()
    return newest.revision if newest is not None else latest_revision(environment, team)


def _deployed_environment(environment: Environment) -> EnvironmentFile:
    revision = _deployed_revision(environment, None)
    if revision is None:
        return environment_file_of(environment)
    return base_document_of(revision.document).environment


def _deployed_team(environment: Environment, team: Team) -> TeamConfig | None:
    revision = _deployed_revision(environment, team)
    if revision is None:
        return None
    return TeamConfig(team.slug, team_document_of(revision.document), Ledger.model_validate(revision.ledger))


def _proposed_team(change_request: ChangeRequest, environment: Environment, team: Team) -> TeamConfig:
    document = team_document_of(change_request.document)
    setup = setup_with_parts(environment, team)
    return TeamConfig(team.slug, document, ledger_of(setup)) if setup is not None else TeamConfig(team.slug, document)
