"""Whether the role that CloudFormation acts in may do what a resource needs.

Only the main action of each is looked at, on whatever resource the policy names: what was forgotten fails here, what is
too wide does not. A stack without a role, and a role without any policy, may do everything.
"""

from typing import TYPE_CHECKING

from deploy_engine.local_aws.errors import AwsError
from deploy_engine.local_aws.side.authorisation import statements_of
from deploy_engine.local_aws.side.permissions import fits, listed

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

DMS = ("Endpoint", "EventSubscription", "ReplicationInstance", "ReplicationSubnetGroup", "ReplicationTask")
ACTIONS: dict[str, dict[str, str]] = {
    **{
        f"AWS::DMS::{kind}": {
            "create": f"dms:Create{kind}",
            "update": f"dms:Modify{kind}",
            "delete": f"dms:Delete{kind}",
        }
        for kind in DMS
    },
    "AWS::IAM::Role": {"create": "iam:CreateRole", "update": "iam:UpdateRole", "delete": "iam:DeleteRole"},
    "AWS::EC2::SecurityGroup": {
        "create": "ec2:CreateSecurityGroup",
        "update": "ec2:AuthorizeSecurityGroupEgress",
        "delete": "ec2:DeleteSecurityGroup",
    },
    "AWS::CloudWatch::Alarm": {
        "create": "cloudwatch:PutMetricAlarm",
        "update": "cloudwatch:PutMetricAlarm",
        "delete": "cloudwatch:DeleteAlarms",
    },
    "AWS::SNS::Topic": {"create": "sns:CreateTopic", "update": "sns:SetTopicAttributes", "delete": "sns:DeleteTopic"},
    "AWS::SNS::TopicPolicy": dict.fromkeys(("create", "update", "delete"), "sns:SetTopicAttributes"),
    "AWS::SNS::Subscription": {
        "create": "sns:Subscribe",
        "update": "sns:SetSubscriptionAttributes",
        "delete": "sns:Unsubscribe",
    },
}
"""The main action of each resource type, by what is done to the resource (CloudFormation's resource schemas)."""


def check(region: "Region", role_arn: str | None, kind: str, verb: str) -> None:
    """Refuse what the role does not allow; ``verb`` is create, update or delete."""
    statements = statements_of(region, role_arn) if role_arn else []
    if not statements:
        return
    action = ACTIONS[kind][verb]
    effects = {
        item.get("Effect")
        for item in statements
        for resource in listed(item.get("Resource"))
        if fits(item, action, str(resource))
    }
    if "Allow" not in effects or "Deny" in effects:
        message = f"User: {role_arn} is not authorized to perform: {action} (Service: {kind})"
        raise AwsError("AccessDenied", message)
