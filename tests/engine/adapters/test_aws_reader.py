"""What the reader asks, over an AWS that answers without a network."""

from __future__ import annotations

from typing import Any, cast

import pytest

from deploy_engine.adapters.aws_reader import Boto3Reader
from deploy_engine.adapters.aws_session import AwsSession


class OneStack:
    """A session whose CloudFormation has one stack, in one status."""

    place = "an AWS in memory"

    def __init__(self, status: str) -> None:
        self.status = status
        self.asked: list[str] = []

    @property
    def cloudformation(self) -> OneStack:
        return self

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's own name
        self.asked.append("DescribeStacks")
        return {"Stacks": [{"StackName": StackName, "StackStatus": self.status}]}

    def get_template(self, *, StackName: str, TemplateStage: str) -> dict[str, Any]:  # noqa: N803 - as above
        self.asked.append("GetTemplate")
        return {"TemplateBody": {"Resources": {"Of": {"Type": f"{StackName} {TemplateStage}"}}}}


@pytest.mark.parametrize(
    ("status", "at_work_too", "asked"),
    [
        ("UPDATE_COMPLETE", False, True),
        ("UPDATE_ROLLBACK_FAILED", False, True),
        ("UPDATE_IN_PROGRESS", False, False),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", False, False),
        ("UPDATE_IN_PROGRESS", True, True),
        ("REVIEW_IN_PROGRESS", True, False),
    ],
)
def test_stack__with_template__is_asked_for_it_where_that_is_wanted(
    status: str, at_work_too: bool, asked: bool
) -> None:
    aws = OneStack(status)

    stack = Boto3Reader(cast(AwsSession, aws)).stack("s", with_template=True, at_work_too=at_work_too)

    assert stack is not None
    assert (stack.template is not None) is asked
    assert aws.asked == ["DescribeStacks", *(["GetTemplate"] if asked else [])]
