"""The policies of planner and deployer against the calls that are really made, both ways.

The local AWS holds the roles to their policies, here and in every other test that deploys (a missing permission fails
there), and remembers who called what (an unused one fails here).
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from deploy_engine.access import Place, external_id, role_documents
from deploy_engine.adapters.connection import connect
from deploy_engine.config import EnvironmentFile
from deploy_engine.errors import AwsRefused
from deploy_engine.local_aws.testing import LocalAws
from tests.engine.cli.conftest import Run
from tests.engine.example_company import example_company

pytestmark = pytest.mark.loopback
FOODSEARCH = "environments/local/teams/food/tasks/foodsearch.json"
DENIED = {"AccessDenied", "AccessDeniedException"}
IMPLIED = {"iam:PassRole", "s3:GetObject"}
"""Actions that no call bears the name of: CreateChangeSet hands a role over, and has a template read."""

NAMES = {"monitoring": "cloudwatch", "s3:ListObjectsV2": "s3:ListBucket"}


def _actions_by_role(aws: LocalAws) -> dict[str, set[str]]:
    """What each role called, as IAM names it, since the local AWS began; refusals for want of permission fail."""
    found: dict[str, set[str]] = defaultdict(set)
    for call in aws.calls():
        session = aws.world.sessions.by_key.get(call.access_key)
        if session is not None:
            assert call.error not in DENIED, call
            name = f"{NAMES.get(call.service, call.service)}:{call.operation}"
            found[session.role_arn.rpartition("/")[2].removeprefix("sluice-")].add(NAMES.get(name, name))
    return found


def add_table(directory: Path, of: str = FOODSEARCH) -> None:
    """Let a task of food have a table more."""
    path = directory / of
    task = json.loads(path.read_text())
    schema = Path(of).stem
    task["tables"].append({"source": f"fooddb/{schema}/extra", "version": "v202601050800"})
    path.write_text(json.dumps(task))


def test_policies__deployments_that_end_in_every_way__no_permission_is_missing_and_none_unused(
    run_in_aws: Run,
    directory: Path,
    aws: LocalAws,
) -> None:
    base = (directory, "--env", "local", "--base")
    food = (directory, "--env", "local", "--team", "food")
    aws.fault("fail-stack-update", name="sluice-local-base/SubnetGroup", times=1)
    assert run_in_aws("deploy", *base).code != 0
    assert run_in_aws("deploy", *base).code == 0  # deletes what never succeeded, then makes it
    assert run_in_aws("deploy", *food).code == 0
    aws.advance(3600)
    add_table(directory)
    aws.fault("fail-stack-update", name="sluice-local-food/TaskFoodsearch", times=1)
    assert run_in_aws("deploy", *food).code == 1  # rolled back, and runs again
    environment = example_company().environments["local"].file
    _what_other_callers_make(environment)
    for role, made in _actions_by_role(aws).items():
        statements = role_documents(Place("local", environment))[role].policy["Statement"]
        allowed = {action for item in statements if item["Effect"] == "Allow" for action in item["Action"]}
        assert allowed - IMPLIED == made


def _what_other_callers_make(environment: EnvironmentFile) -> None:
    """Calls of the portal's own, and that of a deployment which gives up before it pauses anything."""
    with connect(environment, role="planner") as planner:
        planner.quotas.account_quotas()
        planner.estate()
        planner.reader.instance_rooms(["food-main"], datetime(2026, 1, 5, 8, tzinfo=UTC))
        planner.reader.alarms("sluice-local-")
        planner.reader.imports("sluice-local-lake-endpoint-1min")  # asked where a base would no longer export it
    with connect(environment, role="deployer") as deployer:
        deployer.hands.delete_change_set("sluice-local-food", "given-up")
        for call in (deployer.hands.cancel_update, deployer.hands.continue_rollback):
            with pytest.raises(AwsRefused, match="ValidationError"):  # nothing is under way, and no rollback failed
                call("sluice-local-food", "token")


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("dms", "stop_replication_task", {"ReplicationTaskArn": "arn:aws:dms:eu-west-1:123456789012:task:ABC"}),
        ("cloudformation", "delete_stack", {"StackName": "sluice-local-food"}),
        ("cloudformation", "describe_stacks", {"StackName": "somebody-elses"}),
        ("s3", "list_objects_v2", {"Bucket": "example-lake-local", "Prefix": "secret/"}),
        ("s3", "delete_object", {"Bucket": "example-lake-local", "Key": "data/x"}),
        ("secretsmanager", "get_secret_value", {"SecretId": "sluice/food/fooddb"}),
    ],
)
def test_planner__what_its_policy_does_not_allow__is_refused(
    aws: LocalAws,
    service: str,
    operation: str,
    arguments: dict[str, str],
) -> None:
    file = example_company().environments["local"].file
    session = aws.client("sts").assume_role(
        RoleArn=file.roles.planner, RoleSessionName="sluice", ExternalId=external_id(file)
    )["Credentials"]
    client: Any = boto3.client(
        service,  # type: ignore[call-overload]  # any service by name
        region_name=file.region,
        endpoint_url=aws.endpoint_url,
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
        config=Config(s3={"addressing_style": "path"}),
    )
    try:
        with pytest.raises(ClientError, match="not authorized"):
            getattr(client, operation)(**arguments)
    finally:
        client.close()
