"""The life of a replication task: `dms-facts.md` section 3."""

import pytest
from botocore.exceptions import ClientError

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import error_code, start, stop, task
from tests.local_aws.templates import mappings, settings


def _arn(aws: LocalAws) -> str:
    return str(task(aws)["ReplicationTaskArn"])


def test_start__never_ran__goes_through_starting_to_running(team: LocalAws) -> None:
    assert start(team, seconds=0) == "starting"
    team.advance(3.9)
    assert task(team)["Status"] == "starting"
    team.advance(0.2)
    assert task(team)["Status"] == "running"


def test_stop__running__goes_through_stopping_to_stopped_with_a_reason(team: LocalAws) -> None:
    start(team)
    assert stop(team, seconds=0) == "stopping"
    team.advance(4)
    assert task(team)["Status"] == "stopped"
    assert task(team)["StopReason"] == "Stop Reason NORMAL"


@pytest.mark.parametrize("kind", ["resume-processing", "reload-target"])
def test_start__never_ran_but_told_to_resume__refused(team: LocalAws, kind: str) -> None:
    with pytest.raises(ClientError) as refusal:
        start(team, kind)
    assert error_code(refusal.value) == "InvalidParameterCombinationException"


def test_start__second_start_replication__refused_in_the_words_of_dms(team: LocalAws) -> None:
    start(team)
    stop(team)
    words = "Start Type : START_REPLICATION, valid only for tasks running for the first time"
    with pytest.raises(ClientError, match=words) as refusal:
        start(team)
    assert error_code(refusal.value) == "InvalidParameterCombinationException"
    assert start(team, "resume-processing") == "running"


def test_start__already_running__refused(team: LocalAws) -> None:
    start(team)
    with pytest.raises(ClientError, match="running") as refusal:
        start(team, "resume-processing")
    assert error_code(refusal.value) == "InvalidResourceStateFault"


def test_stop__not_running__refused(team: LocalAws) -> None:
    with pytest.raises(ClientError) as refusal:
        stop(team)
    assert error_code(refusal.value) == "InvalidResourceStateFault"


def test_modify__running__refused_in_the_words_of_dms(team: LocalAws) -> None:
    start(team)
    with pytest.raises(ClientError, match="cannot be modified while it is running state") as refusal:
        team.client("dms").modify_replication_task(ReplicationTaskArn=_arn(team), TableMappings=mappings("barcodes"))
    assert error_code(refusal.value) == "InvalidResourceStateFault"


def test_modify__stopped__is_modifying_for_a_while_and_then_stopped_again(team: LocalAws) -> None:
    start(team)
    stop(team)
    team.client("dms").modify_replication_task(ReplicationTaskArn=_arn(team), TableMappings=mappings("barcodes"))
    assert task(team)["Status"] == "modifying"
    with pytest.raises(ClientError, match="modifying"):
        start(team, "resume-processing")
    team.advance(4)
    assert task(team)["Status"] == "stopped"


def test_modify__never_ran__returns_to_ready(team: LocalAws) -> None:
    team.client("dms").modify_replication_task(ReplicationTaskArn=_arn(team), ReplicationTaskSettings=settings(2))
    team.advance(4)
    assert task(team)["Status"] == "ready"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be parsed"),
        ('{"Wishes": {}}', "Wishes"),
        ('{"Logging": {"CloudWatchLogGroup": "x"}}', "cannot be set on create"),
        ('{"FullLoadSettings": {"MaxFullLoadSubTasks": 50}}', "MaxFullLoadSubTasks"),
    ],
)
def test_modify__settings_that_dms_refuses__refused(team: LocalAws, text: str, words: str) -> None:
    with pytest.raises(ClientError, match=words):
        team.client("dms").modify_replication_task(ReplicationTaskArn=_arn(team), ReplicationTaskSettings=text)


def test_delete__running__refused_and_stopped__disappears(team: LocalAws) -> None:
    start(team)
    dms, arn = team.client("dms"), _arn(team)
    with pytest.raises(ClientError, match="running"):
        dms.delete_replication_task(ReplicationTaskArn=arn)
    stop(team)
    dms.delete_replication_task(ReplicationTaskArn=arn)
    assert task(team)["Status"] == "deleting"
    team.advance(3)
    with pytest.raises(ClientError, match="No Tasks found matching these filters") as refusal:
        task(team)
    assert error_code(refusal.value) == "ResourceNotFoundFault"


def test_delete__endpoint_and_instance_in_use__refused(team: LocalAws) -> None:
    dms, found = team.client("dms"), task(team)
    with pytest.raises(ClientError, match="part of one or more ReplicationTasks"):
        dms.delete_endpoint(EndpointArn=found["SourceEndpointArn"])
    with pytest.raises(ClientError, match="replication tasks"):
        dms.delete_replication_instance(ReplicationInstanceArn=found["ReplicationInstanceArn"])
    with pytest.raises(ClientError, match="in use"):
        dms.delete_replication_subnet_group(ReplicationSubnetGroupIdentifier="sluice-local")


def test_modify_endpoint__used_by_a_running_task__refused(team: LocalAws) -> None:
    start(team)
    with pytest.raises(ClientError, match="cannot be modified") as refusal:
        team.client("dms").modify_endpoint(
            EndpointArn=task(team)["TargetEndpointArn"], S3Settings={"CdcMaxBatchInterval": 30}
        )
    assert error_code(refusal.value) == "InvalidResourceStateFault"


def test_start__while_a_connection_is_tested__refused(team: LocalAws) -> None:
    dms, found = team.client("dms"), task(team)
    dms.test_connection(ReplicationInstanceArn=found["ReplicationInstanceArn"], EndpointArn=found["SourceEndpointArn"])
    with pytest.raises(ClientError, match="being tested"):
        start(team)
    team.advance(3)
    assert dms.describe_connections()["Connections"][0]["Status"] == "successful"
    assert start(team) == "running"


def test_connection__secret_missing__fails_and_keeps_the_task_from_starting(team: LocalAws) -> None:
    team.client("secretsmanager").delete_secret(SecretId="sluice/food/fooddb", ForceDeleteWithoutRecovery=True)
    dms, found = team.client("dms"), task(team)
    dms.test_connection(ReplicationInstanceArn=found["ReplicationInstanceArn"], EndpointArn=found["SourceEndpointArn"])
    team.advance(3)
    assert dms.describe_connections()["Connections"][0]["Status"] == "failed"
    with pytest.raises(ClientError, match="Test connection failed"):
        start(team)


def test_tags__added_and_removed__are_listed(team: LocalAws) -> None:
    dms, arn = team.client("dms"), _arn(team)
    dms.add_tags_to_resource(
        ResourceArn=arn, Tags=[{"Key": "sluice-run", "Value": "17"}, {"Key": "sluice-desired", "Value": "stopped"}]
    )
    dms.remove_tags_from_resource(ResourceArn=arn, TagKeys=["sluice-desired"])
    assert dms.list_tags_for_resource(ResourceArn=arn)["TagList"] == [{"Key": "sluice-run", "Value": "17"}]
    several = dms.list_tags_for_resource(ResourceArnList=[arn])["TagList"]
    assert several == [{"Key": "sluice-run", "Value": "17", "ResourceArn": arn}]
    with pytest.raises(ClientError, match="must not begin"):
        dms.add_tags_to_resource(ResourceArn=arn, Tags=[{"Key": "aws:x", "Value": ""}])


def test_describe__without_settings__leaves_the_big_texts_out(team: LocalAws) -> None:
    found = team.client("dms").describe_replication_tasks(WithoutSettings=True)["ReplicationTasks"][0]
    assert "TableMappings" not in found
    assert "ReplicationTaskSettings" not in found


def test_describe__unknown_filter_value__not_found_and_unknown_filter__refused(team: LocalAws) -> None:
    dms = team.client("dms")
    with pytest.raises(ClientError) as refusal:
        dms.describe_replication_tasks(Filters=[{"Name": "replication-task-id", "Values": ["nobody"]}])
    assert error_code(refusal.value) == "ResourceNotFoundFault"
    with pytest.raises(ClientError, match="not supported"):
        dms.describe_replication_tasks(Filters=[{"Name": "colour", "Values": ["red"]}])


@pytest.mark.parametrize("size", [19, 101])
def test_describe__page_size_out_of_range__refused(team: LocalAws, size: int) -> None:
    with pytest.raises(ClientError, match="MaxRecords"):
        team.client("dms").describe_replication_tasks(MaxRecords=size)


def test_describe__more_tasks_than_a_page__all_come_over_pages(team: LocalAws) -> None:
    dms, found = team.client("dms"), task(team)
    for number in range(44):
        dms.create_replication_task(
            ReplicationTaskIdentifier=f"extra-{number}",
            SourceEndpointArn=found["SourceEndpointArn"],
            TargetEndpointArn=found["TargetEndpointArn"],
            ReplicationInstanceArn=found["ReplicationInstanceArn"],
            MigrationType="full-load-and-cdc",
            TableMappings=mappings("barcodes"),
        )
    pages = list(dms.get_paginator("describe_replication_tasks").paginate(PaginationConfig={"PageSize": 20}))
    assert [len(page["ReplicationTasks"]) for page in pages] == [20, 20, 5]
    assert len({item["ReplicationTaskArn"] for page in pages for item in page["ReplicationTasks"]}) == 45


def test_create__identifier_taken_or_ill_formed__refused(team: LocalAws) -> None:
    dms, found = team.client("dms"), task(team)
    common = {
        "SourceEndpointArn": found["SourceEndpointArn"],
        "TargetEndpointArn": found["TargetEndpointArn"],
        "ReplicationInstanceArn": found["ReplicationInstanceArn"],
        "MigrationType": "full-load-and-cdc",
        "TableMappings": mappings("barcodes"),
    }
    with pytest.raises(ClientError) as refusal:
        dms.create_replication_task(ReplicationTaskIdentifier="food-foodsearch", **common)
    assert error_code(refusal.value) == "ResourceAlreadyExistsFault"
    for name in ("1food", "food--x", "food-", "food_x"):
        with pytest.raises(ClientError, match="not valid"):
            dms.create_replication_task(ReplicationTaskIdentifier=name, **common)


def test_events__of_a_start_and_a_stop__are_described(team: LocalAws) -> None:
    start(team)
    stop(team)
    events = team.client("dms").describe_events(SourceType="replication-task")["Events"]
    messages = [event["Message"] for event in events if event["SourceIdentifier"] == "food-foodsearch"]
    assert messages == [
        "Replication task has been created.",
        "Replication task has started.",
        "Replication task has stopped.",
    ]


def test_fail_start__asked_for__task_fails_and_can_be_resumed(team: LocalAws) -> None:
    team.fault("fail-start", name="food-foodsearch")
    assert start(team) == "failed"
    assert "Failed to start" in task(team)["LastFailureMessage"]
    assert start(team, "resume-processing") == "running"


def test_hang_stopping__asked_for__lasts_until_it_is_ended(team: LocalAws) -> None:
    start(team)
    team.fault("hang-stopping", name="food-foodsearch")
    assert stop(team, seconds=3600) == "stopping"
    team.clear_faults()
    team.advance(10)
    assert task(team)["Status"] == "stopped"
