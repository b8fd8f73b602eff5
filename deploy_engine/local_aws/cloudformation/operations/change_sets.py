"""Change sets: create, describe, list, execute, delete (`dms-facts.md` section 5)."""

import uuid
from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation import engine
from deploy_engine.local_aws.cloudformation.operations.stacks import new_stack, require_updatable, use_token
from deploy_engine.local_aws.cloudformation.operations.table import (
    CLOUDFORMATION,
    check_capabilities,
    check_role,
    find_stack,
    page,
    parameters_given,
    refuse,
    stack_at,
    tags_given,
    template_text,
)
from deploy_engine.local_aws.cloudformation.state import ChangeSet, Operation, Stack
from deploy_engine.local_aws.cloudformation.template import parameter_values, parse
from deploy_engine.local_aws.errors import AwsError, unsupported

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region


@CLOUDFORMATION.operation(
    "CreateChangeSet",
    "StackName TemplateBody TemplateURL UsePreviousTemplate Parameters Capabilities RoleARN Tags ChangeSetName "
    "ClientToken Description ChangeSetType",
)
def create_change_set(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Create a change set; its changes are worked out a little later.

    A client token that was used for the same change set before gets the same answer again.
    """
    kind = members.get("ChangeSetType", "UPDATE")
    if kind not in ("CREATE", "UPDATE"):
        raise unsupported(f"change sets of type {kind}")
    stack = _stack_for(region, members["StackName"], kind)
    token = members.get("ClientToken")
    if stack is not None:
        earlier = _named(stack, members["ChangeSetName"])
        if earlier is not None and token is not None and earlier.token == token:
            return {"Id": earlier.id, "StackId": stack.id}
        if earlier is not None:
            raise AwsError("AlreadyExistsException", f"ChangeSet {earlier.name} already exists")
    template = parse(template_text(region, members, stack.template if stack else None))
    capabilities = members.get("Capabilities", [])
    check_capabilities(template, capabilities)
    role = members.get("RoleARN", stack.role_arn if stack else None)
    check_role(region, role)
    parameters = parameter_values(template, parameters_given(members, stack.parameters if stack else {}))
    stack = stack or new_stack(region, members["StackName"])
    name = members["ChangeSetName"]
    change_set = ChangeSet(
        id=region.arn("cloudformation", f"changeSet/{name}/{uuid.uuid4()}"),
        name=name,
        kind=kind,
        template=template.text,
        parameters=parameters,
        created=region.now,
        until=region.now + region.timings.change_set_create,
        token=token,
        description=members.get("Description"),
        role_arn=role,
        capabilities=capabilities,
        tags=tags_given(members, stack.tags),
    )
    stack.change_sets[change_set.id] = change_set
    return {"Id": change_set.id, "StackId": stack.id}


@CLOUDFORMATION.operation("DescribeChangeSet", "ChangeSetName StackName NextToken")
def describe_change_set(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe a change set and, once it is complete, a page of its changes."""
    stack, change_set = _change_set_at(region, members)
    found, token = page(change_set.changes, members)
    return {
        **_summary(stack, change_set),
        "Parameters": _parameters(change_set.parameters),
        "Capabilities": change_set.capabilities,
        "Tags": [{"Key": key, "Value": value} for key, value in change_set.tags.items()],
        "NotificationARNs": [],
        "RollbackConfiguration": {},
        "Changes": found,
        "NextToken": token,
    }


@CLOUDFORMATION.operation("ListChangeSets", "StackName NextToken")
def list_change_sets(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """List a stack's change sets."""
    stack = stack_at(region, members["StackName"])
    found, token = page(sorted(stack.change_sets.values(), key=lambda item: item.created), members)
    return {"Summaries": [_summary(stack, item) for item in found], "NextToken": token}


@CLOUDFORMATION.operation("ExecuteChangeSet", "ChangeSetName StackName ClientRequestToken")
def execute_change_set(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Begin to carry out a change set; the stack's other change sets are deleted.

    Sent again with the same token, for the same change set, it has no further effect.
    """
    stack, change_set = _change_set_at(region, members)
    token = members.get("ClientRequestToken")
    if token is not None and change_set.execute_token == token:
        return {}
    if change_set.execution_status != "AVAILABLE":
        raise AwsError(
            "InvalidChangeSetStatus",
            f"ChangeSet [{change_set.id}] cannot be executed in its current status of [{change_set.status}]",
        )
    if change_set.kind == "UPDATE":
        require_updatable(stack)
    elif stack.status != "REVIEW_IN_PROGRESS":
        raise refuse(f"Stack:{stack.id} is in {stack.status} state and can not be created.")
    use_token(stack, token, f"ExecuteChangeSet {change_set.id}")
    change_set.execution_status, change_set.execute_token = "EXECUTE_IN_PROGRESS", token
    stack.change_sets = {change_set.id: change_set}
    stack.executed_change_set = change_set.id
    operation = Operation(
        kind="create" if change_set.kind == "CREATE" else "update",
        phase="begin",
        due=region.now + region.timings.stack_begin,
        template=change_set.template,
        parameters=change_set.parameters,
        token=token,
        role_arn=change_set.role_arn,
        tags=change_set.tags,
        capabilities=change_set.capabilities,
        change_set=change_set.id,
    )
    engine.start(region, stack, operation, f"{change_set.kind}_IN_PROGRESS")
    return {}


@CLOUDFORMATION.operation("DeleteChangeSet", "ChangeSetName StackName")
def delete_change_set(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Delete a change set; one that does not exist is no error, unless its stack does not either."""
    try:
        stack, change_set = _change_set_at(region, members)
    except AwsError as error:
        if error.code == "ChangeSetNotFound":
            return {}
        raise
    if change_set.execution_status == "EXECUTE_IN_PROGRESS":
        raise AwsError("InvalidChangeSetStatus", f"ChangeSet [{change_set.id}] is being executed")
    del stack.change_sets[change_set.id]
    return {}


def _stack_for(region: "Region", name: str, kind: str) -> Stack | None:
    stack = find_stack(region, name)
    if kind == "CREATE":
        if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
            raise refuse(f"Stack [{stack.name}] already exists and cannot be created again with the changeSet.")
        return stack
    if stack is None:
        raise refuse(f"Stack [{name}] does not exist")
    require_updatable(stack)
    return stack


def _change_set_at(region: "Region", members: dict[str, Any]) -> tuple[Stack, ChangeSet]:
    wanted = members["ChangeSetName"]
    if "StackName" in members:
        stacks = [stack_at(region, members["StackName"])]
    elif wanted.startswith("arn:"):
        stacks = list(region.cloudformation.stacks.values())
    else:
        raise refuse("StackName must be specified if ChangeSetName is not specified as an ARN.")
    for stack in stacks:
        change_set = _named(stack, wanted)
        if change_set is not None:
            return stack, change_set
    raise AwsError("ChangeSetNotFound", f"ChangeSet [{wanted}] does not exist", status=404)


def _named(stack: Stack, name_or_id: str) -> ChangeSet | None:
    return next((item for item in stack.change_sets.values() if name_or_id in (item.name, item.id)), None)


def _summary(stack: Stack, change_set: ChangeSet) -> dict[str, Any]:
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "ChangeSetId": change_set.id,
        "ChangeSetName": change_set.name,
        "ExecutionStatus": change_set.execution_status,
        "Status": change_set.status,
        "StatusReason": change_set.reason,
        "CreationTime": change_set.created,
        "Description": change_set.description,
        "IncludeNestedStacks": False,
    }


def _parameters(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
