"""Stacks in time: order, rollback, replacement, exports, deletion (`dms-facts.md` section 5)."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import create_change_set, deploy, error_code, stack_status, start, stop, task
from tests.local_aws.templates import base_template, mappings, team_template

STACK, BASE = "sluice-local-food", "sluice-local-base"


def _events(aws: LocalAws, stack: str = STACK) -> list[tuple[str, str, str]]:
    pages = aws.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack)
    found = [event for page in pages for event in page["StackEvents"]]
    return [
        (item["LogicalResourceId"], item["ResourceStatus"], item.get("ResourceStatusReason", ""))
        for item in reversed(found)
    ]


def _without(template: str, section: str, name: str) -> str:
    document: dict[str, Any] = json.loads(template)
    del document[section][name]
    return json.dumps(document)


def test_create__resources__are_made_in_the_order_of_their_needs(team: LocalAws) -> None:
    finished = [logical for logical, status, _ in _events(team) if status == "CREATE_COMPLETE"]
    assert finished.index("SecretsRole") < finished.index("Source") < finished.index("Taskfoodsearch")
    assert finished.index("Instance") < finished.index("Taskfoodsearch") < finished.index("Latencyfoodsearch")
    assert finished[-1] == STACK


def test_create__resources__really_exist(team: LocalAws) -> None:
    assert team.client("sns").list_topics()["Topics"][0]["TopicArn"].endswith(":sluice-local-food")
    alarms = team.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in alarms] == ["sluice-local-food-foodsearch-latency"]
    dimension = alarms[0]["Dimensions"][1]["Value"]
    assert task(team)["ReplicationTaskArn"].endswith(f":{dimension}")
    subscriptions = team.client("dms").describe_event_subscriptions()["EventSubscriptionsList"]
    assert subscriptions[0]["EventCategoriesList"] == ["failure"]


def test_update__running_task__fails_and_is_rolled_back(team: LocalAws) -> None:
    start(team)
    before = task(team)["TableMappings"]
    changed = team_template({"foodsearch": mappings("barcodes")}, instance_class="dms.t3.large")
    assert deploy(team, STACK, changed) == "UPDATE_ROLLBACK_COMPLETE"
    assert task(team)["TableMappings"] == before
    instance = team.client("dms").describe_replication_instances()["ReplicationInstances"][0]
    assert instance["ReplicationInstanceClass"] == "dms.t3.medium"
    failures = [event for event in _events(team) if event[1] == "UPDATE_FAILED" and "cancelled" not in event[2]]
    assert failures[0][0] == "Taskfoodsearch"
    assert "cannot be modified while it is running state" in failures[0][2]
    assert "Error Code: InvalidResourceStateFault" in failures[0][2]
    template = team.client("cloudformation").get_template(StackName=STACK)["TemplateBody"]
    assert "dms.t3.large" not in json.dumps(template)


def test_update__stopped_task__is_modified_in_place(team: LocalAws) -> None:
    arn = task(team)["ReplicationTaskArn"]
    start(team)
    stop(team)
    assert deploy(team, STACK, team_template({"foodsearch": mappings("barcodes")})) == "UPDATE_COMPLETE"
    assert (task(team)["Status"], task(team)["ReplicationTaskArn"]) == ("stopped", arn)
    assert json.loads(task(team)["TableMappings"]) == json.loads(mappings("barcodes"))


def test_update__rollback_meets_a_running_task__is_stuck_until_it_is_continued(team: LocalAws) -> None:
    two = {"foodsearch": mappings("barcodes"), "nutrition": mappings("brands")}
    assert deploy(team, STACK, team_template(two)) == "UPDATE_COMPLETE"
    dms, cloudformation = team.client("dms"), team.client("cloudformation")
    team.fault("fail-stack-update", name=f"{STACK}/Tasknutrition")
    team.fault("fail-stack-rollback", name=f"{STACK}/Taskfoodsearch")
    changed = {"foodsearch": mappings("barcodes", "more"), "nutrition": mappings("brands", "more")}
    assert deploy(team, STACK, team_template(changed)) == "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="can not be updated"):
        create_change_set(team, STACK, team_template(two))
    cloudformation.continue_update_rollback(StackName=STACK)
    team.advance(30)
    assert stack_status(team, STACK) == "UPDATE_ROLLBACK_COMPLETE"
    assert json.loads(task(team)["TableMappings"]) == json.loads(mappings("barcodes"))
    assert dms.describe_replication_tasks()["ReplicationTasks"][0]["Status"] == "ready"


def test_continue_rollback__skipping_the_failed_resource__leaves_it_as_it_is(team: LocalAws) -> None:
    two = {"foodsearch": mappings("brands"), "nutrition": mappings("brands")}
    assert deploy(team, STACK, team_template(two)) == "UPDATE_COMPLETE"
    team.fault("fail-stack-update", name=f"{STACK}/Tasknutrition")
    team.fault("fail-stack-rollback", name=f"{STACK}/Taskfoodsearch")
    changed = {"foodsearch": mappings("barcodes"), "nutrition": mappings("barcodes")}
    assert deploy(team, STACK, team_template(changed)) == "UPDATE_ROLLBACK_FAILED"
    team.client("cloudformation").continue_update_rollback(StackName=STACK, ResourcesToSkip=["Taskfoodsearch"])
    team.advance(30)
    assert stack_status(team, STACK) == "UPDATE_ROLLBACK_COMPLETE"
    assert json.loads(task(team)["TableMappings"]) == json.loads(mappings("barcodes"))


def test_update__create_only_property__makes_a_new_task_and_deletes_the_old(team: LocalAws) -> None:
    before = task(team)["ReplicationTaskArn"]
    changed = team_template().replace("sluice-local-lake-1min", "sluice-local-lake-10min")
    renamed = changed.replace('"food-foodsearch"', '"food-foodsearch2"')
    assert deploy(team, STACK, renamed) == "UPDATE_COMPLETE"
    tasks = team.client("dms").describe_replication_tasks()["ReplicationTasks"]
    assert [item["ReplicationTaskIdentifier"] for item in tasks] == ["food-foodsearch2"]
    assert tasks[0]["ReplicationTaskArn"] != before


def test_update__replacement_under_the_same_name__fails_and_keeps_the_old(team: LocalAws) -> None:
    before = task(team)["ReplicationTaskArn"]
    changed = team_template().replace("sluice-local-lake-1min", "sluice-local-lake-10min")
    assert deploy(team, STACK, changed) == "UPDATE_ROLLBACK_COMPLETE"
    assert task(team)["ReplicationTaskArn"] == before


def test_update__task_removed_with_its_alarm__both_disappear(team: LocalAws) -> None:
    assert deploy(team, STACK, team_template({})) == "UPDATE_COMPLETE"
    assert team.client("dms").describe_replication_tasks()["ReplicationTasks"] == []
    assert team.client("cloudwatch").describe_alarms()["MetricAlarms"] == []


def test_create__resource_fails__everything_is_deleted_and_only_deletion_is_left(base: LocalAws) -> None:
    base.fault("fail-stack-update", name=f"{STACK}/Taskfoodsearch")
    assert deploy(base, STACK, team_template()) == "ROLLBACK_COMPLETE"
    assert base.client("dms").describe_replication_instances()["ReplicationInstances"] == []
    with pytest.raises(ClientError, match="already exists"):
        base.client("cloudformation").create_change_set(
            StackName=STACK, ChangeSetName="x", ChangeSetType="CREATE", TemplateBody=team_template()
        )
    base.client("cloudformation").delete_stack(StackName=STACK)
    base.advance(30)
    assert stack_status(base, STACK) is None


def test_delete__unknown_stack__no_error_and_describing_it__validation_error(aws: LocalAws) -> None:
    cloudformation = aws.client("cloudformation")
    cloudformation.delete_stack(StackName="nobody")
    with pytest.raises(ClientError, match="Stack with id nobody does not exist") as refusal:
        cloudformation.describe_stacks(StackName="nobody")
    assert error_code(refusal.value) == "ValidationError"


def test_delete__stack__removes_all_and_is_still_described_by_its_id(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    stack_id = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName=STACK)
    team.advance(60)
    assert cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"] == "DELETE_COMPLETE"
    assert team.client("dms").describe_replication_instances()["ReplicationInstances"] == []


def test_delete__running_task_in_it__fails(team: LocalAws) -> None:
    start(team)
    team.client("cloudformation").delete_stack(StackName=STACK)
    team.advance(60)
    assert stack_status(team, STACK) == "DELETE_FAILED"


def test_exports__in_use__neither_removed_nor_changed_nor_deleted(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    removed = _without(base_template(), "Outputs", "Lake1min")
    assert deploy(team, BASE, removed) == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [reason for _, status, reason in _events(team, BASE) if status == "UPDATE_ROLLBACK_IN_PROGRESS"]
    assert reasons == [f"Export sluice-local-lake-1min cannot be deleted as it is in use by {STACK}"]
    assert cloudformation.list_imports(ExportName="sluice-local-lake-1min")["Imports"] == [STACK]
    cloudformation.delete_stack(StackName=BASE)
    team.advance(60)
    assert stack_status(team, BASE) == "DELETE_FAILED"


def test_exports__of_a_deployed_base__are_listed_and_unused_ones_have_no_imports(base: LocalAws) -> None:
    cloudformation = base.client("cloudformation")
    names = [item["Name"] for item in cloudformation.list_exports()["Exports"]]
    assert names == sorted(names)
    assert "sluice-local-subnet-group" in names
    with pytest.raises(ClientError, match="is not imported by any stack"):
        cloudformation.list_imports(ExportName="sluice-local-subnet-group")


def test_update__base_endpoint_under_a_running_task__fails_and_is_rolled_back(team: LocalAws) -> None:
    start(team)
    changed = base_template().replace('"CdcMaxBatchInterval": 60,', '"CdcMaxBatchInterval": 61,')
    changed = changed.replace('"CdcMaxBatchInterval": 60}', '"CdcMaxBatchInterval": 61}')
    assert deploy(team, BASE, changed) == "UPDATE_ROLLBACK_COMPLETE"
    stop(team)
    assert deploy(team, BASE, changed) == "UPDATE_COMPLETE"


def test_update_stack__without_changes__refused_and_cancelled_underway__rolled_back(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    capabilities = ["CAPABILITY_IAM"]
    with pytest.raises(ClientError, match="No updates are to be performed"):
        cloudformation.update_stack(StackName=STACK, TemplateBody=team_template(), Capabilities=capabilities)
    changed = team_template(instance_class="dms.t3.large")
    cloudformation.update_stack(StackName=STACK, TemplateBody=changed, Capabilities=capabilities)
    team.advance(1)
    cloudformation.cancel_update_stack(StackName=STACK)
    team.advance(60)
    assert stack_status(team, STACK) == "UPDATE_ROLLBACK_COMPLETE"
    instance = team.client("dms").describe_replication_instances()["ReplicationInstances"][0]
    assert instance["ReplicationInstanceClass"] == "dms.t3.medium"


def test_deletion_policy_retain__resource_removed__stays_in_aws(team: LocalAws) -> None:
    document = json.loads(team_template())
    document["Resources"]["Topic"]["DeletionPolicy"] = "Retain"
    described = create_change_set(team, STACK, json.dumps(document))
    assert described["Changes"][0]["ResourceChange"]["Scope"] == ["DeletionPolicy"]
    team.client("cloudformation").execute_change_set(ChangeSetName=described["ChangeSetId"])
    team.advance(30)
    team.client("cloudformation").delete_stack(StackName=STACK)
    team.advance(60)
    assert stack_status(team, STACK) is None
    assert len(team.client("sns").list_topics()["Topics"]) == 1


def test_get_template__while_the_stack_is_being_created__is_the_one_being_created(base: LocalAws) -> None:
    described = create_change_set(base, STACK, team_template())
    cloudformation = base.client("cloudformation")
    cloudformation.execute_change_set(ChangeSetName=described["ChangeSetId"])
    base.advance(2)
    assert stack_status(base, STACK) == "CREATE_IN_PROGRESS"
    assert cloudformation.get_template(StackName=STACK)["TemplateBody"] == json.loads(team_template())


def test_get_template__while_an_update_is_under_way__is_the_deployed_one(team: LocalAws) -> None:
    changed = team_template(instance_class="dms.t3.large")
    cloudformation = team.client("cloudformation")
    cloudformation.update_stack(StackName=STACK, TemplateBody=changed, Capabilities=["CAPABILITY_IAM"])
    team.advance(1)
    assert stack_status(team, STACK) == "UPDATE_IN_PROGRESS"
    assert cloudformation.get_template(StackName=STACK)["TemplateBody"] == json.loads(team_template())


def test_tokens__update_cancel_and_continue_sent_again__have_no_further_effect(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    changed = team_template({"foodsearch": mappings("brands")})
    update = {"StackName": STACK, "TemplateBody": changed, "Capabilities": ["CAPABILITY_IAM"]}
    first = cloudformation.update_stack(**update, ClientRequestToken="update-1")
    assert cloudformation.update_stack(**update, ClientRequestToken="update-1")["StackId"] == first["StackId"]
    team.advance(2)
    team.fault("fail-stack-rollback", name=f"{STACK}/Taskfoodsearch")
    for _ in range(2):
        cloudformation.cancel_update_stack(StackName=STACK, ClientRequestToken="cancel-1")
    team.advance(60)
    assert stack_status(team, STACK) == "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="ResourcesToSkip must name resources that failed"):
        cloudformation.continue_update_rollback(StackName=STACK, ResourcesToSkip=["Topic"])
    for _ in range(2):
        cloudformation.continue_update_rollback(StackName=STACK, ClientRequestToken="continue-1")
    team.advance(60)
    assert stack_status(team, STACK) == "UPDATE_ROLLBACK_COMPLETE"
    cloudformation.continue_update_rollback(StackName=STACK, ClientRequestToken="continue-1")
    starts = [event for event in _events(team) if event[:2] == (STACK, "UPDATE_ROLLBACK_IN_PROGRESS")]
    assert len(starts) == 2


def test_tokens__used_for_something_else__refused_and_creation_sent_again__no_effect(aws: LocalAws) -> None:
    cloudformation = aws.client("cloudformation")
    create = {"StackName": "topics", "TemplateBody": json.dumps({"Resources": {"A": {"Type": "AWS::SNS::Topic"}}})}
    first = cloudformation.create_stack(**create, ClientRequestToken="token-1")
    assert cloudformation.create_stack(**create, ClientRequestToken="token-1")["StackId"] == first["StackId"]
    aws.advance(20)
    with pytest.raises(ClientError) as refusal:
        cloudformation.delete_stack(StackName="topics", ClientRequestToken="token-1")
    assert error_code(refusal.value) == "TokenAlreadyExistsException"
    with pytest.raises(ClientError, match="already exists"):
        cloudformation.create_stack(**create, ClientRequestToken="token-2")


def test_cancel__of_an_update_that_is_over__refused(team: LocalAws) -> None:
    with pytest.raises(ClientError, match="cannot be called from current stack status"):
        team.client("cloudformation").cancel_update_stack(StackName=STACK)
