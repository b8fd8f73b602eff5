"""What is accepted in a scope, and a change put into its place: the engine's subject."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from deploy_engine.config import BaseDocument, Company, EnvironmentConfig, Subject, TeamConfig, TeamDocument
from deploy_engine.config.physical_names import base_stack_name, team_stack_name
from replication.documents import (
    base_document_of,
    environment_config_of,
    environment_file_of,
    ledger_of_rows,
    team_config_of_setup,
    team_document_of,
)
from replication.models import ChangeRequest, Deployment, Environment, LedgerEntry, Revision, Team, TeamSetup
from replication.selectors.neighbours import neighbours_of

_SETUP_PARTS = (
    "sources",
    "instances",
    "tasks__source",
    "tasks__replication_instance",
    "tasks__entries",
    "ledger_entries",
)


def latest_revision(environment: Environment, team: Team | None) -> Revision | None:
    """The accepted revision of a scope, or None where nothing was accepted yet."""
    return Revision.objects.filter(environment=environment, team=team).order_by("-number").first()


def of_the_same_scope() -> Q:
    """Of the environment and the team, or the base, of the outer query's row."""
    of_team = Q(team=OuterRef("team")) | (Q(team=None) & Q(IsNull(OuterRef("team"), True)))
    return Q(environment=OuterRef("environment")) & of_team


def newest_number() -> Subquery:
    """The number of the newest revision of the outer row's scope; null where nothing was accepted yet."""
    return Subquery(Revision.objects.filter(of_the_same_scope()).order_by("-number").values("number")[:1])


def stack_of_scope(environment: Environment, team: Team | None) -> str:
    """The name of the scope's CloudFormation stack."""
    return team_stack_name(environment.name, team.slug) if team else base_stack_name(environment.name)


def setup_with_parts(environment: Environment, team: Team) -> TeamSetup | None:
    """A team's setup with everything that its document is made of, or None where it has none."""
    return (
        TeamSetup.objects.filter(environment=environment, team=team)
        .select_related("team", "environment")
        .prefetch_related(*_SETUP_PARTS)
        .first()
    )


def team_configs_of(environment: Environment) -> list[TeamConfig]:
    """Every team of the environment as it is accepted."""
    setups = TeamSetup.objects.filter(environment=environment).select_related("team").prefetch_related(*_SETUP_PARTS)
    return [team_config_of_setup(setup) for setup in setups]


def company_around(environment: Environment) -> Company:
    """Every environment's file, and the teams of `environment`: what its base is judged in."""
    configs: dict[str, EnvironmentConfig] = {}
    for row in Environment.objects.all():
        teams = team_configs_of(row) if row.pk == environment.pk else []
        configs[row.name] = environment_config_of(row, teams)
    return Company(configs)


def company_accepted() -> Company:
    """The whole company as it is accepted."""
    return Company({row.name: environment_config_of(row, team_configs_of(row)) for row in Environment.objects.all()})


def subject_of(change_request: ChangeRequest) -> Subject:
    """The company with the proposed document of `change_request` in its place."""
    document = change_request.document
    if change_request.team is None:
        return subject_of_base(change_request.environment, base_document_of(document))
    subject = subject_of_team(change_request.environment, change_request.team, team_document_of(document))
    return replace(subject, given_up=frozenset(change_request.given_up))


def subject_of_deployment(deployment: Deployment) -> Subject:
    """What a deployment deploys: its revision, and the loads that are given up for it."""
    return replace(subject_of_revision(deployment.revision), given_up=frozenset(deployment.given_up))


def subject_of_revision(revision: Revision) -> Subject:
    """The company with a revision's document in its place."""
    if revision.team is None:
        return subject_of_base(revision.environment, base_document_of(revision.document))
    return subject_of_team(revision.environment, revision.team, team_document_of(revision.document))


def subject_of_team(environment: Environment, team: Team, document: TeamDocument) -> Subject:
    """`document` as this team's config, among those other teams of which a check of it could have something to say.

    The ledger stays the accepted one.
    """
    environments = list(Environment.objects.all())
    lake = [row for row in environments if row.lake_bucket == environment.lake_bucket]
    neighbours = _setups(neighbours_of(environment, team, document, lake=lake))
    ledger = LedgerEntry.objects.filter(setup__environment=environment, setup__team=team).order_by()
    rows = ledger.values_list("identity", "version", "state")
    proposed = TeamConfig(team.slug, document, ledger_of_rows(sorted(rows)))
    configs = {
        row.name: environment_config_of(row, [config for where, config in neighbours if where == row.pk])
        for row in environments
    }
    configs[environment.name] = configs[environment.name].with_team(proposed)
    return Subject(Company(configs), environment.name, team.slug)


def _setups(keys: set[int]) -> list[tuple[int, TeamConfig]]:
    """Accepted teams by the keys of their setups, each with its environment's key."""
    setups = (
        TeamSetup.objects.filter(pk__in=keys).select_related("team").prefetch_related(*_SETUP_PARTS) if keys else ()
    )
    return [(setup.environment_id, team_config_of_setup(setup)) for setup in setups]


def subject_of_base(environment: Environment, document: BaseDocument) -> Subject:
    """The company with `document` as this environment's file."""
    company = company_around(environment)
    config = company.environments[environment.name]
    proposed = EnvironmentConfig(config.name, document.environment, config.teams)
    return Subject(company.with_environment(proposed), environment.name, None)


def accepted_base_document(environment: Environment) -> BaseDocument:
    """The environment's file as a document."""
    return BaseDocument(environment=environment_file_of(environment))
