"""Reader and hands against the local AWS, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from deploy_engine.adapters.aws_session import AwsSession
from deploy_engine.adapters.connection import Connection, connect
from deploy_engine.config import Company, EnvironmentFile, Subject
from deploy_engine.errors import AwsRefused, AwsThrottled, AwsUnreachable
from deploy_engine.live import FolderSize, RunState
from deploy_engine.local_aws.testing import LocalAws
from deploy_engine.rendering import render
from tests.engine.adapters.deployed import at, deploy_stack, deploy_team

pytestmark = [pytest.mark.loopback, pytest.mark.xdist_group("adapters-over-http")]
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def deployer(environment: EnvironmentFile, company_in_local_aws: LocalAws) -> Iterator[Connection]:
    with connect(environment, role="deployer") as connection:
        yield connection


def test_reader__nothing_deployed__is_empty_and_not_an_error(deployer: Connection) -> None:
    reader = deployer.reader
    assert reader.stack("sluice-local-food", with_template=True) is None
    assert reader.tasks(["food-foodsearch", "food-other", "food-third"]) == {}
    assert reader.prefix_occupied("example-lake-local", "data/none/") is False
    assert deployer.hands.change_set("sluice-local-food", "none") is None
    assert deployer.hands.table_mappings("food-foodsearch") == ""


def test_folders__objects_in_one__are_counted_up_to_a_limit_and_those_of_its_neighbour_are_not(
    deployer: Connection, company_in_local_aws: LocalAws
) -> None:
    s3 = company_in_local_aws.client("s3")
    for key in ("data/a_v1/1", "data/a_v1/x/2", "data/a_v1/3", "data/a_v10/1"):
        s3.put_object(Bucket="example-lake-local", Key=key, Body=b"12345")

    def size(prefix: str, most: int) -> FolderSize:
        return deployer.folders.folder_size("example-lake-local", prefix, most_objects=most)

    assert size("data/a_v1/", 3) == FolderSize(3, 15)
    assert size("data/a_v1/", 2) == FolderSize(2, 10, cut=True)
    assert size("data/none/", 2) == FolderSize(0, 0)
    with pytest.raises(ValueError, match="without a slash"):
        size("data/a_v1", 2)


def test_reader__base_stack__has_the_template_that_was_given_and_its_exports(
    deployer: Connection, company: Company, company_in_local_aws: LocalAws
) -> None:
    base = Subject(company, "local", None)
    deploy_stack(company_in_local_aws, deployer.hands, base)
    stack = deployer.reader.stack("sluice-local-base", with_template=True)
    assert stack is not None
    assert stack.template == render(base).template
    assert {"sluice-local-lake-1min", "sluice-local-security-group"} <= set(stack.exports)


def test_reader__team_that_runs__tells_tasks_statistics_mappings_and_tags(
    deployer: Connection, company: Company, company_in_local_aws: LocalAws, environment: EnvironmentFile
) -> None:
    deploy_team(company_in_local_aws, deployer.hands, company, "food")
    reader, hands = deployer.reader, deployer.hands
    tasks = reader.tasks(["food-foodsearch", "food-unknown"])
    assert list(tasks) == ["food-foodsearch"]
    assert {"food-foodsearch", "food-nutrition"} <= {seen.name for seen in deployer.lister.every_task()}
    task = tasks["food-foodsearch"]
    assert (task.run_state, task.ever_ran) == (RunState.RUNNING, True)
    statistics = reader.table_statistics(task.arn)
    assert ("foodsearch", "barcodes") in {(table.schema, table.table) for table in statistics}
    assert not any(table.loading or table.in_error for table in statistics)
    assert all(table.load_ended is not None and table.load_ended.tzinfo is not None for table in statistics)
    now = datetime.fromtimestamp(company_in_local_aws.clock.now(), UTC)
    asked = [(task.arn, "food-main"), ("arn:aws:dms:x:1:task:NONE", "food-main")]
    with connect(environment, role="planner") as planner:  # whose it is to read metrics
        latencies = planner.reader.task_latencies(asked, now - timedelta(hours=1), now)
        alarms = {alarm.name: alarm for alarm in planner.reader.alarms("sluice-local-")}
    late = alarms["sluice-local-food-task-foodsearch-source-latency"]
    assert not late.rings
    assert late.about.startswith("The task foodsearch reads its source more than")
    assert late.since.tzinfo is not None
    assert set(latencies) == {task.arn}
    for point in latencies[task.arn]:
        assert point.at.timestamp() % 300 == 0
        assert point.source is not None
        assert point.target is not None
        assert 0 <= point.source <= point.target <= 610, "towards the lake it saws up to the batch interval"
    assert "foodsearch" in hands.table_mappings(task.name)
    assert hands.endpoint_tested(task.arn)
    hands.tag_task(task.arn, {"sluice-run": "cli-1", "sluice-resume-by": "2026-01-05T08:30:00Z"})
    hands.untag_task(task.arn, ("sluice-run",))
    assert reader.task_tags(task.arn) == {"sluice-resume-by": "2026-01-05T08:30:00Z"}
    hands.stop_task(task.arn)
    company_in_local_aws.advance(60)
    stopped = reader.tasks([task.name])[task.name]
    assert (stopped.run_state, stopped.at_rest) == (RunState.STOPPED, True)
    with pytest.raises(AwsRefused):
        hands.start_task(task.arn, first=True)
    hands.start_task(task.arn, first=False)


def test_reader__task_that_never_ran__has_no_statistics(
    deployer: Connection, company: Company, company_in_local_aws: LocalAws
) -> None:
    deploy_stack(company_in_local_aws, deployer.hands, Subject(company, "local", None))
    deploy_stack(company_in_local_aws, deployer.hands, Subject(company, "local", "food"))
    task = deployer.reader.tasks(["food-foodsearch"])["food-foodsearch"]
    assert (task.status, task.ever_ran) == ("ready", False)
    assert deployer.reader.table_statistics(task.arn) == ()


def test_validate_template__fit_or_not__says_what_is_wrong_or_nothing(
    environment: EnvironmentFile, company_in_local_aws: LocalAws, company: Company
) -> None:
    with connect(environment, role="planner") as planner:
        assert planner.reader.validate_template(render(Subject(company, "local", None)).text) is None
        assert planner.reader.validate_template("{}")


def test_connect__again_and_again__assumes_the_role_once_and_makes_no_mutating_call(
    environment: EnvironmentFile, company_in_local_aws: LocalAws
) -> None:
    for _ in range(3):
        with connect(environment, role="planner") as connection:
            connection.reader.tasks(["food-foodsearch"])
            connection.reader.stack("sluice-local-base", with_template=False)
            asked = [call for call in connection.calls if call[0] != "sts"]
        assert asked == [("dms", "DescribeReplicationTasks"), ("cloudformation", "DescribeStacks")]
    assert company_in_local_aws.count("sts:AssumeRole") <= 1


def test_connect__credentials_revoked__are_forgotten_and_the_next_call_has_new_ones(
    environment: EnvironmentFile, company_in_local_aws: LocalAws
) -> None:
    with connect(environment, role="planner") as connection:
        connection.reader.stack("sluice-local-base", with_template=False)
        company_in_local_aws.fault("refuse", operation="DescribeStacks", code="ExpiredToken", status=403)
        assumed = company_in_local_aws.count("sts:AssumeRole")
        with pytest.raises(AwsRefused, match="expired"):
            connection.reader.stack("sluice-local-base", with_template=False)
        connection.reader.stack("sluice-local-base", with_template=False)
    assert company_in_local_aws.count("sts:AssumeRole") == assumed + 1


def test_connect__throttled__gives_the_next_session_clients_that_hold_nothing_back(
    environment: EnvironmentFile, company_in_local_aws: LocalAws
) -> None:
    clients = []
    for fault in (False, True, False):
        session = AwsSession(environment, "deployer")
        clients.append(session.acting_cloudformation)
        if fault:
            company_in_local_aws.fault("throttle", operation="DeleteChangeSet")
            with pytest.raises(ClientError):
                clients[-1].delete_change_set(StackName="sluice-local-base", ChangeSetName="none")
        session.close()
    assert clients[0] is clients[1]
    assert clients[1] is not clients[2]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("throttle", AwsThrottled),
        ("refuse", AwsRefused),
        ("drop-before", AwsUnreachable),
        ("drop-after", AwsUnreachable),
    ],
)
def test_hands__fault_on_a_mutating_call__is_one_call_and_one_of_three_errors(
    deployer: Connection, company_in_local_aws: LocalAws, kind: str, error: type[Exception]
) -> None:
    company_in_local_aws.fault(kind, operation="DeleteChangeSet", code="AccessDenied", status=403)
    with pytest.raises(error):
        deployer.hands.delete_change_set("sluice-local-base", "none")
    assert company_in_local_aws.count("cloudformation:DeleteChangeSet") == 1


def test_reader__nobody_listens__is_unreachable_and_says_where(environment: EnvironmentFile) -> None:
    gone = at(environment, "http://127.0.0.1:9")
    with connect(gone, role="planner") as connection, pytest.raises(AwsUnreachable, match=r"127\.0\.0\.1:9"):
        connection.reader.stack("sluice-local-base", with_template=False)
