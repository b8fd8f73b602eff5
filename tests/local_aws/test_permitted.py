"""The role that CloudFormation acts in, held to its policy."""

from __future__ import annotations

import json

import pytest

from deploy_engine.local_aws.cloudformation.permitted import ACTIONS
from deploy_engine.local_aws.cloudformation.resources import RESOURCE_TYPES
from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import stack_status

ROLE = "arn:aws:iam::123456789012:role/by-cloudformation"
TEMPLATE = json.dumps(
    {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "sluice-local-food-alerts"}}}}
)


def _create(aws: LocalAws, *actions: str) -> str | None:
    iam, cloudformation = aws.client("iam"), aws.client("cloudformation")
    iam.create_role(RoleName="by-cloudformation", AssumeRolePolicyDocument='{"Statement": []}')
    if actions:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "arn:aws:sns:*:*:sluice-local-*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName="by-cloudformation", PolicyName="sluice", PolicyDocument=document)
    cloudformation.create_stack(StackName="sluice-local-food", TemplateBody=TEMPLATE, RoleARN=ROLE)
    aws.advance(60)
    return stack_status(aws, "sluice-local-food")


def test_actions__every_resource_type__has_one_for_each_act() -> None:
    assert set(ACTIONS) == set(RESOURCE_TYPES)
    assert all(set(actions) == {"create", "update", "delete"} for actions in ACTIONS.values())


@pytest.mark.parametrize(
    ("actions", "status"),
    [
        (("sns:CreateTopic", "sns:DeleteTopic"), "CREATE_COMPLETE"),
        ((), "CREATE_COMPLETE"),
        (("sns:DeleteTopic",), "ROLLBACK_COMPLETE"),
    ],
)
def test_stack__role_that_may_or_may_not_make_a_resource__is_made_or_rolled_back(
    aws: LocalAws, actions: tuple[str, ...], status: str
) -> None:
    assert _create(aws, *actions) == status
    events = aws.client("cloudformation").describe_stack_events(StackName="sluice-local-food")["StackEvents"]
    reasons = " ".join(event.get("ResourceStatusReason", "") for event in events)
    assert ("is not authorized to perform: sns:CreateTopic" in reasons) is (status != "CREATE_COMPLETE")


def test_stack__role_that_may_not_delete__stays_and_says_so(aws: LocalAws) -> None:
    assert _create(aws, "sns:CreateTopic") == "CREATE_COMPLETE"
    aws.client("cloudformation").delete_stack(StackName="sluice-local-food", RoleARN=ROLE)
    aws.advance(60)
    assert stack_status(aws, "sluice-local-food") == "DELETE_FAILED"
