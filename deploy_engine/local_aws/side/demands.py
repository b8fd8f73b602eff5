"""What a call demands of its caller: IAM actions on resources, as the service authorization reference has them.

Only the operations that sessions make here are told apart by resource; the others are about everything, which only a
policy for everything allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

S3_ACTIONS = {
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
}
"""Operations of S3 whose permission has another name."""


@dataclass(frozen=True)
class Demand:
    """One action on one resource; ``context`` has what conditions may ask about the request."""

    action: str
    resource: str = "*"
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A call as it arrives; ``path`` is its address, in which S3 has bucket and key."""

    service: str
    operation: str
    members: Mapping[str, Any]
    path: str = ""


def of_call(region: "Region", call: Call) -> list[Demand]:
    """Return everything that a call demands."""
    service, operation, members = call.service, call.operation, call.members
    match service:
        case "cloudformation":
            return _cloudformation(region, operation, members)
        case "dms":
            resource = members.get("ReplicationTaskArn") or members.get("ResourceArn") or "*"
            tags = region.dms.tags.get(str(resource), {})
            return [Demand(f"dms:{operation}", str(resource), _tags(tags))]
        case "s3":
            return [_s3(operation, members, call.path)]
        case "secretsmanager":
            return [_secret(region, operation, str(members.get("SecretId", "")))]
        case "monitoring":
            return [Demand(f"cloudwatch:{operation}")]
        case _:
            return [Demand(f"{service}:{operation}")]


def _cloudformation(region: "Region", operation: str, members: Mapping[str, Any]) -> list[Demand]:
    """A role that is handed over is passed, and a template is read with the caller's own rights."""
    name = str(members.get("StackName", ""))
    stack = name if name.startswith("arn:") else region.arn("cloudformation", f"stack/{name}/*")
    role, url = str(members.get("RoleARN", "")), str(members.get("TemplateURL", ""))
    context = {"cloudformation:RoleArn": role, "cloudformation:TemplateUrl": url}
    given = {key: value for key, value in context.items() if value}
    demands = [Demand(f"cloudformation:{operation}", stack if name else "*", given)]
    if role:
        demands.append(Demand("iam:PassRole", role, {"iam:PassedToService": "cloudformation.amazonaws.com"}))
    if url:
        demands.append(Demand("s3:GetObject", f"arn:aws:s3:::{unquote(urlsplit(url).path).lstrip('/')}"))
    return demands


def _s3(operation: str, members: Mapping[str, Any], path: str) -> Demand:
    action = f"s3:{S3_ACTIONS.get(operation, operation)}"
    resource = f"arn:aws:s3:::{unquote(path).strip('/')}"
    prefix = members.get("Prefix")
    return Demand(action, resource, {"s3:prefix": str(prefix)} if prefix is not None else {})


def _secret(region: "Region", operation: str, secret: str) -> Demand:
    """A secret is known by its ARN, which ends in letters of AWS's own, and by its tags."""
    try:
        found = region.side.client("secretsmanager").describe_secret(SecretId=secret)
    except ClientError:
        return Demand(f"secretsmanager:{operation}", region.arn("secretsmanager", f"secret:{secret}"))
    tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
    return Demand(f"secretsmanager:{operation}", found["ARN"], _tags(tags))


def _tags(tags: Mapping[str, str]) -> dict[str, str]:
    return {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
