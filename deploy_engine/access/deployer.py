"""What the deployer may do: stop and start tasks, tag them, and have CloudFormation change the stacks."""

from __future__ import annotations

from deploy_engine.access.planner import no_deletion, reading
from deploy_engine.access.statement import EVERYTHING, Place, Statement

CLOUDFORMATION = "cloudformation.amazonaws.com"


def deployer(place: Place) -> tuple[Statement, ...]:
    """Every statement of the deployer's policy. It makes no resource itself: the stacks' own role does."""
    as_whom = {"cloudformation:RoleArn": place.file.roles.cloudformation}
    return (
        *reading(place),
        Statement(
            "StopAndStartTasks",
            "pausing tasks while their stack changes, resuming them, and writing on each what is to be resumed, "
            "or reading what another deployment wrote",
            (
                "dms:ListTagsForResource",
                "dms:StopReplicationTask",
                "dms:StartReplicationTask",
                "dms:AddTagsToResource",
                "dms:RemoveTagsFromResource",
            ),
            (place.tasks,),
        ),
        Statement(
            "ReadConnections",
            "whether a test of a connection stands in the way of a start; AWS cannot narrow a listing",
            ("dms:DescribeConnections",),
            EVERYTHING,
        ),
        Statement(
            "PutTemplates",
            "templates go to CloudFormation by their address, and it reads them with the rights of whoever names it",
            ("s3:PutObject", "s3:GetObject"),
            (place.templates,),
        ),
        Statement(
            "MakeChangeSets",
            "only of templates in the templates bucket, and only in the role that is meant for it",
            ("cloudformation:CreateChangeSet",),
            (place.stacks,),
            {"StringEquals": as_whom, "StringLike": {"cloudformation:TemplateUrl": place.template_urls}},
        ),
        Statement(
            "ExecuteChangeSets",
            "comparing a change set with the plan, executing it, giving it up before or while it is carried out, and "
            "learning why one failed",
            (
                "cloudformation:DescribeChangeSet",
                "cloudformation:ExecuteChangeSet",
                "cloudformation:CancelUpdateStack",
                "cloudformation:DeleteChangeSet",
                "cloudformation:DescribeStackEvents",
            ),
            (place.stacks,),
        ),
        Statement(
            "DeleteWhatNeverSucceeded",
            "a stack whose first creation failed can only be deleted before it is made again",
            ("cloudformation:DeleteStack",),
            (place.stacks,),
            {"StringEquals": as_whom},
        ),
        Statement(
            "GoOnWithARollback",
            "one that failed is gone on with when a platform engineer asks for it, and in the role of the stacks",
            ("cloudformation:ContinueUpdateRollback",),
            (place.stacks,),
            {"StringEquals": as_whom},
        ),
        Statement(
            "PassTheRoleOfTheStacks",
            "CloudFormation acts in a role of its own, and is the only one that this role may be given to",
            ("iam:PassRole",),
            (place.file.roles.cloudformation,),
            {"StringEquals": {"iam:PassedToService": CLOUDFORMATION}},
        ),
        no_deletion(place),
    )
