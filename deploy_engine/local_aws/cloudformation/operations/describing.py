"""Reading stacks: their status, events, resources, exports and imports."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation import drift
from deploy_engine.local_aws.cloudformation.operations.table import CLOUDFORMATION, page, refuse, stack_at
from deploy_engine.local_aws.cloudformation.scope import exports, importers
from deploy_engine.local_aws.cloudformation.state import Stack, StackResource
from deploy_engine.local_aws.cloudformation.template import parse

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

MOST_DESCRIBED = 100


@CLOUDFORMATION.operation("DescribeStacks", "StackName NextToken")
def describe_stacks(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe one stack, or all that are not deleted."""
    name = members.get("StackName")
    stacks = [stack_at(region, name)] if name else region.cloudformation.live()
    found, token = page(stacks, members)
    return {"Stacks": [_stack_view(stack) for stack in found], "NextToken": token}


@CLOUDFORMATION.operation("ListStacks", "NextToken StackStatusFilter")
def list_stacks(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """List stacks, deleted ones too, newest first."""
    statuses = set(members.get("StackStatusFilter", []))
    stacks = [item for item in region.cloudformation.stacks.values() if not statuses or item.status in statuses]
    found, token = page(sorted(stacks, key=lambda stack: -stack.created), members)
    summaries = [
        {
            "StackId": stack.id,
            "StackName": stack.name,
            "TemplateDescription": _description(stack),
            "CreationTime": stack.created,
            "LastUpdatedTime": stack.updated,
            "DeletionTime": stack.deleted,
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason,
            "DriftInformation": _stack_drift(stack),
        }
        for stack in found
    ]
    return {"StackSummaries": summaries, "NextToken": token}


@CLOUDFORMATION.operation("DescribeStackEvents", "StackName NextToken")
def describe_stack_events(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe a stack's events, newest first."""
    stack = stack_at(region, members["StackName"])
    found, token = page(stack.events[::-1], members)
    events = [
        {
            "StackId": stack.id,
            "EventId": event.event_id,
            "StackName": stack.name,
            "LogicalResourceId": event.logical,
            "PhysicalResourceId": event.physical,
            "ResourceType": event.kind,
            "Timestamp": event.at,
            "ResourceStatus": event.status,
            "ResourceStatusReason": event.reason,
            "ClientRequestToken": event.token,
        }
        for event in found
    ]
    return {"StackEvents": events, "NextToken": token}


@CLOUDFORMATION.operation("DescribeStackResources", "StackName LogicalResourceId PhysicalResourceId")
def describe_stack_resources(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe a stack's resources, the first hundred."""
    physical = members.get("PhysicalResourceId")
    if physical is not None:
        stacks = [
            stack
            for stack in region.cloudformation.live()
            if any(item.physical == physical for item in stack.resources.values())
        ]
        if not stacks:
            raise refuse(f"Stack for {physical} does not exist")
        stack = stacks[0]
    elif "StackName" in members:
        stack = stack_at(region, members["StackName"])
    else:
        raise refuse("Either StackName or PhysicalResourceId must be specified.")
    wanted = members.get("LogicalResourceId")
    resources = [
        item
        for _, item in sorted(stack.resources.items())
        if wanted in (None, item.logical) and physical in (None, item.physical)
    ]
    described = [
        {
            "StackName": stack.name,
            "StackId": stack.id,
            "Timestamp": item.updated,
            "DriftInformation": _resource_drift(stack, item),
            **_resource_view(item),
        }
        for item in resources[:MOST_DESCRIBED]
    ]
    return {"StackResources": described}


@CLOUDFORMATION.operation("DescribeStackResource", "StackName LogicalResourceId")
def describe_stack_resource(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe one resource of a stack."""
    stack = stack_at(region, members["StackName"])
    resource = stack.resources.get(members["LogicalResourceId"])
    if resource is None:
        raise refuse(f"Resource {members['LogicalResourceId']} does not exist for stack {stack.name}")
    return {
        "StackResourceDetail": {
            "StackName": stack.name,
            "StackId": stack.id,
            "LastUpdatedTimestamp": resource.updated,
            "DriftInformation": _resource_drift(stack, resource),
            **_resource_view(resource),
        }
    }


@CLOUDFORMATION.operation("ListStackResources", "StackName NextToken")
def list_stack_resources(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """List a stack's resources."""
    stack = stack_at(region, members["StackName"])
    found, token = page([item for _, item in sorted(stack.resources.items())], members)
    summaries = [
        {
            "LastUpdatedTimestamp": item.updated,
            "DriftInformation": _resource_drift(stack, item),
            **_resource_view(item),
        }
        for item in found
    ]
    return {"StackResourceSummaries": summaries, "NextToken": token}


@CLOUDFORMATION.operation("ListExports", "NextToken")
def list_exports(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """List the region's exports by name."""
    listed = sorted(
        (
            {"ExportingStackId": stack.id, "Name": str(output.export), "Value": output.value}
            for stack, output in exports(region)
        ),
        key=lambda item: item["Name"],
    )
    found, token = page(listed, members)
    return {"Exports": found, "NextToken": token}


@CLOUDFORMATION.operation("ListImports", "ExportName NextToken")
def list_imports(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """List the stacks that import an export; that there is none is an error, as on AWS."""
    users = importers(region, members["ExportName"])
    if not users:
        raise refuse(f"Export '{members['ExportName']}' is not imported by any stack.")
    found, token = page(users, members)
    return {"Imports": found, "NextToken": token}


def _stack_view(stack: Stack) -> dict[str, Any]:
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "ChangeSetId": stack.executed_change_set,
        "Description": _description(stack),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()],
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "RollbackConfiguration": {},
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": False,
        "NotificationARNs": [],
        "Capabilities": stack.capabilities or None,
        "Outputs": [
            {
                "OutputKey": output.key,
                "OutputValue": output.value,
                "Description": output.description,
                "ExportName": output.export,
            }
            for output in stack.outputs
        ]
        or None,
        "RoleARN": stack.role_arn,
        "Tags": [{"Key": key, "Value": value} for key, value in stack.tags.items()],
        "EnableTerminationProtection": False,
        "DriftInformation": _stack_drift(stack),
    }


def _stack_drift(stack: Stack) -> dict[str, Any]:
    return {"StackDriftStatus": drift.stack_status(stack), "LastCheckTimestamp": drift.last_check(stack)}


def _resource_drift(stack: Stack, resource: StackResource) -> dict[str, Any]:
    found = stack.drifts.get(resource.logical)
    if found is None or found.physical != resource.physical:
        return {"StackResourceDriftStatus": "NOT_CHECKED"}
    return {"StackResourceDriftStatus": found.status, "LastCheckTimestamp": found.at}


def _resource_view(resource: StackResource) -> dict[str, Any]:
    return {
        "LogicalResourceId": resource.logical,
        "PhysicalResourceId": resource.physical or None,
        "ResourceType": resource.kind,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason,
    }


def _description(stack: Stack) -> str | None:
    return parse(stack.template).description if stack.template else None
