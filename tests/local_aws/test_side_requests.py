"""The side services refuse what AWS would refuse, each in its protocol's own words, and never with a server error."""

import json
import random
from collections import Counter
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import error_code
from tests.local_aws.templates import LAKE, SECRET

REQUESTS = 12
"""Per operation."""
USED = {
    "s3": "CreateBucket DeleteObject GetObject HeadBucket HeadObject ListBuckets ListObjectsV2 PutObject",
    "sts": "AssumeRole GetCallerIdentity",
    "iam": "CreateRole GetRole GetRolePolicy ListRolePolicies ListRoles PutRolePolicy TagRole",
    "ec2": "DescribeSecurityGroups DescribeSubnets DescribeVpcs",
    "secretsmanager": "CreateSecret DescribeSecret GetSecretValue ListSecrets PutSecretValue",
    "sns": "CreateTopic GetTopicAttributes ListSubscriptionsByTopic ListTopics Publish",
    "cloudwatch": "DescribeAlarms GetMetricData ListMetrics PutMetricAlarm PutMetricData SetAlarmState",
    "logs": "CreateLogGroup DescribeLogGroups DescribeLogStreams GetLogEvents",
}
WORDS = ["x", "", "a b", "\u202e", "../..", LAKE, SECRET, "dms-vpc-role", "arn:aws:iam::123456789012:role/x", "AWS/DMS"]
NUMBERS = [0, 1, 60, -1, 10**9]


def _client(aws: LocalAws, service: str) -> Any:
    """Return a client that sends whatever it is told to."""
    return boto3.client(
        service,  # type: ignore[call-overload] # any service by name
        region_name="eu-west-1",
        endpoint_url=aws.endpoint_url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def _value(chance: random.Random, shape: Shape, depth: int = 0) -> Any:
    match shape:
        case StructureShape():
            return {
                name: _value(chance, member, depth + 1)
                for name, member in shape.members.items()
                if (name in shape.required_members and chance.random() < 0.95) or chance.random() < 0.2 / (depth + 1)
            }
        case ListShape():
            return [_value(chance, shape.member, depth + 1) for _ in range(chance.randint(0, 2))]
        case MapShape():
            return {chance.choice(WORDS): _value(chance, shape.value, depth + 1)}
        case StringShape():
            return chance.choice(shape.enum) if shape.enum and chance.random() < 0.8 else chance.choice(WORDS)
    kinds = {"boolean": chance.random() < 0.5, "blob": b"x", "timestamp": 1_767_600_000}
    return kinds.get(shape.type_name, chance.choice(NUMBERS))


@pytest.mark.parametrize("service", sorted(USED))
def test_side_services__requests_at_random__are_answered_or_refused_but_never_a_server_error(
    aws: LocalAws, service: str
) -> None:
    chance = random.Random(20260105)  # noqa: S311 - the same requests in every run
    client = _client(aws, service)
    answers: Counter[str] = Counter()
    for name in USED[service].split():
        shape = client.meta.service_model.operation_model(name).input_shape
        for _ in range(REQUESTS):
            members = _value(chance, shape) if shape is not None else {}
            try:
                client._make_api_call(name, members)
                answers["answered"] += 1
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                assert 300 <= status < 500, (name, members, error)
                assert error_code(error), (name, members)
                answers["refused"] += 1
            except (BotoCoreError, ValueError, TypeError, AttributeError, KeyError):
                answers["not sendable"] += 1
    assert answers["answered"] + answers["refused"] > REQUESTS
    assert aws.gateway.broken == []


@pytest.mark.parametrize(
    ("service", "operation", "members", "code"),
    [
        ("sts", "AssumeRole", {"RoleArn": "short", "RoleSessionName": "x"}, "ValidationError"),
        ("iam", "CreateRole", {"RoleName": "a b"}, "ValidationError"),
        ("sns", "CreateTopic", {}, "ValidationError"),
        ("ec2", "DescribeVpcs", {"MaxResults": 1}, "InvalidParameterValue"),
        ("secretsmanager", "GetSecretValue", {}, "ValidationException"),
        ("logs", "CreateLogGroup", {"logGroupName": "a b"}, "ValidationException"),
        ("cloudwatch", "PutMetricAlarm", {"AlarmName": "x", "Statistic": "Guess"}, "ValidationError"),
        ("cloudwatch", "DescribeAlarms", {"StateValue": "MAYBE"}, "ValidationError"),
        ("s3", "PutObject", {"Bucket": LAKE, "Key": "k", "StorageClass": "ATTIC"}, "InvalidArgument"),
    ],
)
def test_side_services__request_that_the_model_does_not_allow__refused_in_the_protocols_own_form(
    aws: LocalAws, service: str, operation: str, members: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError, match="validation error") as refusal:
        _client(aws, service)._make_api_call(operation, members)
    assert error_code(refusal.value) == code


@pytest.mark.parametrize(
    ("service", "operation", "members"),
    [
        ("ec2", "describe_verified_access_trust_providers", {}),
        ("cloudwatch", "describe_alarm_history", {}),
        ("iam", "generate_service_last_accessed_details", {"Arn": "arn:aws:iam::123456789012:role/x"}),
        ("secretsmanager", "stop_replication_to_replica", {"SecretId": SECRET}),
        ("s3", "list_bucket_analytics_configurations", {"Bucket": LAKE}),
    ],
)
def test_side_services__operation_that_moto_does_not_have__refused_as_unsupported(
    aws: LocalAws, service: str, operation: str, members: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as refusal:
        getattr(aws.client(service), operation)(**members)
    assert error_code(refusal.value) == "UnsupportedOperation"
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_side_services__maps_lists_and_times__pass_as_they_are(aws: LocalAws) -> None:
    topic = aws.client("sns").create_topic(Name="t", Attributes={"DisplayName": "x"}, Tags=[{"Key": "k", "Value": "v"}])
    attributes = aws.client("sns").get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
    assert attributes["DisplayName"] == "x"
    vpcs = aws.client("ec2").describe_vpcs(Filters=[{"Name": "vpc-id", "Values": ["vpc-0123456789abcdef0"]}])["Vpcs"]
    assert len(vpcs) == 1
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    assert aws.client("sts").get_caller_identity()["Account"] == "123456789012"
    with pytest.raises(ClientError):
        aws.client("iam").get_role_policy(RoleName="nobody", PolicyName=policy[:5])
