"""The two stacks: what is in them, what must never be, and how little it takes to change them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from deploy_engine.adapters.cfn_lint import cfn_lint
from deploy_engine.checks.sample import BARCODES, BRANDS, sample_subject, sample_task, sample_team_file
from deploy_engine.config import Subject, TableEntry, TaskFile, TeamFile
from deploy_engine.diffing import compare_stacks
from deploy_engine.rendering import render, render_base_stack, render_team_stack
from deploy_engine.rendering.template_language import FOLDER
from tests.engine.example_company import example_subjects
from tests.engine.strategies import tasks

TYPES = {
    "AWS::IAM::Role",
    "AWS::DMS::Endpoint",
    "AWS::EC2::SecurityGroup",
    "AWS::DMS::ReplicationSubnetGroup",
    "AWS::DMS::ReplicationInstance",
    "AWS::DMS::ReplicationTask",
    "AWS::DMS::EventSubscription",
    "AWS::CloudWatch::Alarm",
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "AWS::SNS::Subscription",
}


def resources(subject: Subject, kind: str = "") -> dict[str, Any]:
    found = render(subject).template["Resources"]
    return {name: resource["Properties"] for name, resource in found.items() if kind in ("", resource["Type"])}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(
    "subject", example_subjects(), ids=lambda subject: f"{subject.environment_name}-{subject.team_slug}"
)
def test_render__every_scope_of_the_example__passes_cfn_lint_without_a_word(subject: Subject) -> None:
    rendered = render(subject)

    assert cfn_lint(rendered.text, subject.environment.file.region) == ()
    assert json.loads(rendered.text) == rendered.template
    assert {resource["Type"] for resource in rendered.template["Resources"].values()} <= TYPES


@given(tasks())
def test_render__any_task__is_the_same_bytes_each_time_and_references_what_is_there(task: TaskFile) -> None:
    subject = sample_subject({"foodsearch": task})
    rendered = render(subject)

    assert render(subject).text == rendered.text
    names = rendered.template["Resources"].keys()
    references = {value["Ref"] for value in _objects(rendered.template) if set(value) == {"Ref"}} | {
        value["Fn::GetAtt"][0] for value in _objects(rendered.template) if set(value) == {"Fn::GetAtt"}
    }
    assert references <= names


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)


def test_partials__each_one__makes_one_resource_and_is_included() -> None:
    stacks = {path.name: path.read_text() for path in FOLDER.glob("*_stack.j2")}
    partials = {path.name: path.read_text() for path in FOLDER.glob("*.j2") if path.name not in stacks}
    everything = "".join([*stacks.values(), *partials.values()])

    assert all(f'"{name}"' in everything for name in partials)
    assert {name for name, text in partials.items() if text.count('"Type": "AWS::') != 1} == {"task_resource_id.j2"}
    assert not [name for name, text in stacks.items() if '"Type"' in text]


def test_render_base_stack__lake_role__may_write_and_not_delete() -> None:
    base = replace(sample_subject(), team_slug=None)
    (role,) = resources(base, "AWS::IAM::Role").values()
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]

    actions = {action for statement in statements for action in statement["Action"]}
    assert actions == {
        "s3:PutObject",
        "s3:PutObjectTagging",
        "s3:AbortMultipartUpload",
        "s3:ListBucket",
        "s3:GetBucketLocation",
    }
    assert {statement["Resource"] for statement in statements} == {
        "arn:aws:s3:::sample-lake",
        "arn:aws:s3:::sample-lake/*",
    }


def test_render_base_stack__lake_endpoints__differ_in_their_interval_only() -> None:
    base = replace(sample_subject(), team_slug=None)
    settings = [endpoint["S3Settings"] for endpoint in resources(base, "AWS::DMS::Endpoint").values()]

    assert [one.pop("CdcMaxBatchInterval") for one in settings] == [60, 600]
    assert settings[0] == settings[1]
    assert settings[0]["IncludeOpForFullLoad"] is True
    assert "BucketFolder" not in settings[0]


def test_render_base_stack__outputs__export_what_every_team_imports() -> None:
    exports = {
        output["Export"]["Name"]
        for output in render_base_stack(replace(sample_subject(), team_slug=None)).template["Outputs"].values()
    }
    imported = {
        value["Fn::ImportValue"] for value in _objects(resources(sample_subject())) if "Fn::ImportValue" in value
    }

    assert imported < exports
    assert exports == {f"sluice-local-{what}" for what in ("lake-1min", "lake-10min", "security-group", "subnet-group")}


def test_render_team_stack__secrets_role__reads_the_secrets_of_the_team_and_no_others() -> None:
    (role,) = resources(sample_subject(), "AWS::IAM::Role").values()
    (statement,) = role["Policies"][0]["PolicyDocument"]["Statement"]

    assert statement["Resource"] == "arn:aws:secretsmanager:eu-west-1:123456789012:secret:sluice/food/*"
    assert statement["Action"] == ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "dms.eu-west-1.amazonaws.com"}


def test_render_team_stack__instance__is_private_and_upgrades_never_by_itself() -> None:
    (instance,) = resources(sample_subject(), "AWS::DMS::ReplicationInstance").values()

    assert instance["PubliclyAccessible"] is False
    assert instance["AutoMinorVersionUpgrade"] is False
    assert instance["ReplicationInstanceIdentifier"] == "food-main"


def test_render_team_stack__task__has_neither_tags_nor_a_deletion_policy() -> None:
    task = render(sample_subject()).template["Resources"]["TaskFoodsearch"]

    assert set(task) == {"Type", "Properties"}
    assert "Tags" not in task["Properties"]
    assert task["Properties"]["ReplicationTaskIdentifier"] == "food-foodsearch"


@pytest.mark.parametrize(
    ("engine", "key"), [("postgres", "PostgreSqlSettings"), ("mysql", "MySqlSettings"), ("mariadb", "MySqlSettings")]
)
def test_render_team_stack__source__is_reached_by_its_secret_only(engine: str, key: str) -> None:
    (endpoint,) = resources(sample_subject(team=sample_team_file(engine=engine)), "AWS::DMS::Endpoint").values()

    assert endpoint["EngineName"] == engine
    assert endpoint[key]["SecretsManagerSecretId"] == "sluice/food/fooddb"
    assert ("DatabaseName" in endpoint) == (engine == "postgres")
    assert not {"Username", "Password", "ServerName", "Port"} & set(strings(endpoint))


@pytest.mark.parametrize("paused", [(), ("paused",)], ids=["no-table", "all-paused"])
def test_render_team_stack__task_without_an_active_table__is_absent_with_all_that_is_its(paused: tuple[str]) -> None:
    entries = tuple(TableEntry(source=BARCODES[0], version=BARCODES[1], paused=True) for _ in paused)
    task = sample_task().model_copy(update={"tables": entries})

    template = render(sample_subject({"foodsearch": task})).template

    kinds = [resource["Type"] for resource in template["Resources"].values()]
    assert "AWS::DMS::ReplicationTask" not in kinds
    assert "AWS::DMS::EventSubscription" not in kinds
    assert kinds.count("AWS::CloudWatch::Alarm") == 2


def test_render_team_stack__whether_a_task_is_paused__does_not_stand_in_it() -> None:
    paused = sample_subject({"foodsearch": sample_task(paused=True)})

    assert render(paused).text == render(sample_subject()).text


def test_render_team_stack__a_table_joins__modifies_its_task_alone() -> None:
    after = sample_subject({"foodsearch": sample_task((BARCODES, BRANDS))})

    difference = compare_stacks(render(sample_subject()).template, render(after).template)

    assert (difference.added, difference.modified, difference.removed) == ((), ("TaskFoodsearch",), ())


def test_render_team_stack__a_task_joins__replaces_the_event_subscription_alone() -> None:
    after = sample_subject({"foodsearch": sample_task(), "second": sample_task((BRANDS,))})

    difference = compare_stacks(render(sample_subject()).template, render(after).template)

    assert difference.added == ("AlarmSourceLatencySecond", "AlarmTargetLatencySecond", "TaskSecond")
    assert difference.modified == difference.replaced == ("FailureEvents",)


def test_render_team_stack__alarm_of_a_task__has_the_dimension_that_cloudwatch_uses() -> None:
    alarm = resources(sample_subject())["AlarmTargetLatencyFoodsearch"]

    assert alarm["Dimensions"] == [
        {"Name": "ReplicationInstanceIdentifier", "Value": "food-main"},
        {
            "Name": "ReplicationTaskIdentifier",
            "Value": {"Fn::Select": [6, {"Fn::Split": [":", {"Ref": "TaskFoodsearch"}]}]},
        },
    ]
    assert alarm["Threshold"] == 1800


@pytest.mark.parametrize(
    ("channel", "protocol"), [("food@example.com", "email"), ("https://alerts.example.com/x", "https")]
)
def test_render_team_stack__alert_channel__is_subscribed_by_its_kind(channel: str, protocol: str) -> None:
    team = TeamFile.model_validate({**sample_team_file().model_dump(by_alias=True), "alert_channel": channel})

    (subscription,) = resources(sample_subject(team=team), "AWS::SNS::Subscription").values()

    assert (subscription["Protocol"], subscription["Endpoint"]) == (protocol, channel)


def test_render_team_stack__slugs_that_look_like_kinds__collide_with_nothing() -> None:
    names = ["failures", "memory-main", "source-latency", "x", "x-x", "xx", "xxx"]
    subject = sample_subject(
        {name: sample_task(((f"fooddb/foodsearch/t{n}", BRANDS[1]),)) for n, name in enumerate(names)}
    )

    template = render_team_stack(subject).template

    assert len(
        [1 for resource in template["Resources"].values() if resource["Type"] == "AWS::DMS::ReplicationTask"]
    ) == len(names)
    assert not cfn_lint(json.dumps(template), "eu-west-1")
