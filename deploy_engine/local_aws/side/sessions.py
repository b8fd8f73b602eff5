"""Who is calling: the sessions that AssumeRole gave out, with the tags that moto does not remember."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.errors import AwsError
from deploy_engine.local_aws.side import conditions
from deploy_engine.local_aws.side.permissions import listed, parsed, role_name
from deploy_engine.local_aws.side.services import RegionalServices

ACCESS_KEY = re.compile(r"<AccessKeyId>([^<]+)</AccessKeyId>")
FORBIDDEN = 403


@dataclass(frozen=True)
class RoleSession:
    """A role that was assumed, and the tags that the session brought."""

    role_arn: str
    name: str
    tags: dict[str, str]

    @property
    def arn(self) -> str:
        """Return the session's own ARN, as refusals quote it."""
        account = self.role_arn.split(":")[4]
        return f"arn:aws:sts::{account}:assumed-role/{role_name(self.role_arn)}/{self.name}"


@dataclass
class Sessions:
    """The sessions by their access keys."""

    by_key: dict[str, RoleSession] = field(default_factory=dict)

    def remember(self, members: dict[str, Any], answer: str) -> None:
        """Remember the session that AssumeRole, called with ``members``, has given out."""
        found = ACCESS_KEY.search(answer)
        if found:
            tags = {tag["Key"]: tag["Value"] for tag in members.get("Tags", [])}
            self.by_key[found.group(1)] = RoleSession(members["RoleArn"], members["RoleSessionName"], tags)


def check_may_assume(side: RegionalServices, members: dict[str, Any]) -> None:
    """Refuse what the role's trust policy does not allow: another external id, or tags; no role, nothing to refuse."""
    try:
        role = side.client("iam").get_role(RoleName=role_name(members["RoleArn"]))["Role"]
    except ClientError:
        return
    context = {"sts:ExternalId": str(members["ExternalId"])} if members.get("ExternalId") else {}
    statements = [
        statement
        for statement in listed(parsed(role["AssumeRolePolicyDocument"]).get("Statement"))
        if statement.get("Effect") == "Allow"
    ]
    fenced = [item["Condition"] for item in statements if "sts:ExternalId" in json.dumps(item.get("Condition", {}))]
    if fenced and not any(conditions.hold(condition, context) for condition in fenced):
        raise _refused("sts:AssumeRole", members)
    actions = {str(action).lower() for statement in statements for action in listed(statement.get("Action"))}
    if members.get("Tags") and not actions & {"sts:tagsession", "sts:*", "*"}:
        raise _refused("sts:TagSession", members)


def _refused(action: str, members: dict[str, Any]) -> AwsError:
    message = f"User is not authorized to perform: {action} on resource: {members['RoleArn']}"
    return AwsError("AccessDenied", message, status=FORBIDDEN)
