"""Tags from outside over stack updates, and the fence at AWS itself (`reliability.md`, rules 6 and 7)."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from deploy_engine.adapters.connection import connect
from deploy_engine.errors import AwsRefused
from deploy_engine.local_aws.testing import LocalAws
from tests.engine.planning.building import ENVIRONMENT
from tests.local_aws.driving import deploy, error_code, start, task
from tests.local_aws.templates import mappings, team_template

STACK = "sluice-local-food"
RESOURCE_TAG, PRINCIPAL_TAG = "aws:ResourceTag/sluice-fence", "${aws:PrincipalTag/sluice-fence}"
ALLOW = {"Effect": "Allow", "Action": ["dms:StartReplicationTask", "dms:StopReplicationTask"], "Resource": "*"}
FENCED = {**ALLOW, "Condition": {"StringEquals": {RESOURCE_TAG: PRINCIPAL_TAG}}}
DENYING = {**ALLOW, "Effect": "Deny", "Condition": {"StringNotEquals": {RESOURCE_TAG: PRINCIPAL_TAG}}}


def _role(aws: LocalAws, *statements: dict[str, Any], actions: tuple[str, ...] = ("AssumeRole", "TagSession")) -> str:
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": [f"sts:{action}" for action in actions]}
    iam = aws.client("iam")
    role = iam.create_role(
        RoleName="deployer", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_role_policy(RoleName="deployer", PolicyName="fence", PolicyDocument=document)
    return str(role["Role"]["Arn"])


def _dms(aws: LocalAws, role: str, fence: str | None) -> Any:
    """Return a DMS client whose session has the fence as its tag."""
    tags = {"Tags": [{"Key": "sluice-fence", "Value": fence}]} if fence is not None else {}
    answer = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="run-17", **tags)["Credentials"]
    return boto3.client(
        "dms",
        region_name="eu-west-1",
        endpoint_url=aws.endpoint_url,
        aws_access_key_id=answer["AccessKeyId"],
        aws_secret_access_key=answer["SecretAccessKey"],
        aws_session_token=answer["SessionToken"],
    )


def _tag(aws: LocalAws, **tags: str) -> str:
    arn: str = task(aws)["ReplicationTaskArn"]
    listed = [{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()]
    aws.client("dms").add_tags_to_resource(ResourceArn=arn, Tags=listed)
    return arn


def _tags(aws: LocalAws) -> dict[str, str]:
    found = aws.client("dms").list_tags_for_resource(ResourceArn=task(aws)["ReplicationTaskArn"])["TagList"]
    return {item["Key"]: item["Value"] for item in found}


@pytest.mark.parametrize(("wipe", "left"), [(False, {"sluice-run": "17"}), (True, {})])
def test_stack_update__tags_set_from_outside__kept_or_wiped_as_switched(
    team: LocalAws, wipe: bool, left: dict[str, str]
) -> None:
    team.control("POST", "behaviours", {"stack_updates_wipe_tags": wipe})
    _tag(team, sluice_run="17")
    assert deploy(team, STACK, team_template({"foodsearch": mappings("barcodes")})) == "UPDATE_COMPLETE"
    assert _tags(team) == left


def test_stack_update__wiping_but_the_task_unchanged__keeps_its_tags(team: LocalAws) -> None:
    team.behave(stack_updates_wipe_tags=True)
    _tag(team, sluice_run="17")
    assert deploy(team, STACK, team_template(instance_class="dms.t3.large")) == "UPDATE_COMPLETE"
    assert _tags(team) == {"sluice-run": "17"}


def test_behaviours__unknown_switch_or_no_boolean__refused_in_words(team: LocalAws) -> None:
    with pytest.raises(ValueError, match="known switches"):
        team.behave(make_coffee=True)


@pytest.mark.parametrize("statements", [(FENCED,), (ALLOW, DENYING)])
def test_fence__tag_of_the_resource_equals_that_of_the_session__may_stop_else_denied(
    team: LocalAws, statements: tuple[dict[str, Any], ...]
) -> None:
    start(team)
    role = _role(team, *statements)
    arn = _tag(team, sluice_fence="8")
    with pytest.raises(ClientError, match="not authorized to perform: dms:StopReplicationTask") as refusal:
        _dms(team, role, "7").stop_replication_task(ReplicationTaskArn=arn)
    assert error_code(refusal.value) == "AccessDeniedException"
    assert "assumed-role/deployer/run-17 is not authorized" in str(refusal.value)
    assert f"on resource: {arn}" in str(refusal.value)
    assert task(team)["Status"] == "running"
    _dms(team, role, "8").stop_replication_task(ReplicationTaskArn=arn)
    team.advance(10)
    assert task(team)["Status"] == "stopped"


def test_fence__on_start__holds_too_and_a_session_without_a_tag_is_denied(team: LocalAws) -> None:
    arn = _tag(team, sluice_fence="8")
    role = _role(team, FENCED)
    kind = {"StartReplicationTaskType": "start-replication"}
    with pytest.raises(ClientError, match="no identity-based policy allows the dms:StartReplicationTask action"):
        _dms(team, role, None).start_replication_task(ReplicationTaskArn=arn, **kind)
    _dms(team, role, "8").start_replication_task(ReplicationTaskArn=arn, **kind)


def test_fence__task_without_the_tag__is_denied_unless_the_policy_says_if_exists(team: LocalAws) -> None:
    start(team)
    arn = task(team)["ReplicationTaskArn"]
    role = _role(team, FENCED)
    with pytest.raises(ClientError, match="not authorized"):
        _dms(team, role, "8").stop_replication_task(ReplicationTaskArn=arn)
    open_to = {**ALLOW, "Condition": {"StringEqualsIfExists": {RESOURCE_TAG: PRINCIPAL_TAG}}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [open_to]})
    team.client("iam").put_role_policy(RoleName="deployer", PolicyName="fence", PolicyDocument=document)
    _dms(team, role, "8").stop_replication_task(ReplicationTaskArn=arn)


def test_fence__role_with_policies__may_do_what_they_allow_and_nothing_else(team: LocalAws) -> None:
    role = _role(team, ALLOW)
    arn = _tag(team, sluice_fence="8")
    dms = _dms(team, role, "7")
    dms.start_replication_task(ReplicationTaskArn=arn, StartReplicationTaskType="start-replication")
    with pytest.raises(ClientError, match="no identity-based policy allows the dms:DescribeReplicationTasks action"):
        dms.describe_replication_tasks()


def test_fence__role_without_any_policy__is_not_looked_at(team: LocalAws) -> None:
    role = _role(team, ALLOW)
    team.client("iam").delete_role_policy(RoleName="deployer", PolicyName="fence")
    assert _dms(team, role, "7").describe_replication_tasks()["ReplicationTasks"]


def test_fence__condition_that_the_local_aws_does_not_know__refused_and_not_passed_over(team: LocalAws) -> None:
    role = _role(team, {**ALLOW, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}})
    with pytest.raises(ClientError) as refusal:
        _dms(team, role, "7").stop_replication_task(ReplicationTaskArn=task(team)["ReplicationTaskArn"])
    assert error_code(refusal.value) == "UnsupportedOperation"


def test_assume_role__session_tags_that_the_trust_does_not_allow__denied(team: LocalAws) -> None:
    role = _role(team, FENCED, actions=("AssumeRole",))
    with pytest.raises(ClientError, match="sts:TagSession") as refusal:
        _dms(team, role, "7")
    assert error_code(refusal.value) == "AccessDenied"


@pytest.mark.parametrize(
    ("given", "allowed"), [({"ExternalId": "sluice-1"}, True), ({"ExternalId": "other"}, False), ({}, False)]
)
def test_assume_role__trust_that_wants_an_external_id__wants_exactly_that(
    aws: LocalAws, given: dict[str, str], allowed: bool
) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "sluice-1"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws.client("iam").create_role(RoleName="planner", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    sts = aws.client("sts")
    if allowed:
        assert sts.assume_role(RoleArn=role, RoleSessionName="run-17", **given)["Credentials"]
    else:
        with pytest.raises(ClientError, match="sts:AssumeRole"):
            sts.assume_role(RoleArn=role, RoleSessionName="run-17", **given)


def test_fence__by_the_product_s_own_hands__a_session_of_an_older_fence_is_refused(team: LocalAws) -> None:
    start(team)
    role = _role(team, {"Effect": "Allow", "Action": "*", "Resource": "*"}, DENYING)
    arn = _tag(team, sluice_fence="run-17.2")
    file = ENVIRONMENT.model_copy(update={"roles": ENVIRONMENT.roles.model_copy(update={"deployer": role})})

    with connect(file, role="deployer", endpoint=team.endpoint_url) as connection:
        connection.hands.fence("run-17.1")
        with pytest.raises(AwsRefused, match="not authorized to perform: dms:StopReplicationTask"):
            connection.hands.stop_task(arn)
        connection.hands.fence("run-17.2")
        connection.hands.stop_task(arn)

    assert task(team)["Status"] == "stopping"
