"""Faults on demand, the calls that were recorded, and the control endpoint."""

import urllib.error

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import error_code, start, stop, task


def test_throttle__asked_for_the_second_call__strikes_that_one_only(team: LocalAws) -> None:
    dms = team.client("dms")
    team.fault("throttle", service="dms", operation="DescribeReplicationTasks", skip=1)
    dms.describe_replication_tasks()
    with pytest.raises(ClientError, match="Rate exceeded") as refusal:
        dms.describe_replication_tasks()
    assert error_code(refusal.value) == "ThrottlingException"
    dms.describe_replication_tasks()


def test_refuse__with_a_code__answers_it(aws: LocalAws) -> None:
    aws.fault("refuse", operation="cloudformation:ListStacks", code="AccessDenied", message="No.", status=403)
    with pytest.raises(ClientError, match=r"No\.") as refusal:
        aws.client("cloudformation").list_stacks()
    assert error_code(refusal.value) == "AccessDenied"


@pytest.mark.parametrize(("kind", "status"), [("drop-before", "running"), ("drop-after", "stopping")])
def test_drop__connection__before_or_after_the_effect(team: LocalAws, kind: str, status: str) -> None:
    start(team)
    team.fault(kind, operation="dms:StopReplicationTask")
    with pytest.raises(BotoCoreError):
        stop(team)
    assert task(team)["Status"] == status


def test_timeout__after_the_effect__the_connection_ends_without_an_answer(team: LocalAws) -> None:
    start(team)
    team.fault("timeout-after", operation="dms:StopReplicationTask", seconds=0.1)
    with pytest.raises(BotoCoreError):
        stop(team)
    assert task(team)["Status"] == "stopping"


def test_calls__recorded__are_counted_by_service_and_operation(team: LocalAws) -> None:
    team.forget_calls()
    task(team)
    team.client("s3").list_objects_v2(Bucket="company-lake", MaxKeys=1)
    with pytest.raises(ClientError):
        stop(team)
    counts = team.control("GET", "calls")["counts"]
    assert counts == {"dms:DescribeReplicationTasks": 2, "dms:StopReplicationTask": 1, "s3:ListObjectsV2": 1}
    refused = [call for call in team.calls() if call.operation == "StopReplicationTask"]
    assert refused[0].error == "InvalidResourceStateFault"


def test_control__health_clock_and_faults__answer(aws: LocalAws) -> None:
    before = aws.control("GET", "health")
    assert (before["status"], before["account"]) == ("ready", "123456789012")
    assert aws.control("POST", "clock", {"advance": 5})["now"] == before["now"] + 5
    assert aws.control("POST", "faults", {"kind": "throttle", "times": 2})["faults"][0]["kind"] == "throttle"
    aws.control("POST", "faults/clear")
    assert aws.control("GET", "faults")["faults"] == []
    assert aws.control("GET", "broken") == {"broken": []}


@pytest.mark.parametrize(
    ("method", "name", "body"),
    [
        ("POST", "faults", {"kind": "earthquake"}),
        ("POST", "faults", {"kind": "throttle", "wish": 1}),
        ("POST", "speed", {"speed": 2}),
        ("POST", "clock", {"advance": -1}),
        ("GET", "nothing", None),
    ],
)
def test_control__what_it_cannot_do__refused(
    aws: LocalAws, method: str, name: str, body: dict[str, object] | None
) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        aws.control(method, name, body)
    refusal.value.close()
    assert refusal.value.code in (400, 404)


def test_start__second_local_aws_in_one_process__refused(aws: LocalAws) -> None:
    with pytest.raises(RuntimeError, match="one local AWS"), LocalAws.start():
        pytest.fail("a second one must not run")
