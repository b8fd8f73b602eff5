"""The forward half of an operation: every resource is created, modified or replaced as soon as what it needs is there.

All that can begin begins at once, and is then waited for together. The first failure stops new beginnings; what is
under way is waited for; then the whole is undone (`undoing.py`).
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from deploy_engine.local_aws.cloudformation import permitted
from deploy_engine.local_aws.cloudformation.comparing import replaces
from deploy_engine.local_aws.cloudformation.journal import in_words, set_resource_status
from deploy_engine.local_aws.cloudformation.resources import RESOURCE_TYPES
from deploy_engine.local_aws.cloudformation.resources.base import Place
from deploy_engine.local_aws.cloudformation.resources.dms_calls import settle_tags
from deploy_engine.local_aws.cloudformation.scope import StackScope
from deploy_engine.local_aws.cloudformation.state import Operation, Stack, StackResource, Step
from deploy_engine.local_aws.cloudformation.template import ResourceDefinition, parse
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

CANCELLED = {"created": "Resource creation cancelled", "modified": "Resource update cancelled"}


def scope_of(region: "Region", stack: Stack, operation: Operation) -> StackScope:
    """Return the scope of the operation's template; resources whose turn has not come are unknown."""
    pending = frozenset(name for name, step in operation.steps.items() if step.phase != "done")
    return StackScope(region, stack, parse(operation.template), operation.parameters, pending)


def begin(region: "Region", stack: Stack, operation: Operation) -> None:
    """Lay out one step per resource of the template."""
    template = parse(operation.template)
    wanted = StackScope(region, stack, template, operation.parameters).wanted()
    operation.steps = {name: Step(name, before=stack.resources.get(name)) for name in wanted}


def advance(region: "Region", stack: Stack, operation: Operation) -> bool:
    """Do what can be done now; return whether the forward half is over, well or badly."""
    definitions = parse(operation.template).resources
    for step in operation.steps.values():
        if step.phase in ("started", "cancelled"):
            _look(region, stack, operation, step)
    while operation.failure is None and (ready := _next_ready(operation, definitions)) is not None:
        _start(region, stack, operation, ready, definitions[ready.logical])
    if operation.failure is not None:
        _cancel_others(region, stack, operation)
        return not any(step.phase == "cancelled" for step in operation.steps.values())
    return all(step.phase == "done" for step in operation.steps.values())


def _next_ready(operation: Operation, definitions: dict[str, ResourceDefinition]) -> Step | None:
    """Return a step that waits for nothing any more."""
    steps = operation.steps
    for step in steps.values():
        needs = definitions[step.logical].depends
        if step.phase == "waiting" and all(steps[name].phase == "done" for name in needs if name in steps):
            return step
    return None


def _start(region: "Region", stack: Stack, operation: Operation, step: Step, definition: ResourceDefinition) -> None:
    kind = RESOURCE_TYPES[definition.kind]
    before = step.before
    resource = StackResource(
        logical=definition.logical,
        kind=definition.kind,
        physical=before.physical if before else "",
        properties=before.properties if before else {},
        depends=definition.depends,
        status="CREATE_IN_PROGRESS",
        updated=region.now,
        retain_on_delete=definition.retain_on_delete,
        retain_on_replace=definition.retain_on_replace,
    )
    verb = "CREATE" if before is None else "UPDATE"
    try:
        properties = kind.checked(definition.logical, scope_of(region, stack, operation).properties(definition))
        if before is not None and properties == before.properties:
            resource.status, resource.updated = before.status, before.updated
            stack.resources[step.logical] = resource
            step.phase = "done"
            return
        step.started = region.now
        set_resource_status(region, stack, resource, f"{verb}_IN_PROGRESS")
        if region.world.faults.for_resource("fail-stack-update", f"{stack.name}/{step.logical}"):
            raise AwsError("InternalFailure", "A fault was asked for.")  # noqa: TRY301 - handled as any refusal is
        permitted.check(region, operation.role_arn, definition.kind, "create" if before is None else "update")
        place = Place(stack.name, step.logical, operation.tags)
        if before is None:
            resource.physical = kind.create(region, place, properties)
            step.effect = "created"
        elif replaces(definition.kind, before.properties, properties):
            reason = "Requested update requires the creation of a new physical resource; hence creating one."
            set_resource_status(region, stack, resource, "UPDATE_IN_PROGRESS", reason)
            resource.physical = kind.create(region, place, properties)
            step.effect = "replaced"
        else:
            kind.update(region, before.physical, before.properties, properties)
            settle_tags(region, before.physical, operation.tags, properties)
            step.effect = "modified"
    except (AwsError, ClientError) as error:
        _fail(region, stack, operation, step, resource=before or resource, reason=in_words(definition.kind, error))
        return
    resource.properties = properties
    stack.resources[step.logical] = resource
    if step.effect != "modified":
        set_resource_status(region, stack, resource, f"{verb}_IN_PROGRESS", "Resource creation Initiated")
    step.phase = "started"


def _look(region: "Region", stack: Stack, operation: Operation, step: Step) -> None:
    resource = stack.resources[step.logical]
    verb = "CREATE" if step.effect == "created" else "UPDATE"
    try:
        settled = RESOURCE_TYPES[resource.kind].settled(region, resource.physical)
    except (AwsError, ClientError) as error:
        _fail(region, stack, operation, step, resource=resource, reason=in_words(resource.kind, error))
        return
    if not settled or region.now < step.started + region.timings.stack_poll:
        return
    if step.phase == "started":
        set_resource_status(region, stack, resource, f"{verb}_COMPLETE")
    step.phase = "done" if step.phase == "started" else "failed"


def _fail(
    region: "Region", stack: Stack, operation: Operation, step: Step, *, resource: StackResource, reason: str
) -> None:
    verb = "CREATE" if step.before is None else "UPDATE"
    step.phase = "failed"
    if step.before is None:
        stack.resources[step.logical] = resource
    set_resource_status(region, stack, resource, f"{verb}_FAILED", reason)
    if operation.failure is None:
        noun = "create" if step.before is None else "update"
        operation.failure = f"The following resource(s) failed to {noun}: [{step.logical}]. "


def _cancel_others(region: "Region", stack: Stack, operation: Operation) -> None:
    for step in operation.steps.values():
        if step.phase == "started":
            resource = stack.resources[step.logical]
            verb = "CREATE" if step.effect == "created" else "UPDATE"
            reason = CANCELLED["created" if step.effect == "created" else "modified"]
            set_resource_status(region, stack, resource, f"{verb}_FAILED", reason)
            step.phase = "cancelled"
