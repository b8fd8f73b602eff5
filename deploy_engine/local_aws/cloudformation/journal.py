"""Writes stack events, the only account that CloudFormation gives of what it did."""

import uuid
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from deploy_engine.local_aws.cloudformation.resources import RESOURCE_TYPES
from deploy_engine.local_aws.cloudformation.state import Stack, StackEvent, StackResource
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

STACK_KIND = "AWS::CloudFormation::Stack"


def set_stack_status(region: "Region", stack: Stack, status: str, reason: str | None = None) -> None:
    """Give the stack a status and write it down."""
    stack.status, stack.reason = status, reason
    _write(region, stack, StackResource(stack.name, STACK_KIND, stack.id, {}, frozenset(), status, region.now, reason))


def set_resource_status(
    region: "Region", stack: Stack, resource: StackResource, status: str, reason: str | None = None
) -> None:
    """Give a resource a status and write it down."""
    resource.status, resource.reason, resource.updated = status, reason, region.now
    _write(region, stack, resource)


def in_words(kind: str, error: AwsError | ClientError) -> str:
    """Return a refusal as CloudFormation quotes it in a reason."""
    if isinstance(error, ClientError):
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    else:
        code, message = error.code, error.message
    service = RESOURCE_TYPES[kind].service
    request = uuid.uuid4()
    return f"{message} (Service: {service}; Status Code: 400; Error Code: {code}; Request ID: {request}; Proxy: null)"


def _write(region: "Region", stack: Stack, resource: StackResource) -> None:
    stack.events.append(
        StackEvent(
            event_id=str(uuid.uuid4()),
            logical=resource.logical,
            physical=resource.physical,
            kind=resource.kind,
            at=region.now,
            status=resource.status,
            reason=resource.reason,
            token=stack.operation.token if stack.operation else None,
        )
    )
