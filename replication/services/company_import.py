"""A whole company into an empty portal, from the files of its config repository."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import TYPE_CHECKING

from django.utils import timezone

from deploy_engine.checks import Case, run_checks
from deploy_engine.config import BaseDocument, Company, EnvironmentConfig, Subject, TeamConfig, parse_company
from deploy_engine.findings import Status
from deploy_engine.live import Observation
from replication.choices import AuditKind
from replication.documents import setup_values
from replication.errors import InvalidInput, NotEmpty
from replication.models import Environment, Team, TeamSetup
from replication.policies import can_manage_platform, require
from replication.services.acceptance import Acceptance, base_document_accept, ledger_accept, team_document_accept
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.committing import company_commit
from replication.services.rows import row_save
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_REASON = "imported from the config repository"


@service
def company_import(*, actor: User | None, files: Mapping[str, str]) -> Company:
    """Accept everything in `files` (path to text) as revision 1 of each scope, in one git commit.

    No actor: an operator at the command line. Raises `InvalidInput` with every finding, or `NotEmpty`.
    """
    if actor is not None:
        require(can_manage_platform(actor))
    parsed = parse_company(files)
    if parsed.company is None:
        raise InvalidInput(parsed.findings)
    if Environment.objects.exists() or Team.objects.exists():
        raise NotEmpty("An import needs an empty portal, and this one has environments or teams already.")
    company = parsed.company
    _refuse_unsound(company)
    acceptance = Acceptance(actor, _REASON)
    _teams_create(company, acceptance)
    for position, config in enumerate(company.environments.values()):
        _environment_import(config, position, acceptance)
    company_commit(actor=actor, message="Import the company's replication config")
    count = sum(len(config.teams) for config in company.environments.values())
    audit_write(
        actor=actor,
        kind=AuditKind.COMPANY_IMPORTED,
        sentence=(
            f"{actor_name(actor)} imported {len(company.environments)} environments and {count} team configs "
            "from the config repository."
        ),
    )
    return company


def _refuse_unsound(company: Company) -> None:
    """Every check that needs neither AWS nor a rendered template, over every team."""
    now = timezone.now()
    nothing_asked = Observation.offline(now)
    cases = [
        Case(Subject(company, environment.name, slug), None, None, nothing_asked, now)
        for environment in company.environments.values()
        for slug in environment.teams
    ]
    results = [result for case in cases for result in run_checks(case, timer=perf_counter, offline=True)]
    failed = [result for result in results if result.status is Status.FAILED and not result.could_not_run]
    findings = [finding for result in failed for finding in result.findings if finding.status is Status.FAILED]
    if findings:
        raise InvalidInput(findings)


def _teams_create(company: Company, acceptance: Acceptance) -> None:
    titles: dict[str, str] = {}
    for environment in company.environments.values():
        for slug, config in environment.teams.items():
            titles.setdefault(slug, config.document.team.title)
    for slug, title in sorted(titles.items()):
        team = Team(slug=slug, title=title)
        row_save(team, actor=acceptance.actor, reason=acceptance.reason)
        audit_write(
            actor=acceptance.actor,
            kind=AuditKind.TEAM_CREATED,
            team=team,
            sentence=f"Team {slug} ({title}) came with the import.",
        )


def _environment_import(config: EnvironmentConfig, position: int, acceptance: Acceptance) -> None:
    environment = Environment(name=config.name, position=position)
    base_document_accept(environment=environment, document=BaseDocument(environment=config.file), acceptance=acceptance)
    audit_write(
        actor=acceptance.actor,
        kind=AuditKind.ENVIRONMENT_CREATED,
        environment=environment,
        sentence=f"Environment {config.name} came with the import.",
    )
    for team in config.teams.values():
        _team_import(environment, team, acceptance)


def _team_import(environment: Environment, config: TeamConfig, acceptance: Acceptance) -> None:
    team = Team.objects.get(slug=config.slug)
    setup = TeamSetup(environment=environment, team=team)
    acceptance.save(setup, setup_values(config.document.team))
    ledger_accept(setup=setup, ledger=config.ledger, acceptance=acceptance)
    team_document_accept(environment=environment, team=team, document=config.document, acceptance=acceptance)
