"""Moves the stacks of one region through time.

    create   CREATE_IN_PROGRESS → CREATE_COMPLETE
             failure: ROLLBACK_IN_PROGRESS → ROLLBACK_COMPLETE (or ROLLBACK_FAILED)
    update   UPDATE_IN_PROGRESS → UPDATE_COMPLETE_CLEANUP_IN_PROGRESS → UPDATE_COMPLETE
             failure: UPDATE_ROLLBACK_IN_PROGRESS → UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
             → UPDATE_ROLLBACK_COMPLETE (or UPDATE_ROLLBACK_FAILED)
    delete   DELETE_IN_PROGRESS → DELETE_COMPLETE (or DELETE_FAILED)

Each look at an operation does what can be done at that moment and says when to look again.
"""

import dataclasses
from typing import TYPE_CHECKING

from deploy_engine.local_aws.cloudformation import applying, change_sets, drift, undoing
from deploy_engine.local_aws.cloudformation.journal import set_stack_status
from deploy_engine.local_aws.cloudformation.scope import StackScope, importers
from deploy_engine.local_aws.cloudformation.state import Operation, Stack
from deploy_engine.local_aws.cloudformation.template import parse
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

SHORTEST_POLL = 0.001


def next_due(region: "Region") -> float | None:
    """Return the moment of the next look at an operation or change set, or None."""
    moments = []
    for stack in region.cloudformation.stacks.values():
        if stack.operation is not None:
            moments.append(stack.operation.due)
        moments += [item.until for item in stack.change_sets.values() if item.until is not None]
        moments += [item.until for item in stack.detections.values() if item.until is not None]
    return min(moments, default=None)


def step(region: "Region", now: float) -> None:
    """Do everything that is due at ``now``."""
    for stack in list(region.cloudformation.stacks.values()):
        for change_set in stack.change_sets.values():
            if change_set.until is not None and change_set.until <= now:
                change_sets.work_out(region, stack, change_set)
        for detection in stack.detections.values():
            if detection.until is not None and detection.until <= now:
                drift.finish(region, stack, detection)
        operation = stack.operation
        if operation is not None and operation.due <= now:
            operation.due = now + max(region.timings.stack_poll, SHORTEST_POLL)
            _PHASES[operation.phase](region, stack, operation)


def start(region: "Region", stack: Stack, operation: Operation, status: str) -> None:
    """Put an operation in motion.

    A stack that is being created has its template from the beginning; one that is being updated keeps the old one
    until the update has succeeded.
    """
    stack.operation = operation
    if operation.kind == "create":
        _adopt(stack, operation)
    else:
        stack.updated = region.now
    set_stack_status(region, stack, status, "User Initiated")


def resume_rollback(region: "Region", stack: Stack, skipped: list[str]) -> None:
    """Try a failed rollback again, leaving out ``skipped``."""
    operation = stack.operation
    if operation is None:
        raise AwsError("ValidationError", f"Stack [{stack.name}] has no rollback to continue")
    set_stack_status(region, stack, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
    for item in operation.steps.values():
        if item.phase == "failed":
            if item.logical in skipped:
                undoing.skip(region, stack, item)
            else:
                item.phase = "waiting"
    operation.due = region.now + region.timings.stack_begin


def _begin(region: "Region", stack: Stack, operation: Operation) -> None:
    try:
        applying.begin(region, stack, operation)
    except AwsError as error:
        operation.failure = error.message
        _turn_back(region, stack, operation)
        return
    operation.phase = "apply"
    _apply(region, stack, operation)


def _apply(region: "Region", stack: Stack, operation: Operation) -> None:
    if not applying.advance(region, stack, operation):
        return
    if operation.failure is None:
        try:
            _settle_outputs(region, stack, operation)
        except AwsError as error:
            operation.failure = error.message
    if operation.failure is not None:
        _turn_back(region, stack, operation)
        return
    _adopt(stack, operation)
    if operation.kind == "create":
        _end(region, stack, "CREATE_COMPLETE")
        return
    set_stack_status(region, stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    unwanted = [stack.resources.pop(name) for name in list(stack.resources) if name not in operation.steps]
    replaced = [item.before for item in operation.steps.values() if item.effect == "replaced" and item.before]
    unwanted += [dataclasses.replace(item, retain_on_delete=item.retain_on_replace) for item in replaced]
    undoing.begin_deleting(operation, unwanted, "cleanup")
    _cleanup(region, stack, operation)


def _cleanup(region: "Region", stack: Stack, operation: Operation) -> None:
    if undoing.delete(region, stack, operation):
        _end(region, stack, "UPDATE_COMPLETE")


def _turn_back(region: "Region", stack: Stack, operation: Operation) -> None:
    if operation.kind == "create":
        set_stack_status(region, stack, "ROLLBACK_IN_PROGRESS", f"{operation.failure}Rollback requested by user.")
        resources = [
            dataclasses.replace(item, retain_on_delete=False) for item in stack.resources.values() if item.physical
        ]
        undoing.begin_deleting(operation, resources, "rollback-create")
        return
    set_stack_status(region, stack, "UPDATE_ROLLBACK_IN_PROGRESS", operation.failure)
    undoing.begin_restoring(operation)


def _rollback_create(region: "Region", stack: Stack, operation: Operation) -> None:
    if undoing.delete(region, stack, operation):
        failed = undoing.failed_deletions(operation)
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(failed)}]."
            _end(region, stack, "ROLLBACK_FAILED", reason)
            return
        stack.resources = {}
        _end(region, stack, "ROLLBACK_COMPLETE")


def _rollback(region: "Region", stack: Stack, operation: Operation) -> None:
    if not undoing.restore(region, stack, operation):
        return
    failed = sorted(item.logical for item in operation.steps.values() if item.phase == "failed")
    if failed:
        operation.due = float("inf")
        reason = f"The following resource(s) failed to update: [{', '.join(failed)}]."
        set_stack_status(region, stack, "UPDATE_ROLLBACK_FAILED", reason)
        return
    set_stack_status(region, stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    operation.phase = "rollback-cleanup"
    _rollback_cleanup(region, stack, operation)


def _rollback_cleanup(region: "Region", stack: Stack, operation: Operation) -> None:
    if undoing.delete(region, stack, operation):
        _end(region, stack, "UPDATE_ROLLBACK_COMPLETE")


def _begin_delete(region: "Region", stack: Stack, operation: Operation) -> None:
    for output in stack.outputs:
        users = importers(region, output.export) if output.export else []
        if users:
            reason = f"Export {output.export} cannot be deleted as it is in use by {' and '.join(users)}"
            _end(region, stack, "DELETE_FAILED", reason)
            return
    undoing.begin_deleting(operation, list(stack.resources.values()), "delete")
    _delete(region, stack, operation)


def _delete(region: "Region", stack: Stack, operation: Operation) -> None:
    if not undoing.delete(region, stack, operation):
        return
    done = {item.resource.logical for item in operation.deletions if item.phase == "done"}
    stack.resources = {name: item for name, item in stack.resources.items() if name not in done}
    if stack.resources:
        failed = ", ".join(undoing.failed_deletions(operation))
        _end(region, stack, "DELETE_FAILED", f"The following resource(s) failed to delete: [{failed}].")
        return
    stack.outputs, stack.imports, stack.change_sets = [], frozenset(), {}
    stack.deleted = region.now
    _end(region, stack, "DELETE_COMPLETE")


def _settle_outputs(region: "Region", stack: Stack, operation: Operation) -> None:
    """Work out outputs and imports; refuse to take away or change what others import, or to export a taken name."""
    template = parse(operation.template)
    scope = StackScope(region, stack, template, operation.parameters)
    outputs = scope.outputs()
    for definition in scope.wanted().values():
        scope.properties(definition)
    after = {output.export: output.value for output in outputs if output.export}
    for output in stack.outputs:
        users = importers(region, output.export) if output.export else []
        if users and after.get(output.export or "") != output.value:
            verb = "updated" if output.export in after else "deleted"
            raise AwsError(
                "ValidationError", f"Export {output.export} cannot be {verb} as it is in use by {' and '.join(users)}"
            )
    for other in region.cloudformation.live():
        taken = sorted(item.export for item in other.outputs if item.export in after and other is not stack)
        if taken:
            raise AwsError("ValidationError", f"Export with name {taken[0]} is already exported by stack {other.name}.")
    stack.outputs, stack.imports = outputs, frozenset(scope.imported)


def _adopt(stack: Stack, operation: Operation) -> None:
    stack.template, stack.parameters = operation.template, operation.parameters
    stack.tags, stack.capabilities, stack.role_arn = operation.tags, operation.capabilities, operation.role_arn


def _end(region: "Region", stack: Stack, status: str, reason: str | None = None) -> None:
    set_stack_status(region, stack, status, reason)
    executed = stack.change_sets.get(stack.executed_change_set or "")
    if executed is not None and executed.execution_status == "EXECUTE_IN_PROGRESS":
        good = status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        executed.execution_status = "EXECUTE_COMPLETE" if good else "EXECUTE_FAILED"
    stack.operation = None


_PHASES = {
    "begin": _begin,
    "apply": _apply,
    "cleanup": _cleanup,
    "rollback": _rollback,
    "rollback-cleanup": _rollback_cleanup,
    "rollback-create": _rollback_create,
    "begin-delete": _begin_delete,
    "delete": _delete,
}
