"""The table that CloudFormation's operations register in, and what several of them share."""

import base64
import binascii
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from deploy_engine.local_aws.cloudformation.state import Stack
from deploy_engine.local_aws.cloudformation.template import Template
from deploy_engine.local_aws.contract.operations import OperationTable
from deploy_engine.local_aws.errors import AwsError
from deploy_engine.local_aws.side.permissions import role_exists

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

CLOUDFORMATION = OperationTable(
    "cloudformation",
    validation_code="ValidationError",
    common_errors=frozenset({"AccessDenied", "Throttling", "MalformedQueryString"}),
)

MOST_INLINE_BYTES = 51_200
MOST_UPLOADED_BYTES = 1_000_000
PAGE = 100
MOST_STACKS = 2_000
Item = TypeVar("Item")


def refuse(message: str) -> AwsError:
    """Return a ValidationError, CloudFormation's word for almost every refusal."""
    return AwsError("ValidationError", message)


def find_stack(region: "Region", name_or_id: str) -> Stack | None:
    """Return the stack of this id, or the living one of this name, or None."""
    by_id = region.cloudformation.stacks.get(name_or_id)
    if by_id is not None:
        return by_id
    return next((stack for stack in region.cloudformation.live() if stack.name == name_or_id), None)


def stack_at(region: "Region", name_or_id: str) -> Stack:
    """Return the stack of this name or id, or refuse."""
    stack = find_stack(region, name_or_id)
    if stack is None:
        raise refuse(f"Stack with id {name_or_id} does not exist")
    return stack


def page(items: Sequence[Item], members: dict[str, Any], size: int | None = None) -> tuple[list[Item], str | None]:
    """Return one page (of a hundred unless ``size`` says otherwise) and the token of the next, or None."""
    size = size or PAGE
    first = 0
    if members.get("NextToken"):
        try:
            first = int(base64.urlsafe_b64decode(members["NextToken"].encode()).decode())
        except (ValueError, binascii.Error) as error:
            raise refuse("The NextToken is not one that this operation gave out.") from error
    more = len(items) > first + size
    return list(items[first : first + size]), _token(first + size) if more else None


def template_text(region: "Region", members: dict[str, Any], previous: str | None = None) -> str:
    """Return the template that a request brings: in itself, by the URL of an object in S3, or the previous one."""
    if members.get("UsePreviousTemplate") and previous:
        return previous
    body, url = members.get("TemplateBody"), members.get("TemplateURL")
    if (body is None) == (url is None):
        raise refuse("Either Template URL or Template Body must be specified.")
    if body is not None:
        if len(body.encode()) > MOST_INLINE_BYTES:
            raise refuse(
                "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: "
                f"Member must have length less than or equal to {MOST_INLINE_BYTES}"
            )
        return str(body)
    text = _downloaded(region, str(url))
    if len(text) > MOST_UPLOADED_BYTES:
        raise refuse(f"Template may not exceed {MOST_UPLOADED_BYTES} bytes in size.")
    return text.decode()


def check_capabilities(template: Template, acknowledged: list[str]) -> None:
    """Refuse while the caller has not acknowledged what the template does to IAM."""
    needed = template.capabilities()
    if needed and not {"CAPABILITY_NAMED_IAM", *needed} & set(acknowledged):
        raise AwsError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed[0]}]")


def check_role(region: "Region", arn: str | None) -> None:
    """Refuse a role that does not exist."""
    if arn is not None and not role_exists(region.side, arn):
        raise refuse(f"Role {arn} is invalid or cannot be assumed")


def parameters_given(members: dict[str, Any], previous: dict[str, str]) -> dict[str, str]:
    """Return the request's parameters by name."""
    found = {}
    for item in members.get("Parameters", []):
        key = item.get("ParameterKey", "")
        if item.get("UsePreviousValue"):
            if key not in previous:
                raise refuse(f"Invalid input for parameter key {key}. Cannot specify usePreviousValue as true")
            found[key] = previous[key]
        else:
            found[key] = item.get("ParameterValue", "")
    return found


def tags_given(members: dict[str, Any], previous: dict[str, str]) -> dict[str, str]:
    """Return the request's tags by key; without any, the stack keeps its own."""
    if "Tags" not in members:
        return previous
    return {tag["Key"]: tag["Value"] for tag in members["Tags"]}


def _downloaded(region: "Region", url: str) -> bytes:
    """Read an object of the local S3 by its URL, path-style or with the bucket in the host's name."""
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("?")[0].partition("/")
    bucket_in_host, dot, _ = host.partition(".s3")
    bucket, key = (bucket_in_host, path) if dot else (path.partition("/")[0], path.partition("/")[2])
    if scheme not in ("http", "https") or not bucket or not key:
        raise refuse("TemplateURL must reference a valid S3 object to which you have access.")
    try:
        body: bytes = region.side.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise refuse(f"S3 error: the object of TemplateURL cannot be read ({code})") from error
    return body


def _token(position: int) -> str:
    return base64.urlsafe_b64encode(str(position).encode()).decode()
