"""Change sets: what they say, and what they refuse (`dms-facts.md` section 5)."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import CAPABILITIES, create_change_set, deploy, error_code, stack_status
from tests.local_aws.templates import base_template, mappings, team_template

STACK = "sluice-local-food"


def _changes(described: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    changes = [item["ResourceChange"] for item in described["Changes"]]
    return {item["LogicalResourceId"]: (item["Action"], item.get("Replacement")) for item in changes}


def _edited(template: str, logical: str, **properties: Any) -> str:
    document = json.loads(template)
    document["Resources"][logical]["Properties"].update(properties)
    return json.dumps(document)


def test_create__new_stack__is_in_review_and_everything_is_added(base: LocalAws) -> None:
    described = create_change_set(base, STACK, team_template())
    assert stack_status(base, STACK) == "REVIEW_IN_PROGRESS"
    assert set(_changes(described).values()) == {("Add", None)}
    assert (described["Status"], described["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")


def test_create__same_template__fails_without_changes(team: LocalAws) -> None:
    described = create_change_set(team, STACK, team_template())
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert described["StatusReason"].startswith("The submitted information didn't contain changes.")


def test_create__mapping_changed__modifies_that_task_only_without_replacement(team: LocalAws) -> None:
    described = create_change_set(team, STACK, team_template({"foodsearch": mappings("barcodes")}))
    assert _changes(described) == {"Taskfoodsearch": ("Modify", "False")}
    change = described["Changes"][0]["ResourceChange"]
    assert change["Scope"] == ["Properties"]
    assert change["Details"] == [
        {
            "Target": {"Attribute": "Properties", "Name": "TableMappings", "RequiresRecreation": "Never"},
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
    ]


def test_create__task_added_and_removed__says_add_and_remove(team: LocalAws) -> None:
    described = create_change_set(team, STACK, team_template({"nutrition": mappings("brands")}))
    assert _changes(described) == {
        "Taskfoodsearch": ("Remove", None),
        "Latencyfoodsearch": ("Remove", None),
        "Tasknutrition": ("Add", None),
        "Latencynutrition": ("Add", None),
    }


def test_create__create_only_property_changed__replaces_and_what_refers_to_it_may_be(team: LocalAws) -> None:
    template = _edited(team_template(), "Instance", PubliclyAccessible=True)
    changes = _changes(create_change_set(team, STACK, template))
    assert changes["Instance"] == ("Modify", "True")
    assert changes["Taskfoodsearch"] == ("Modify", "Conditional")


def test_create__import_of_nothing__fails_and_names_it(base: LocalAws) -> None:
    template = team_template().replace("sluice-local-lake-1min", "sluice-local-nowhere")
    described = create_change_set(base, STACK, template)
    assert described["Status"] == "FAILED"
    assert "No export named sluice-local-nowhere found" in described["StatusReason"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Mappings": {"A": {}}}, "template section Mappings"),
        ({"Transform": "AWS::Serverless"}, "template section Transform"),
        ({"Resources": {"A": {"Type": "AWS::Lambda::Function"}}}, "Unrecognized resource types"),
        ({"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"Wish": 1}}}}, "unsupported property Wish"),
        ({"Resources": {"A": {"Type": "AWS::SNS::Topic", "UpdatePolicy": {}}}}, "attribute UpdatePolicy"),
        ({"Resources": {"A": {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Snapshot"}}}, "DeletionPolicy"),
        (
            {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Base64": "x"}}}}},
            "function Fn::Base64",
        ),
        (
            {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Nobody"}}}}},
            "Unresolved resource dependencies",
        ),
        (
            {
                "Resources": {
                    "A": {"Type": "AWS::SNS::Topic", "DependsOn": "B"},
                    "B": {"Type": "AWS::SNS::Topic", "DependsOn": "A"},
                }
            },
            "Circular dependency",
        ),
        (
            {
                "Resources": {"A": {"Type": "AWS::SNS::Topic"}},
                "Outputs": {"O": {"Value": {"Fn::GetAtt": ["A", "Colour"]}}},
            },
            "does not support attribute type Colour",
        ),
        (
            {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "{{resolve:ssm:x}}"}}}},
            "dynamic references",
        ),
        ({"Resources": {f"T{n}": {"Type": "AWS::SNS::Topic"} for n in range(501)}}, "501, is greater than maximum"),
        ({"Resources": {}}, "At least one Resources member"),
    ],
)
def test_create__template_that_cannot_be_carried_out_to_the_letter__refused(
    aws: LocalAws, change: dict[str, Any], words: str
) -> None:
    template = json.dumps({**change, "Resources": change.get("Resources", {"A": {"Type": "AWS::SNS::Topic"}})})
    with pytest.raises(ClientError, match=words):
        create_change_set(aws, "sluice-local-x", template)
    with pytest.raises(ClientError, match=words):
        aws.client("cloudformation").validate_template(TemplateBody=template)


def test_create__inline_template_over_the_limit__refused(aws: LocalAws) -> None:
    template = base_template(Metadata={"filling": "x" * 51_200})
    with pytest.raises(ClientError, match="51200") as refusal:
        aws.client("cloudformation").create_change_set(
            StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=template, Capabilities=CAPABILITIES
        )
    assert error_code(refusal.value) == "ValidationError"


def test_create__uploaded_template_over_the_limit__refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="1000000 bytes"):
        create_change_set(aws, "s", base_template(Metadata={"filling": "x" * 1_000_000}))


def test_create__roles_without_acknowledgement__refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError) as refusal:
        aws.client("cloudformation").create_change_set(
            StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=base_template()
        )
    assert error_code(refusal.value) == "InsufficientCapabilitiesException"


def test_create__same_token_twice__same_change_set_and_other_token__refused(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    members = {
        "StackName": STACK,
        "ChangeSetName": "run-17-s0",
        "TemplateBody": team_template({}),
        "Capabilities": CAPABILITIES,
    }
    first = cloudformation.create_change_set(**members, ClientToken="run-17-s0")
    again = cloudformation.create_change_set(**members, ClientToken="run-17-s0")
    assert first["Id"] == again["Id"]
    with pytest.raises(ClientError) as refusal:
        cloudformation.create_change_set(**members, ClientToken="other")
    assert error_code(refusal.value) == "AlreadyExistsException"


def test_create__update_of_no_stack_and_creation_of_a_stack__refused(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    common = {"ChangeSetName": "c", "TemplateBody": base_template(), "Capabilities": CAPABILITIES}
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.create_change_set(StackName="nobody", ChangeSetType="UPDATE", **common)
    with pytest.raises(ClientError, match="already exists"):
        cloudformation.create_change_set(StackName=STACK, ChangeSetType="CREATE", **common)


def test_execute__same_token_again__has_no_further_effect_and_others_are_gone(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    create_change_set(team, STACK, team_template({}), "other")
    described = create_change_set(team, STACK, team_template({"foodsearch": mappings("barcodes")}), "wanted")
    execute = {"StackName": STACK, "ChangeSetName": "wanted", "ClientRequestToken": "run-1"}
    cloudformation.execute_change_set(**execute)
    cloudformation.execute_change_set(**execute)
    team.advance(60)
    listed = cloudformation.list_change_sets(StackName=STACK)["Summaries"]
    assert [(item["ChangeSetName"], item["ExecutionStatus"]) for item in listed] == [("wanted", "EXECUTE_COMPLETE")]
    assert described["ChangeSetId"] == listed[0]["ChangeSetId"]
    with pytest.raises(ClientError) as refusal:
        cloudformation.execute_change_set(StackName=STACK, ChangeSetName="wanted")
    assert error_code(refusal.value) == "InvalidChangeSetStatus"


def test_describe__unknown_change_set__not_found_and_deleting_it__no_error(team: LocalAws) -> None:
    cloudformation = team.client("cloudformation")
    with pytest.raises(ClientError) as refusal:
        cloudformation.describe_change_set(StackName=STACK, ChangeSetName="nobody")
    assert error_code(refusal.value) == "ChangeSetNotFound"
    cloudformation.delete_change_set(StackName=STACK, ChangeSetName="nobody")


def test_describe__more_than_a_hundred_changes__come_over_pages(base: LocalAws) -> None:
    topics = {f"Topic{number}": {"Type": "AWS::SNS::Topic"} for number in range(150)}
    create_change_set(base, "many", json.dumps({"Resources": topics}), "all")
    pages = (
        base.client("cloudformation")
        .get_paginator("describe_change_set")
        .paginate(StackName="many", ChangeSetName="all")
    )
    assert [len(page["Changes"]) for page in pages] == [100, 50]


def test_deploy__conditions_and_parameters__decide_what_is_made(aws: LocalAws) -> None:
    template = json.dumps(
        {
            "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
            "Conditions": {
                "Live": {"Fn::And": [{"Fn::Equals": [{"Ref": "Stage"}, "live"]}, {"Fn::Not": [{"Condition": "Dev"}]}]},
                "Dev": {"Fn::Or": [{"Fn::Equals": [{"Ref": "Stage"}, "dev"]}]},
            },
            "Resources": {
                "Always": {
                    "Type": "AWS::SNS::Topic",
                    "Properties": {
                        "TopicName": {"Fn::Sub": ["${AWS::StackName}-${Word}", {"Word": {"Ref": "Stage"}}]},
                        "DisplayName": {"Fn::If": ["Live", "live", {"Ref": "AWS::NoValue"}]},
                    },
                },
                "Sometimes": {"Type": "AWS::SNS::Topic", "Condition": "Live"},
            },
            "Outputs": {"Name": {"Value": {"Fn::Join": ["/", ["x", {"Fn::GetAtt": ["Always", "TopicName"]}]]}}},
        }
    )
    assert deploy(aws, "conditional", template) == "CREATE_COMPLETE"
    stack = aws.client("cloudformation").describe_stacks(StackName="conditional")["Stacks"][0]
    assert stack["Outputs"] == [{"OutputKey": "Name", "OutputValue": "x/conditional-dev"}]
    resources = aws.client("cloudformation").list_stack_resources(StackName="conditional")["StackResourceSummaries"]
    assert [item["LogicalResourceId"] for item in resources] == ["Always"]
