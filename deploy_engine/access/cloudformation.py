"""What CloudFormation may do on behalf of Sluice's stacks: make, change and delete the resource types in the templates.

The actions are those that the resource types' own handlers name (CloudFormation's resource schemas), without those for
what the templates do not use: a test derives the one from the other.
"""

from __future__ import annotations

from deploy_engine.access.planner import no_deletion
from deploy_engine.access.statement import EVERYTHING, Place, Statement


def cloudformation(place: Place) -> tuple[Statement, ...]:
    """Every statement of the policy of the role that CloudFormation acts in."""
    return (*_replication(place), *_network(place), *_identity(place), *_alarms(place), no_deletion(place))


def _replication(place: Place) -> tuple[Statement, ...]:
    made = {
        "Endpoint": "endpoint:*",
        "EventSubscription": "es:*",
        "ReplicationInstance": "rep:*",
        "ReplicationSubnetGroup": f"subgrp:sluice-{place.environment}-*",
        "ReplicationTask": "task:*",
    }
    return (
        Statement(
            "MakeReplication",
            "endpoints, instances, tasks, subnet groups and event subscriptions; DMS invents the ends of most ARNs",
            tuple(f"dms:{verb}{kind}" for verb in ("Create", "Modify", "Delete") for kind in made),
            tuple(place.arn("dms", resource) for resource in made.values()),
        ),
        Statement(
            "TagReplication",
            "CloudFormation puts the stack's own tags on what it makes",
            ("dms:AddTagsToResource", "dms:RemoveTagsFromResource", "dms:ListTagsForResource"),
            tuple(place.arn("dms", resource) for resource in made.values()),
        ),
        Statement(
            "ReadReplication",
            "waiting until something is made, changed or gone; AWS cannot narrow a listing",
            tuple(f"dms:Describe{kind}s" for kind in made),
            EVERYTHING,
        ),
    )


def _network(place: Place) -> tuple[Statement, ...]:
    groups = place.arn("ec2", "security-group/*")
    network = place.arn("ec2", f"vpc/{place.file.network.vpc}")
    return (
        Statement(
            "MakeTheSecurityGroup",
            "one security group, in the environment's network",
            ("ec2:CreateSecurityGroup",),
            (groups, network),
        ),
        Statement(
            "ChangeTheSecurityGroup",
            "its rules and its end, in the environment's network only",
            (
                "ec2:AuthorizeSecurityGroupEgress",
                "ec2:RevokeSecurityGroupEgress",
                "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
                "ec2:DeleteSecurityGroup",
            ),
            (groups,),
            {"ArnEquals": {"ec2:Vpc": network}},
        ),
        Statement(
            "TagTheSecurityGroup",
            "CloudFormation puts the stack's own tags on it",
            ("ec2:CreateTags", "ec2:DeleteTags"),
            (groups,),
        ),
        Statement(
            "ReadTheNetwork",
            "DMS looks the network up as whoever makes an instance or a subnet group; AWS cannot narrow a listing",
            (
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ),
            EVERYTHING,
        ),
    )


def _identity(place: Place) -> tuple[Statement, ...]:
    return (
        Statement(
            "MakeRoles",
            "the role that writes to the lake, and each team's that reads its secrets: named after their stacks",
            (
                "iam:CreateRole",
                "iam:DeleteRole",
                "iam:DeleteRolePolicy",
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListRolePolicies",
                "iam:PutRolePolicy",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
                "iam:UpdateRoleDescription",
            ),
            (place.roles,),
        ),
        Statement(
            "PassRolesToDms",
            "DMS is the only one that these roles may be given to",
            ("iam:PassRole",),
            (place.roles,),
            {"StringLike": {"iam:PassedToService": "dms*.amazonaws.com"}},
        ),
        Statement(
            "SeeSecrets",
            "that a source's secret exists; nothing of what it holds",
            ("secretsmanager:DescribeSecret",),
            (place.arn("secretsmanager", "secret:sluice/*"),),
        ),
    )


def _alarms(place: Place) -> tuple[Statement, ...]:
    return (
        Statement(
            "MakeTopics",
            "each team's alert topic, its policy and whom it tells",
            (
                "sns:CreateTopic",
                "sns:DeleteTopic",
                "sns:GetDataProtectionPolicy",
                "sns:GetSubscriptionAttributes",
                "sns:GetTopicAttributes",
                "sns:ListSubscriptionsByTopic",
                "sns:ListTagsForResource",
                "sns:Publish",
                "sns:SetSubscriptionAttributes",
                "sns:SetTopicAttributes",
                "sns:Subscribe",
                "sns:TagResource",
                "sns:Unsubscribe",
                "sns:UntagResource",
            ),
            (place.own("sns", ""),),
        ),
        Statement(
            "MakeAlarms",
            "alarms on tasks and instances",
            (
                "cloudwatch:DeleteAlarms",
                "cloudwatch:DescribeAlarms",
                "cloudwatch:ListTagsForResource",
                "cloudwatch:PutMetricAlarm",
                "cloudwatch:TagResource",
                "cloudwatch:UntagResource",
            ),
            (place.own("cloudwatch", "alarm:"),),
        ),
    )
