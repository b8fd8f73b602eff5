"""What a change is judged in: only the teams that it could collide with are loaded, and they are always found."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from deploy_engine.checks import CATALOGUE, Case
from deploy_engine.checks.fleet import SURE_OF
from deploy_engine.checks.sample import NOW
from deploy_engine.config import Subject, TeamDocument
from deploy_engine.findings import Finding
from deploy_engine.live import Observation
from replication.documents import team_document_of_setup
from replication.models import Environment, LedgerEntry, TableEntry, Team, TeamSetup
from replication.selectors.neighbours import AT_ONCE
from replication.selectors.scopes import company_accepted, setup_with_parts, subject_of_team
from replication.services.company_import import company_import
from tests.replication.company import ENVIRONMENT, FILES, task, team
from tests.replication.factories import GlobalRoleFactory

pytestmark = pytest.mark.django_db
TEAMS = "environments/local/teams"


def imported(files: dict[str, Any]) -> tuple[Environment, Team, TeamDocument]:
    """The company of FILES with more, imported; gives food's accepted document."""
    platform: User = GlobalRoleFactory(role="platform").user
    company_import(actor=platform, files={**FILES, **{path: json.dumps(value) for path, value in files.items()}})
    environment, food = Environment.objects.get(name="local"), Team.objects.get(slug="food")
    setup = setup_with_parts(environment, food)
    assert setup is not None
    return environment, food, team_document_of_setup(setup)


def findings(subject: Subject) -> list[Finding]:
    """What the checks across a company's files say of the subject."""
    case = Case(subject, None, None, Observation.offline(NOW), NOW)
    return [finding for check in CATALOGUE if check.id in SURE_OF for finding in check.run(case)]


def in_the_whole_company(environment: Environment, food: Team, document: TeamDocument) -> Subject:
    """The same subject in everything that is accepted."""
    company = company_accepted()
    config = company.environments[environment.name]
    with_document = replace(config.teams[food.slug], document=document)
    return Subject(company.with_environment(config.with_team(with_document)), environment.name, food.slug)


def with_tables(document: TeamDocument, *tables: tuple[str, str]) -> TeamDocument:
    """The document with these tables in its task `foodsearch`, and no others."""
    value = document.tasks["foodsearch"].model_dump(mode="json")
    value["tables"] = [{"source": identity, "version": version} for identity, version in tables]
    return TeamDocument.model_validate(
        {**document.model_dump(mode="json", by_alias=True), "tasks": {"foodsearch": value}}
    )


OTHER = {
    f"{TEAMS}/other/team.json": team("other", "food"),
    f"{TEAMS}/other/tasks/copy.json": task("food", ("food/db_x/Y_z", "v202101010000")),
    f"{TEAMS}/other/versions.json": {
        "food/db_x/Y_z": {"v202101010000": "active"},
        "fooddb/foodsearch/cities": {"v202212120000": "retired"},
    },
}
SECOND = {
    "environments/second/environment.json": {**ENVIRONMENT, "region": "eu-west-1"},
    "environments/second/teams/users/team.json": team("users", "fooddb"),
    "environments/second/teams/users/tasks/u.json": task("fooddb", ("fooddb/s/Towns", "v202101010000")),
    "environments/second/teams/users/versions.json": {"fooddb/s/Towns": {"v202101010000": "active"}},
}


COLLISIONS: list[tuple[list[tuple[str, str]], set[tuple[str, str]], int]] = [
    ([("fooddb/foodsearch/barcodes", "v202011191200")], set(), 0),
    ([("fooddb/foodsearch/cities", "v202106060000")], {("local", "other")}, 1),
    ([("fooddb/a_b/c", "v202101010000"), ("fooddb/a/b_c", "v202101010000")], set(), 2),
    ([("fooddb/s/towns", "v202101010000")], {("second", "users")}, 1),
    ([("ordersdb/sales/orders", "v202103010000")], {("local", "orders")}, 2),
]
"""Tables, the teams that they could collide with, and the least number of findings."""


def test_subject_of_team__tables_of_others__says_what_the_whole_company_says() -> None:
    environment, food, accepted = imported({**OTHER, **SECOND})
    for tables, neighbours, said in COLLISIONS:
        document = with_tables(accepted, *tables)

        subject = subject_of_team(environment, food, document)

        others = {(name, slug) for name, of in subject.company.environments.items() for slug in of.teams}
        assert others - {("local", "food")} == neighbours
        found = findings(subject)
        assert found == findings(in_the_whole_company(environment, food, document))
        assert len(found) >= said


def test_subject_of_team__more_tables_than_one_statement_names__finds_the_last_one_too() -> None:
    environment, food, accepted = imported(OTHER)
    before = [(f"fooddb/aside/t{number:03}", "v202101010000") for number in range(AT_ONCE)]
    document = with_tables(accepted, *before, ("fooddb/foodsearch/cities", "v202106060000"))

    assert sorted(subject_of_team(environment, food, document).environment.teams) == ["food", "other"]


def test_subject_of_team__no_table__finds_the_source_of_another_team() -> None:
    environment, food, accepted = imported(OTHER)
    sources = {**accepted.team.sources, "ordersdb": accepted.team.sources["fooddb"]}
    document = TeamDocument(team=accepted.team.model_copy(update={"sources": sources}), tasks={})

    assert sorted(subject_of_team(environment, food, document).environment.teams) == ["food", "orders"]


def test_subject_of_team__source_id_of_another_team__is_found() -> None:
    environment, food, accepted = imported({**OTHER, **SECOND})
    sources = {**accepted.team.sources, "ordersdb": accepted.team.sources["fooddb"]}
    document = TeamDocument(team=accepted.team.model_copy(update={"sources": sources}), tasks=accepted.tasks)

    subject = subject_of_team(environment, food, document)

    assert findings(subject) == findings(in_the_whole_company(environment, food, document))
    assert {finding.check for finding in findings(subject)} == {"config.references"}


def test_subject_of_team__more_teams__asks_no_query_more_and_loads_none_of_them() -> None:
    environment, food, document = imported({})
    with CaptureQueriesContext(connection) as few:
        subject_of_team(environment, food, document)
    for number in range(5):
        slug = f"team{number}"
        setup = TeamSetup(team=Team.objects.create(slug=slug, title=slug), environment=environment, title=slug)
        setup.save()
        LedgerEntry(setup=setup, identity=f"{slug}/s/t", version="v202101010000", state="active").save()
    with CaptureQueriesContext(connection) as many:
        subject = subject_of_team(environment, food, document)
    assert len(many) == len(few)
    assert list(subject.environment.teams) == ["food"]


def test_folder__differs_in_case_only__is_refused_by_the_database() -> None:
    imported({})
    entry = TableEntry.objects.get(table_name="barcodes")
    entry.pk, entry.table_name, entry.folder = None, "Barcodes", entry.folder.replace("barcodes", "Barcodes")
    with pytest.raises(IntegrityError):
        entry.save()
