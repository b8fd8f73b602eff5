"""Requests that botocore's client would never send are refused in AWS's form, and so is what is not there."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError

from deploy_engine.local_aws.cloudformation.operations import CLOUDFORMATION
from deploy_engine.local_aws.contract.operations import OperationTable
from deploy_engine.local_aws.contract.shapes import problems, service_model
from deploy_engine.local_aws.dms.operations import DMS
from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import error_code

JSON_TARGET = "AmazonDMSv20160101"


def _post(aws: LocalAws, service: str, body: bytes, target: str = "") -> tuple[int, str]:
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential=x/20260105/eu-west-1/{service}/aws4_request, Signature=y",
        "Content-Type": "application/x-amz-json-1.1" if target else "application/x-www-form-urlencoded",
    }
    if target:
        headers["X-Amz-Target"] = target
    request = urllib.request.Request(aws.endpoint_url, body, headers)  # noqa: S310 - the test's own server
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - the same
            return int(response.status), str(response.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize(
    ("operation", "body", "code"),
    [
        ("StopReplicationTask", {}, "ValidationException"),
        ("StopReplicationTask", {"ReplicationTaskArn": 7}, "ValidationException"),
        ("StopReplicationTask", {"ReplicationTaskArn": "x", "Wish": 1}, "ValidationException"),
        ("StartReplicationTask", {"ReplicationTaskArn": "x", "StartReplicationTaskType": "now"}, "ValidationException"),
        ("DescribeReplicationTasks", {"MaxRecords": "20"}, "ValidationException"),
        ("DescribeReplicationTasks", {"Filters": [{"Name": "x"}]}, "ValidationException"),
        ("DescribeReplicationTasks", {"Marker": "nonsense"}, "InvalidParameterValueException"),
        ("BrewCoffee", {}, "UnknownOperationException"),
        ("ReloadTables", {"ReplicationTaskArn": "x", "TablesToReload": []}, "UnsupportedOperation"),
    ],
)
def test_dms__request_that_aws_would_refuse__refused_as_json(
    aws: LocalAws, operation: str, body: dict[str, Any], code: str
) -> None:
    status, text = _post(aws, "dms", json.dumps(body).encode(), f"{JSON_TARGET}.{operation}")
    assert (status, json.loads(text)["__type"]) == (400, code)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_dms__body_that_is_no_json_object__refused(aws: LocalAws, body: bytes) -> None:
    status, text = _post(aws, "dms", body, f"{JSON_TARGET}.DescribeReplicationTasks")
    assert (status, json.loads(text)["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"Action": "DescribeStacks", "Wish": "1"}, "ValidationError"),
        ({"Action": "ExecuteChangeSet"}, "ValidationError"),
        ({"Action": "CreateChangeSet", "StackName": "-x-", "ChangeSetName": "c"}, "ValidationError"),
        (
            {"Action": "CreateChangeSet", "StackName": "x", "ChangeSetName": "c", "DisableRollback": "true"},
            "ValidationError",
        ),
        ({"Action": "CreateStack", "StackName": "x", "TimeoutInMinutes": "soon"}, "ValidationError"),
        ({"Action": "CreateStack", "StackName": "x", "DisableRollback": "perhaps"}, "ValidationError"),
        ({"Action": "CreateStack", "StackName": "x", "DisableRollback": "true"}, "UnsupportedOperation"),
        ({"Action": "BrewCoffee"}, "InvalidAction"),
        ({"Action": "DescribeType"}, "UnsupportedOperation"),
    ],
)
def test_cloudformation__request_that_aws_would_refuse__refused_as_xml(
    aws: LocalAws, form: dict[str, str], code: str
) -> None:
    status, text = _post(aws, "cloudformation", urlencode({"Version": "2010-05-15", **form}).encode())
    assert status == 400
    assert f"<Code>{code}</Code>" in text


def test_other_services__not_there__refused_with_an_aws_error(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="does not support") as refusal:
        aws.client("sqs").list_queues()
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_side_services__operation_that_moto_lacks__refused_with_an_aws_error(aws: LocalAws) -> None:
    with pytest.raises(ClientError) as refusal:
        aws.client("ec2").describe_verified_access_trust_providers()
    assert error_code(refusal.value) == "UnsupportedOperation"


@pytest.mark.parametrize("table", [DMS, CLOUDFORMATION])
def test_operations__what_each_accepts__is_in_the_model(table: OperationTable) -> None:
    for name in table.names:
        shape = table.operation_model(name).input_shape
        known = set(shape.members) if shape is not None else set()
        assert table.accepted(name) <= known, name


def test_account__asked_for__every_service_agrees(aws: LocalAws) -> None:
    assert aws.client("sts").get_caller_identity()["Account"] == "123456789012"
    topic = aws.client("sns").create_topic(Name="x")["TopicArn"]
    assert topic == "arn:aws:sns:eu-west-1:123456789012:x"


def test_account__another_one__every_service_agrees() -> None:
    with LocalAws.start(account="210987654321") as other:
        assert other.client("sts").get_caller_identity()["Account"] == "210987654321"
        assert other.client("sns").create_topic(Name="x")["TopicArn"].split(":")[4] == "210987654321"
        role = other.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        assert role == "arn:aws:iam::210987654321:role/r"


def test_problems__of_a_value__are_told_with_their_place() -> None:
    shape = service_model("dms").shape_for("DescribeReplicationTasksMessage")
    found = problems(shape, {"Filters": [{"Name": "x", "Values": [1]}], "WithoutSettings": "yes"})
    assert found == [
        "Value at 'Filters.1.member.Values.1.member' is int, but must be a string",
        "Value at 'WithoutSettings' is str, but must be a boolean",
    ]
