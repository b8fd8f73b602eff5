"""The state survives a restart, and a state that cannot be read does no harm."""

import json
from pathlib import Path

from deploy_engine.local_aws import snapshot
from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import create_change_set, keys, stack_status, start, tables, task
from tests.local_aws.templates import LAKE, team_template


def test_snapshot__saved_and_restored__everything_goes_on_where_it_was(team: LocalAws, tmp_path: Path) -> None:
    start(team, seconds=200)
    team.client("s3").put_object(Bucket=LAKE, Key="note", Body=b"kept")
    before = (keys(team), tables(team), task(team))
    snapshot.save(team.world, tmp_path)
    team.reset()
    assert stack_status(team, "sluice-local-food") is None

    assert snapshot.restore(team.world, tmp_path) == "the saved state was restored"

    assert (keys(team), tables(team), task(team)) == before
    assert team.client("s3").get_object(Bucket=LAKE, Key="note")["Body"].read() == b"kept"
    assert stack_status(team, "sluice-local-food") == "CREATE_COMPLETE"
    team.advance(3600)
    assert len(keys(team)) > len(before[0])


def test_snapshot__tags_alarms_metrics_drift_sessions_and_switches__are_all_kept(
    team: LocalAws, tmp_path: Path
) -> None:
    start(team, seconds=1200)
    arn = task(team)["ReplicationTaskArn"]
    dms, cloudformation, cloudwatch = team.client("dms"), team.client("cloudformation"), team.client("cloudwatch")
    dms.add_tags_to_resource(ResourceArn=arn, Tags=[{"Key": "sluice-run", "Value": "17"}])
    role = team.client("iam").list_roles()["Roles"][0]["Arn"]
    key = team.client("sts").assume_role(RoleArn=role, RoleSessionName="run-17")["Credentials"]["AccessKeyId"]
    team.behave(stack_updates_wipe_tags=True)
    cloudformation.detect_stack_drift(StackName="sluice-local-food")
    team.advance(5)

    def seen() -> list[object]:
        return [
            dms.list_tags_for_resource(ResourceArn=arn)["TagList"],
            cloudwatch.describe_alarms()["MetricAlarms"],
            sorted(metric["MetricName"] for metric in cloudwatch.list_metrics()["Metrics"]),
            cloudformation.describe_stack_resource_drifts(StackName="sluice-local-food")["StackResourceDrifts"],
            team.client("secretsmanager").list_secrets()["SecretList"],
            team.client("ec2").describe_security_groups()["SecurityGroups"],
            team.client("sns").list_subscriptions()["Subscriptions"],
            dms.describe_events(SourceType="replication-task")["Events"],
            team.control("GET", "behaviours"),
            team.world.sessions.by_key[key],
            team.world.region("eu-west-1").dms.measured,
        ]

    before = seen()
    snapshot.save(team.world, tmp_path)
    team.reset()
    snapshot.restore(team.world, tmp_path)

    assert seen() == before


def test_snapshot__of_another_shape__starts_empty_and_says_so(team: LocalAws, tmp_path: Path) -> None:
    snapshot.save(team.world, tmp_path)
    version = json.loads((tmp_path / snapshot.VERSION).read_text())
    (tmp_path / snapshot.VERSION).write_text(json.dumps({**version, "shape": "0" * 16}))
    team.reset()

    assert "another version" in snapshot.restore(team.world, tmp_path)


def test_snapshot__of_a_stack_under_way__goes_on_after_restoring(base: LocalAws, tmp_path: Path) -> None:

    described = create_change_set(base, "sluice-local-food", team_template())
    base.client("cloudformation").execute_change_set(ChangeSetName=described["ChangeSetId"])
    base.advance(2)
    assert stack_status(base, "sluice-local-food") == "CREATE_IN_PROGRESS"
    snapshot.save(base.world, tmp_path)
    base.reset()
    snapshot.restore(base.world, tmp_path)

    base.advance(60)

    assert stack_status(base, "sluice-local-food") == "CREATE_COMPLETE"


def test_snapshot__damaged__starts_empty_and_says_so(team: LocalAws, tmp_path: Path) -> None:
    snapshot.save(team.world, tmp_path)
    (tmp_path / snapshot.STATE).write_bytes(b"not a pickle")
    team.reset()

    said = snapshot.restore(team.world, tmp_path)

    assert "starting empty" in said
    assert team.client("dms").describe_replication_tasks()["ReplicationTasks"] == []


def test_snapshot__of_another_version__starts_empty_and_says_so(team: LocalAws, tmp_path: Path) -> None:
    snapshot.save(team.world, tmp_path)
    version = json.loads((tmp_path / snapshot.VERSION).read_text())
    (tmp_path / snapshot.VERSION).write_text(json.dumps({**version, "moto": "1.0"}))
    team.reset()

    assert "another version" in snapshot.restore(team.world, tmp_path)


def test_snapshot__none_there__starts_empty_and_says_so(aws: LocalAws, tmp_path: Path) -> None:
    assert "no saved state" in snapshot.restore(aws.world, tmp_path / "nowhere")
