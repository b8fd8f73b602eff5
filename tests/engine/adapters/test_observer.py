"""What one look at AWS costs, what it tells, and that nothing AWS does makes it raise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deploy_engine.adapters.connection import Connection, connect
from deploy_engine.adapters.observer import observe
from deploy_engine.adapters.verdict import judge
from deploy_engine.checks.calls import Change, calls_of_a_plan
from deploy_engine.config import Company, EnvironmentFile, Subject, TableEntry
from deploy_engine.config.physical_names import table_prefix
from deploy_engine.live import LintProblem, Unknown
from deploy_engine.local_aws.testing import LocalAws
from deploy_engine.planning import Flavour
from deploy_engine.rendering import render
from tests.engine.adapters.deployed import COMPANY, at, deploy_team, with_document, with_table

pytestmark = [pytest.mark.loopback, pytest.mark.xdist_group("adapters-over-http")]
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
NEW = TableEntry(source="fooddb/foodsearch/allergens_extra", version="v202601050800")
PREFIX = table_prefix(NEW)


def content(template: str, region: str) -> tuple[LintProblem, ...]:
    """A linter that has nothing to say; the real one takes seconds to import and has tests of its own."""
    return ()


@pytest.fixture(scope="module")
def food_running(local_aws: LocalAws, environment: EnvironmentFile, company: Company) -> LocalAws:
    """The base stack and food's, running and loaded. Deployed once: looking changes nothing."""
    local_aws.clear_faults()
    local_aws.prepare_company(COMPANY, "local")
    with connect(at(environment, local_aws.endpoint_url), role="deployer") as deployer:
        deploy_team(local_aws, deployer.hands, company, "food")
    return local_aws


@pytest.fixture
def planner(environment: EnvironmentFile, food_running: LocalAws) -> Iterator[Connection]:
    food_running.clear_faults()
    with connect(at(environment, food_running.endpoint_url), role="planner") as connection:
        yield connection


def test_observe__one_table_added__costs_the_budget_and_no_call_more(
    planner: Connection, company: Company, food_running: LocalAws
) -> None:
    subject = Subject(with_table(company, "food", "foodsearch", NEW), "local", "food")
    observation, difference = observe(planner.reader, planner.sources, content, subject, render(subject), now=NOW)
    assert asked(planner) == calls_of_a_plan(Change(tasks=1, counted=(12,), loads=1, sources=1))
    assert [call for call in planner.calls if call != ("sts", "AssumeRole")] == [
        ("cloudformation", "DescribeStacks"),
        ("cloudformation", "GetTemplate"),
        ("cloudformation", "DescribeStacks"),
        ("dms", "DescribeReplicationTasks"),
        ("dms", "DescribeTableStatistics"),
        ("s3", "ListObjectsV2"),
        ("cloudwatch", "GetMetricData"),
        ("secretsmanager", "GetSecretValue"),
        ("cloudformation", "ValidateTemplate"),
    ]
    assert observation.occupied == {PREFIX: False}
    assert not isinstance(observation.rooms, Unknown)
    assert list(observation.rooms) == ["food-main"]
    assert not isinstance(observation.statistics, Unknown)
    assert list(observation.statistics) == ["food-foodsearch"]
    assert observation.validated is None
    assert difference is not None
    assert difference.tasks["food-foodsearch"].added[0].identity == NEW.source


def asked(connection: Connection) -> dict[str, int]:
    """How often each operation was called, but for AssumeRole, as `calls_of_a_plan` tells it."""
    return dict(Counter(f"{service}:{operation}" for service, operation in connection.calls if service != "sts"))


def in_a_crowd(company: Company, teams: int) -> Company:
    """The company with as many more teams, each like `food` and under a name of its own."""
    local = company.environments["local"]
    crowd = {f"crowd{number}": replace(local.teams["food"], slug=f"crowd{number}") for number in range(teams)}
    return company.with_environment(replace(local, teams={**local.teams, **crowd}))


def test_observe__two_tasks_changed_in_a_crowd_of_a_thousand_teams__costs_the_budget_and_no_call_more(
    environment: EnvironmentFile, company: Company, local_aws: LocalAws
) -> None:
    local_aws.clear_faults()
    local_aws.prepare_company(COMPANY, "local")
    with connect(at(environment, local_aws.endpoint_url), role="deployer") as deployer:
        deploy_team(local_aws, deployer.hands, company, "orders")
    document = company.environments["local"].teams["orders"].document
    for name, other in (("checkout", "v202601050800"), ("payments", "v202601050801")):
        file = document.tasks[name]
        entry = TableEntry(source=f"{file.source}/another/schema_of_{name}", version=other)
        document = document.with_task(name, file.model_copy(update={"tables": (*file.tables, entry)}))
    counts = []
    for teams in (0, 1000):
        subject = Subject(in_a_crowd(with_document(company, "orders", document), teams), "local", "orders")
        with connect(at(environment, local_aws.endpoint_url), role="planner") as planner:
            observe(planner.reader, planner.sources, content, subject, render(subject), now=NOW)
            counts.append(asked(planner))
    tasks = len([task for task in document.tasks.values() if task.active_tables])
    touched = {document.tasks[name].source for name in ("checkout", "payments")}
    sources = sum(document.team.sources[name].catalogue_secret is not None for name in touched)
    budget = Change(tasks=tasks, counted=(9, 9), loads=2, sources=sources, instances=len(document.team.instances))
    assert counts == [calls_of_a_plan(budget)] * 2


def test_observe__nothing_changed__asks_for_no_statistics_and_no_prefix(
    planner: Connection, company: Company, food_running: LocalAws
) -> None:
    observation, difference = observe(
        planner.reader,
        planner.sources,
        content,
        Subject(company, "local", "food"),
        render(Subject(company, "local", "food")),
        now=NOW,
    )
    assert difference is not None
    assert difference.empty
    assert (observation.statistics, observation.occupied) == ({}, {})
    assert not {operation for _, operation in planner.calls} & {"DescribeTableStatistics", "ListObjectsV2"}


def test_observe__a_second_load_beside__asks_the_task_that_goes_on_how_long_the_first_one_took(
    planner: Connection, company: Company
) -> None:
    team = company.environments["local"].teams["food"]
    entry = team.document.tasks["foodsearch"].active_tables[0]
    again = entry.model_copy(update={"version": "v202601050800"})
    second = team.document.tasks["foodsearch"].model_copy(update={"tables": (again,)})
    subject = Subject(with_document(company, "food", team.document.with_task("second", second)), "local", "food")
    observation, _ = observe(planner.reader, planner.sources, content, subject, render(subject), now=NOW)
    assert not isinstance(observation.statistics, Unknown)
    assert set(observation.statistics) == {"food-foodsearch"}


def test_observe__aws_silent__each_part_is_unknown_and_is_asked_once(
    environment: EnvironmentFile, company: Company
) -> None:
    subject = Subject(company, "local", "food")
    with connect(at(environment, "http://127.0.0.1:9"), role="planner") as connection:
        observation, difference = observe(
            connection.reader, connection.sources, content, subject, render(subject), now=NOW
        )
        assert len(connection.calls) == 2, connection.calls
    assert difference is None
    for part in (observation.stack, observation.base, observation.tasks, observation.statistics, observation.occupied):
        assert isinstance(part, Unknown)
        assert "127.0.0.1:9" in part.reason


@pytest.mark.parametrize(
    "operation",
    [
        "DescribeStacks",
        "GetTemplate",
        "DescribeReplicationTasks",
        "DescribeTableStatistics",
        "ListObjectsV2",
        "ValidateTemplate",
    ],
)
def test_judge__one_call_refused__blocks_and_never_raises(
    planner: Connection, company: Company, food_running: LocalAws, operation: str
) -> None:
    subject = Subject(with_table(company, "food", "foodsearch", NEW), "local", "food")
    food_running.fault("refuse", operation=operation, code="AccessDenied", message="no", status=403, times=99)
    verdict = judge(subject, planner, now=NOW, linter=content)
    assert verdict.blocks
    assert verdict.could_not_run


def test_judge__role_refused__blocks_and_never_raises(
    environment: EnvironmentFile, company: Company, food_running: LocalAws
) -> None:
    food_running.clear_faults()
    food_running.fault("refuse", operation="AssumeRole", code="AccessDenied", message="no", status=403, times=99)
    roles = environment.roles.model_copy(update={"planner": "arn:aws:iam::000000000000:role/nobody-yet"})
    stranger = at(environment, food_running.endpoint_url).model_copy(update={"roles": roles})
    with connect(stranger, role="planner") as connection:
        verdict = judge(Subject(company, "local", "food"), connection, now=NOW, linter=content)
    assert verdict.blocks
    assert verdict.could_not_run


def test_judge__one_table_added__passes_with_a_single_step_plan_and_reads_only(
    planner: Connection, company: Company, food_running: LocalAws
) -> None:
    subject = Subject(with_table(company, "food", "foodsearch", NEW), "local", "food")
    verdict = judge(subject, planner, now=NOW, linter=content)
    assert not verdict.blocks, (verdict.findings, verdict.refusals)
    assert verdict.plan is not None
    assert verdict.plan.flavour is Flavour.SINGLE_STEP
    assert verdict.plan.steps[0].pause == verdict.plan.steps[0].resume == ("food-foodsearch",)
    assert [load.prefix for load in verdict.plan.steps[0].loads] == [PREFIX]
    assert verdict.as_json()["blocks"] is False


def test_judge__prefix_occupied__is_found_and_blocks(
    planner: Connection, company: Company, food_running: LocalAws, environment: EnvironmentFile
) -> None:
    other = TableEntry(source="fooddb/foodsearch/labels_extra", version="v202601050800")
    food_running.client("s3").put_object(Bucket=environment.lake_bucket, Key=f"{table_prefix(other)}x", Body=b"x")
    subject = Subject(with_table(company, "food", "foodsearch", other), "local", "food")
    verdict = judge(subject, planner, now=NOW, linter=content)
    assert {result.check for result in verdict.results if result.blocks} == {"s3.no-overwrite"}


def test_judge__offline__asks_nothing_and_leaves_out_what_only_aws_can_tell(company: Company) -> None:
    verdict = judge(Subject(company, "local", "food"), None, now=NOW, offline=True, linter=content)
    assert not verdict.blocks
    assert (verdict.plan, verdict.refusals) == (None, ())
    assert "config.references" in {result.check for result in verdict.results}
    assert "s3.no-overwrite" not in {result.check for result in verdict.results}
