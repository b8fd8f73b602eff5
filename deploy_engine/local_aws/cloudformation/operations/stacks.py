"""Creating, updating and deleting stacks without a change set, and what can be done to a stuck one."""

import uuid
from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation import comparing, engine
from deploy_engine.local_aws.cloudformation.journal import set_stack_status
from deploy_engine.local_aws.cloudformation.operations.table import (
    CLOUDFORMATION,
    MOST_STACKS,
    check_capabilities,
    check_role,
    find_stack,
    parameters_given,
    refuse,
    stack_at,
    tags_given,
    template_text,
)
from deploy_engine.local_aws.cloudformation.state import FINAL_UPDATABLE, Operation, Stack
from deploy_engine.local_aws.cloudformation.template import parameter_values, parse
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

BROUGHT = "StackName TemplateBody TemplateURL Parameters Capabilities RoleARN Tags ClientRequestToken"


@CLOUDFORMATION.operation("CreateStack", BROUGHT)
def create_stack(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Create a stack at once; sent again with the same token, it has no further effect."""
    existing, token = find_stack(region, members["StackName"]), members.get("ClientRequestToken")
    if existing is not None:
        if repeated(existing, token, "CreateStack"):
            return {"StackId": existing.id}
        raise AwsError("AlreadyExistsException", f"Stack [{members['StackName']}] already exists")
    operation = _operation(region, members, "create", None)
    stack = new_stack(region, members["StackName"])
    use_token(stack, token, "CreateStack")
    engine.start(region, stack, operation, "CREATE_IN_PROGRESS")
    return {"StackId": stack.id}


@CLOUDFORMATION.operation("UpdateStack", f"{BROUGHT} UsePreviousTemplate")
def update_stack(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Update a stack at once; without a change it is refused. Sent again with the same token, it has no effect."""
    stack = stack_at(region, members["StackName"])
    if repeated(stack, members.get("ClientRequestToken"), "UpdateStack"):
        return {"StackId": stack.id}
    require_updatable(stack)
    operation = _operation(region, members, "update", stack)
    _, anything = comparing.changes(region, stack, parse(operation.template), operation.parameters)
    if not anything:
        raise refuse("No updates are to be performed.")
    use_token(stack, members.get("ClientRequestToken"), "UpdateStack")
    engine.start(region, stack, operation, "UPDATE_IN_PROGRESS")
    return {"StackId": stack.id}


@CLOUDFORMATION.operation("DeleteStack", "StackName RoleARN ClientRequestToken")
def delete_stack(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Delete a stack; one that does not exist is no error."""
    stack = find_stack(region, members["StackName"])
    if stack is None or stack.status in ("DELETE_COMPLETE", "DELETE_IN_PROGRESS"):
        return {}
    if stack.status.endswith("_IN_PROGRESS") and stack.status != "REVIEW_IN_PROGRESS":
        raise refuse(f"Stack [{stack.name}] cannot be deleted while in status {stack.status}")
    use_token(stack, members.get("ClientRequestToken"), "DeleteStack")
    due = region.now + region.timings.stack_begin
    token = members.get("ClientRequestToken")
    operation = Operation("delete", "begin-delete", due, stack.template, stack.parameters, token)
    engine.start(region, stack, operation, "DELETE_IN_PROGRESS")
    return {}


@CLOUDFORMATION.operation("CancelUpdateStack", "StackName ClientRequestToken")
def cancel_update_stack(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Turn an update that is under way back; sent again with the same token, it has no further effect."""
    stack = stack_at(region, members["StackName"])
    token = members.get("ClientRequestToken")
    if repeated(stack, token, "CancelUpdateStack"):
        return {}
    if stack.status != "UPDATE_IN_PROGRESS" or stack.operation is None:
        raise refuse("CancelUpdateStack cannot be called from current stack status")
    use_token(stack, token, "CancelUpdateStack")
    if stack.operation.failure is None:
        stack.operation.failure = "User Initiated"
    return {}


@CLOUDFORMATION.operation("ContinueUpdateRollback", "StackName ResourcesToSkip RoleARN ClientRequestToken")
def continue_update_rollback(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Try a failed rollback again, leaving out the resources to skip; the same token again has no further effect."""
    stack = stack_at(region, members["StackName"])
    if repeated(stack, members.get("ClientRequestToken"), "ContinueUpdateRollback"):
        return {}
    if stack.status != "UPDATE_ROLLBACK_FAILED" or stack.operation is None:
        raise refuse(f"Stack:{stack.id} is in {stack.status} state and can not continue update rollback.")
    skipped = members.get("ResourcesToSkip", [])
    failed = {step.logical for step in stack.operation.steps.values() if step.phase == "failed"}
    if set(skipped) - failed:
        raise refuse(f"ResourcesToSkip must name resources that failed: [{', '.join(sorted(failed))}]")
    use_token(stack, members.get("ClientRequestToken"), "ContinueUpdateRollback")
    engine.resume_rollback(region, stack, skipped)
    return {}


def new_stack(region: "Region", name: str) -> Stack:
    """Add an empty stack."""
    if len(region.cloudformation.live()) >= MOST_STACKS:
        raise AwsError("LimitExceededException", f"Limit for stack has been exceeded: {MOST_STACKS}")
    stack = Stack(region.arn("cloudformation", f"stack/{name}/{uuid.uuid4()}"), name, region.now)
    region.cloudformation.stacks[stack.id] = stack
    set_stack_status(region, stack, "REVIEW_IN_PROGRESS", "User Initiated")
    return stack


def require_updatable(stack: Stack) -> None:
    """Refuse unless the stack has reached an end from which it can be updated."""
    if stack.status not in FINAL_UPDATABLE:
        raise refuse(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def repeated(stack: Stack, token: str | None, purpose: str) -> bool:
    """Tell whether a request with this token was carried out before, so that sending it again changes nothing."""
    return token is not None and stack.tokens.get(token) == purpose


def use_token(stack: Stack, token: str | None, purpose: str) -> None:
    """Remember a client request token; refuse one that was used for something else."""
    if token is None:
        return
    if stack.tokens.get(token, purpose) != purpose:
        raise AwsError("TokenAlreadyExistsException", f"ClientRequestToken {token} has been used already")
    stack.tokens[token] = purpose


def _operation(region: "Region", members: dict[str, Any], kind: str, stack: Stack | None) -> Operation:
    template = parse(template_text(region, members, stack.template if stack else None))
    capabilities = members.get("Capabilities", [])
    check_capabilities(template, capabilities)
    role = members.get("RoleARN", stack.role_arn if stack else None)
    check_role(region, role)
    given = parameters_given(members, stack.parameters if stack else {})
    return Operation(
        kind=kind,
        phase="begin",
        due=region.now + region.timings.stack_begin,
        template=template.text,
        parameters=parameter_values(template, given),
        token=members.get("ClientRequestToken"),
        role_arn=role,
        tags=tags_given(members, stack.tags if stack else {}),
        capabilities=capabilities,
    )
