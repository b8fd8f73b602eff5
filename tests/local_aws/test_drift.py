"""Drift: what somebody changed by hand is found, and what DMS filled up counts as on AWS (`dms-facts.md` section 5)."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import deploy, error_code, start, task
from tests.local_aws.templates import mappings, team_template

STACK = "sluice-local-food"
CHECKED = {"Taskfoodsearch", "Latencyfoodsearch", "SecretsRole", "Source", "Instance", "Topic", "Subscription"}


def _detect(aws: LocalAws, *logical: str) -> dict[str, Any]:
    cloudformation = aws.client("cloudformation")
    only = {"LogicalResourceIds": list(logical)} if logical else {}
    detection = cloudformation.detect_stack_drift(StackName=STACK, **only)["StackDriftDetectionId"]
    aws.advance(5)
    status: dict[str, Any] = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
    assert status["DetectionStatus"] == "DETECTION_COMPLETE"
    return status


def _drifts(aws: LocalAws, **filters: Any) -> dict[str, dict[str, Any]]:
    found = aws.client("cloudformation").describe_stack_resource_drifts(StackName=STACK, **filters)
    return {item["LogicalResourceId"]: item for item in found["StackResourceDrifts"]}


def _paths(drift: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["PropertyPath"], item["DifferenceType"]) for item in drift["PropertyDifferences"]]


def _complete_settings(aws: LocalAws) -> str:
    """Return the team's template with every setting of its task that DMS would fill up."""
    document = json.loads(team_template())
    filled = task(aws)["ReplicationTaskSettings"]
    document["Resources"]["Taskfoodsearch"]["Properties"]["ReplicationTaskSettings"] = filled
    return json.dumps(document)


def test_drift__nobody_touched_anything_and_all_settings_are_written_out__in_sync(team: LocalAws) -> None:
    assert deploy(team, STACK, _complete_settings(team)) == "UPDATE_COMPLETE"
    status = _detect(team)
    assert (status["StackDriftStatus"], status["DriftedStackResourceCount"]) == ("IN_SYNC", 0)
    drifts = _drifts(team)
    assert {item["StackResourceDriftStatus"] for item in drifts.values()} == {"IN_SYNC"}
    assert set(drifts) >= CHECKED
    assert "TopicPolicy" not in drifts


def test_drift__settings_that_dms_filled_up__count_as_modified(team: LocalAws) -> None:
    assert _detect(team)["DriftedStackResourceCount"] == 1
    assert _paths(_drifts(team)["Taskfoodsearch"]) == [("/ReplicationTaskSettings", "NOT_EQUAL")]


def test_drift__task_modified_by_hand__shows_the_mappings_as_different(team: LocalAws) -> None:
    assert deploy(team, STACK, _complete_settings(team)) == "UPDATE_COMPLETE"
    team.client("dms").modify_replication_task(
        ReplicationTaskArn=task(team)["ReplicationTaskArn"], TableMappings=mappings("barcodes")
    )
    status = _detect(team)
    assert (status["StackDriftStatus"], status["DriftedStackResourceCount"]) == ("DRIFTED", 1)
    drifts = _drifts(team, StackResourceDriftStatusFilters=["MODIFIED"])
    assert list(drifts) == ["Taskfoodsearch"]
    difference = drifts["Taskfoodsearch"]["PropertyDifferences"][0]
    assert difference["PropertyPath"] == "/TableMappings"
    assert json.loads(difference["ExpectedValue"]) == json.loads(mappings("barcodes", "brands"))
    assert json.loads(difference["ActualValue"]) == json.loads(mappings("barcodes"))
    described = team.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    assert described["DriftInformation"]["StackDriftStatus"] == "DRIFTED"
    resource = team.client("cloudformation").describe_stack_resource(
        StackName=STACK, LogicalResourceId="Taskfoodsearch"
    )["StackResourceDetail"]
    assert resource["DriftInformation"]["StackResourceDriftStatus"] == "MODIFIED"


def test_drift__endpoint_instance_topic_and_role_changed_by_hand__each_is_found(team: LocalAws) -> None:
    dms, iam = team.client("dms"), team.client("iam")
    endpoint = dms.describe_endpoints(Filters=[{"Name": "endpoint-type", "Values": ["source"]}])["Endpoints"][0]
    dms.modify_endpoint(EndpointArn=endpoint["EndpointArn"], DatabaseName="other")
    instance = dms.describe_replication_instances()["ReplicationInstances"][0]
    dms.modify_replication_instance(
        ReplicationInstanceArn=instance["ReplicationInstanceArn"], AllocatedStorage=60, ApplyImmediately=True
    )
    role = next(item["RoleName"] for item in iam.list_roles()["Roles"] if "SecretsRole" in item["RoleName"])
    allowed = {"Effect": "Allow", "Principal": {"Service": "other.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [allowed]}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    alarm = team.client("cloudwatch").describe_alarms()["MetricAlarms"][0]
    wanted = {"AlarmName", "Namespace", "MetricName", "Dimensions", "Statistic", "Period", "EvaluationPeriods"}
    kept = {name: alarm[name] for name in wanted}
    team.client("cloudwatch").put_metric_alarm(**kept, Threshold=1, ComparisonOperator="GreaterThanThreshold")
    _detect(team)
    drifts = _drifts(team)
    assert _paths(drifts["Source"]) == [("/DatabaseName", "NOT_EQUAL")]
    assert _paths(drifts["Instance"]) == [("/AllocatedStorage", "NOT_EQUAL")]
    statement = "/AssumeRolePolicyDocument/Statement/0"
    assert _paths(drifts["SecretsRole"]) == [(statement, "REMOVE"), (statement, "ADD")]
    assert ("/Threshold", "NOT_EQUAL") in _paths(drifts["Latencyfoodsearch"])


def test_drift__resource_deleted_by_hand__is_deleted(team: LocalAws) -> None:
    team.client("dms").delete_replication_task(ReplicationTaskArn=task(team)["ReplicationTaskArn"])
    team.client("dms").delete_event_subscription(SubscriptionName="sluice-local-food")
    team.advance(10)
    _detect(team, "Taskfoodsearch", "Failures")
    assert {name: item["StackResourceDriftStatus"] for name, item in _drifts(team).items()} == {
        "Taskfoodsearch": "DELETED",
        "Failures": "DELETED",
    }


def test_drift__of_one_resource__is_answered_at_once(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    found = cloudformation.detect_stack_resource_drift(StackName=STACK, LogicalResourceId="Topic")
    assert found["StackResourceDrift"]["StackResourceDriftStatus"] == "IN_SYNC"
    with pytest.raises(ClientError, match="not supported for resource type"):
        cloudformation.detect_stack_resource_drift(StackName=STACK, LogicalResourceId="TopicPolicy")


def test_drift__running_task__is_no_drift_by_itself(team: LocalAws) -> None:
    assert deploy(team, STACK, _complete_settings(team)) == "UPDATE_COMPLETE"
    start(team)
    assert _detect(team)["StackDriftStatus"] == "IN_SYNC"


def test_drift__while_one_is_under_way_or_the_stack_is_changing__refused(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    detection = cloudformation.detect_stack_drift(StackName=STACK)["StackDriftDetectionId"]
    status = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
    assert status["DetectionStatus"] == "DETECTION_IN_PROGRESS"
    with pytest.raises(ClientError, match="already in progress"):
        cloudformation.detect_stack_drift(StackName=STACK)
    team.advance(5)
    cloudformation.delete_stack(StackName=STACK)
    with pytest.raises(ClientError, match="DELETE_IN_PROGRESS"):
        cloudformation.detect_stack_drift(StackName=STACK)
    with pytest.raises(ClientError) as refusal:
        cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId="no-such-detection-at-all")
    assert error_code(refusal.value) == "ValidationError"
