"""The backward half: restoring what an update changed, and deleting what is no longer wanted.

A resource whose modification was refused was never changed, so its restoring does nothing. One that was modified is
modified back, and that may be refused in turn, for instance because somebody started the task meanwhile: then the
stack is in UPDATE_ROLLBACK_FAILED (`dms-facts.md` section 5).
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from deploy_engine.local_aws.cloudformation import permitted
from deploy_engine.local_aws.cloudformation.journal import in_words, set_resource_status
from deploy_engine.local_aws.cloudformation.resources import RESOURCE_TYPES
from deploy_engine.local_aws.cloudformation.resources.dms_calls import settle_tags
from deploy_engine.local_aws.cloudformation.state import Deletion, Operation, Stack, StackResource, Step
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region


def begin_restoring(operation: Operation) -> None:
    """Turn every step that had an effect into one to undo."""
    operation.phase = "rollback"
    for step in operation.steps.values():
        step.phase = "waiting" if step.phase != "waiting" else "done"


def restore(region: "Region", stack: Stack, operation: Operation) -> bool:
    """Undo what can be undone now; return whether all is restored or has failed."""
    for step in operation.steps.values():
        if step.phase == "waiting":
            _restore(region, stack, operation, step)
        elif step.phase == "started":
            resource = stack.resources[step.logical]
            settled = RESOURCE_TYPES[resource.kind].settled(region, resource.physical)
            if settled and region.now >= step.started + region.timings.stack_poll:
                set_resource_status(region, stack, resource, "UPDATE_COMPLETE")
                step.phase = "done"
    return all(step.phase in ("done", "failed") for step in operation.steps.values())


def skip(region: "Region", stack: Stack, step: Step) -> None:
    """Leave a resource as it is and say that it was restored, as ContinueUpdateRollback does on request."""
    set_resource_status(region, stack, stack.resources[step.logical], "UPDATE_COMPLETE")
    step.phase = "done"


def begin_deleting(operation: Operation, resources: list[StackResource], phase: str) -> None:
    """Go on with deleting ``resources``."""
    operation.phase = phase
    operation.deletions = [Deletion(resource) for resource in resources]


def delete(region: "Region", stack: Stack, operation: Operation) -> bool:
    """Delete what nothing left depends on; return whether no deletion is left to do or to wait for."""
    progressed = True
    while progressed:
        progressed = False
        for deletion in operation.deletions:
            if deletion.phase == "waiting" and not _needed(operation, deletion):
                _delete(region, stack, deletion)
                progressed = True
            elif deletion.phase == "started" and RESOURCE_TYPES[deletion.resource.kind].gone(
                region, deletion.resource.physical
            ):
                set_resource_status(region, stack, deletion.resource, "DELETE_COMPLETE")
                deletion.phase = "done"
                progressed = True
    return not any(deletion.phase == "started" for deletion in operation.deletions)


def failed_deletions(operation: Operation) -> list[str]:
    """Return the resources that could not be deleted."""
    return [item.resource.logical for item in operation.deletions if item.phase in ("failed", "waiting")]


def _restore(region: "Region", stack: Stack, operation: Operation, step: Step) -> None:
    current = stack.resources.get(step.logical)
    before = step.before
    step.phase = "done"
    if before is None:
        if current is not None:
            del stack.resources[step.logical]
            if step.effect == "created":
                operation.deletions.append(Deletion(current))
        return
    if step.effect == "none":
        if current is not None and current.status.endswith("_FAILED"):
            set_resource_status(region, stack, before, "UPDATE_COMPLETE")
        stack.resources[step.logical] = before
        return
    if current is not None and step.effect == "replaced":
        operation.deletions.append(Deletion(current))
        set_resource_status(region, stack, before, "UPDATE_COMPLETE")
        stack.resources[step.logical] = before
        return
    _modify_back(region, stack, step, before)


def _modify_back(region: "Region", stack: Stack, step: Step, before: StackResource) -> None:
    current = stack.resources[step.logical]
    set_resource_status(region, stack, current, "UPDATE_IN_PROGRESS")
    try:
        if region.world.faults.for_resource("fail-stack-rollback", f"{stack.name}/{step.logical}"):
            raise AwsError("InternalFailure", "A fault was asked for.")  # noqa: TRY301 - handled as any refusal is
        RESOURCE_TYPES[current.kind].update(region, current.physical, current.properties, before.properties)
        settle_tags(region, current.physical, stack.tags, before.properties)
    except (AwsError, ClientError) as error:
        set_resource_status(region, stack, current, "UPDATE_FAILED", in_words(current.kind, error))
        step.phase = "failed"
        return
    stack.resources[step.logical] = before
    set_resource_status(region, stack, before, "UPDATE_IN_PROGRESS")
    step.phase, step.started, step.effect = "started", region.now, "none"


def _needed(operation: Operation, deletion: Deletion) -> bool:
    return any(
        deletion.resource.logical in other.resource.depends and other.phase in ("waiting", "started", "failed")
        for other in operation.deletions
        if other is not deletion
    )


def _delete(region: "Region", stack: Stack, deletion: Deletion) -> None:
    resource = deletion.resource
    if resource.retain_on_delete:
        set_resource_status(region, stack, resource, "DELETE_SKIPPED")
        deletion.phase = "done"
        return
    if not resource.physical:
        deletion.phase = "done"
        return
    set_resource_status(region, stack, resource, "DELETE_IN_PROGRESS")
    try:
        permitted.check(region, stack.role_arn, resource.kind, "delete")
        RESOURCE_TYPES[resource.kind].delete(region, resource.physical, resource.properties)
    except (AwsError, ClientError) as error:
        deletion.phase, deletion.reason = "failed", in_words(resource.kind, error)
        set_resource_status(region, stack, resource, "DELETE_FAILED", deletion.reason)
        return
    deletion.phase = "started"
