"""Requests made at random from botocore's shapes: whatever comes, it is answered or refused, with no server error."""

import json
import random
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from deploy_engine.local_aws.cloudformation.operations import CLOUDFORMATION
from deploy_engine.local_aws.contract.operations import OperationTable
from deploy_engine.local_aws.dms.operations import DMS
from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import start, task
from tests.local_aws.templates import base_template, mappings, settings, team_template

REQUESTS = 400
STRANGE: list[Any] = [None, 1, "x", [], {}, "\x00\u202e", True]
NUMBERS = [0, 1, 20, 50, 100, -1, 10**9]
TOPIC = {"Type": "AWS::SNS::Topic"}
TEMPLATES = [
    {"Resources": {"A": []}},
    {"Resources": {"A": {"Type": ["x"]}}},
    {"Resources": {"A": {**TOPIC, "DependsOn": [1]}}},
    {"Resources": {"A": {**TOPIC, "Condition": "C"}}, "Conditions": {"C": {"Condition": "C"}}},
    {"Resources": {"A": TOPIC}, "Outputs": {"O": {"Value": {"Fn::Select": ["x", ["a"]]}}}},
    {"Resources": {"A": {**TOPIC, "Properties": {"DisplayName": {"Fn::Split": [",", "a"]}}}}},
    {"Resources": {"A": {**TOPIC, "Properties": {"Tags": [1]}}}},
    {"Resources": {"A": TOPIC}, "Parameters": {"P": 3}},
    {"rules": [1]},
    {"FullLoadSettings": 3},
]


def _words(aws: LocalAws) -> list[str]:
    """Return strings that get a request past the first checks more often than noise would."""
    found = task(aws)
    arns = [value for name, value in found.items() if name.endswith("Arn")]
    names = ["x", "", "s3", "postgres", "dms.t3.medium", "failure", "sluice-local-food", "food-foodsearch", "food-main"]
    texts = [mappings("a"), settings(), base_template(), team_template(), "[]"]
    return [*arns, *names, *texts, *(json.dumps(template) for template in TEMPLATES)]


def _value(chance: random.Random, shape: Shape | None, words: list[str], depth: int = 0) -> Any:
    if chance.random() < 0.05:
        return chance.choice(STRANGE)
    match shape:
        case StructureShape():
            wanted = 0.3 if depth < 2 else 0.1
            return {
                name: _value(chance, member, words, depth + 1)
                for name, member in shape.members.items()
                if name in shape.required_members or chance.random() < wanted
            }
        case ListShape():
            return [_value(chance, shape.member, words, depth + 1) for _ in range(chance.randint(0, 2))]
        case MapShape() | None:
            return {}
    return _scalar(chance, shape, words)


def _scalar(chance: random.Random, shape: Shape, words: list[str]) -> Any:
    if isinstance(shape, StringShape):
        return chance.choice(shape.enum or words)
    return chance.random() < 0.5 if shape.type_name == "boolean" else chance.choice(NUMBERS)


def _form(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _form(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for position, item in enumerate(value, start=1):
            yield from _form(item, f"{path}.member.{position}")
    elif value is not None:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


def _send(aws: LocalAws, table: OperationTable, operation: str, members: dict[str, Any]) -> int:
    scope = f"x/20260105/eu-west-1/{table.service}/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, Signature=y"}
    body = urlencode({"Action": operation, "Version": "2010-05-15", **dict(_form(members))}).encode()
    if table is DMS:
        headers["X-Amz-Target"] = f"AmazonDMSv20160101.{operation}"
        body = json.dumps(members).encode()
    request = urllib.request.Request(aws.endpoint_url, body, headers)  # noqa: S310 - the test's own server
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 - the same
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.mark.parametrize("table", [DMS, CLOUDFORMATION])
def test_requests__at_random__are_answered_or_refused_but_never_a_server_error(
    team: LocalAws, table: OperationTable
) -> None:
    start(team)
    chance = random.Random(20260105)  # noqa: S311 - the same requests in every run
    words = _words(team)
    statuses: Counter[int] = Counter()
    for number in range(REQUESTS):
        operation = chance.choice(table.names)
        members = _value(chance, table.operation_model(operation).input_shape, words)
        if isinstance(members, dict):
            if chance.random() < 0.8:
                members = {name: value for name, value in members.items() if name in table.accepted(operation)}
            statuses[_send(team, table, operation, members)] += 1
        if number % 40 == 0:
            team.advance(chance.choice([1, 10, 100]))
    assert set(statuses) <= {200, 400, 404}, team.gateway.broken
    assert statuses[200] > REQUESTS / 20
