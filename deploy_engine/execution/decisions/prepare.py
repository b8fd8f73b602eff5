"""PREPARE: before any task is stopped CloudFormation says what the update would do, and the plan must say the same."""

from __future__ import annotations

from datetime import datetime

from deploy_engine.diffing import template_sha256
from deploy_engine.execution.calls import CreateChangeSet, DeleteChangeSet, DeleteStack, PutTemplate
from deploy_engine.execution.decision import Act, Decision, Move, Wait
from deploy_engine.execution.decisions.giving_up import abort, may_be_cancelled, refused
from deploy_engine.execution.facts import (
    UNCHANGED,
    base_sha256,
    changes_run_states_only,
    current_step,
    is_target,
    template_key,
    token,
    waited,
)
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import ChangeSetView, DeploymentRecord, ResourceChange
from deploy_engine.execution.states import State, Why
from deploy_engine.live import StackView
from deploy_engine.planning import Resources

PUT = "template-put"
CREATED = "change-set-created"


def prepare(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    if may_be_cancelled(record):
        return abort("it was cancelled")
    if changes_run_states_only(record):
        return _already_deployed(record)
    stack = observed.stack
    if stack is not None and stack.in_progress:
        return _wait(record, now, limits, f"Waiting for CloudFormation to finish with {stack.name} ({stack.status})")
    if is_target(stack, current_step(record)):
        return _already_deployed(record)
    return _not_updatable(record, stack, limits) or _change_set(record, observed.change_set, now, limits)


def _wait(record: DeploymentRecord, now: datetime, limits: Limits, message: str) -> Decision:
    if waited(record, now) > limits.prepare_deadline:
        return abort(f"CloudFormation took longer than {limits.prepare_deadline / 60:.0f} minutes to prepare")
    return Wait(limits.poll, message)


def _already_deployed(record: DeploymentRecord) -> Decision:
    """Somebody, perhaps this very deployment, was here before: only run states are left to be moved."""
    step = current_step(record)
    if any(task in step.stay_stopped for task in step.pause):
        return Move(State.GUARD, "The stack needs no update", remember={UNCHANGED: "yes"})
    return Move(State.RESUME, "The stack needs no update", why=Why.GO, remember={UNCHANGED: "yes"})


def _not_updatable(  # noqa: PLR0911 one obstacle after the other
    record: DeploymentRecord, stack: StackView | None, limits: Limits
) -> Decision | None:
    """What must be out of the way first; None where the stack can be given a change set."""
    name = record.plan.stack
    if record.step == 0 and record.plan.first_deployment:
        if stack is None or stack.status == "REVIEW_IN_PROGRESS":
            return None
        if not stack.never_succeeded:
            return abort(f"{name} exists already ({stack.status})")
        reason = refused(record, name, limits)
        if reason:
            return abort(f"the remains of {name} cannot be deleted: {reason}")
        return Act(DeleteStack(name, token(record)))
    if stack is None:
        return abort(f"{name} does not exist any more")
    if not stack.updatable:
        return abort(f"{name} cannot be updated ({stack.status})", stack.status_reason)
    if template_sha256(stack.template) != base_sha256(record):
        return abort(f"{name} was changed by somebody else since the plan was made")
    return None


def _change_set(record: DeploymentRecord, change_set: ChangeSetView | None, now: datetime, limits: Limits) -> Decision:
    if change_set is None:
        return _create(record, now, limits)
    if change_set.no_changes:
        gone = DeleteChangeSet(record.plan.stack, change_set.name)
        return Act(gone, remember={UNCHANGED: "yes"})
    if change_set.status == "FAILED":
        return abort("CloudFormation refuses the template", change_set.reason)
    if change_set.status != "CREATE_COMPLETE":
        return _wait(record, now, limits, "Waiting for CloudFormation to say what the update does")
    surprises = unannounced(change_set, current_step(record).resources)
    if surprises:
        return abort(f"CloudFormation would do what the plan does not say: {'; '.join(surprises)}")
    count = len(change_set.changes)
    resources = "1 resource" if count == 1 else f"{count} resources"
    return Move(State.GUARD, f"CloudFormation would do what the plan says ({resources})")


def _create(record: DeploymentRecord, now: datetime, limits: Limits) -> Decision:
    plan, key, name = record.plan, template_key(record), token(record)
    put = PutTemplate(plan.templates_bucket, key, current_step(record).template)
    for target in (put.target, name):
        reason = refused(record, target, limits)
        if reason:
            return abort("the change set cannot be made", reason)
    if PUT not in record.memory:
        return Act(put, remember={PUT: "yes"})
    if CREATED in record.memory and not _long_ago(record.memory[CREATED], now, limits):
        return Wait(limits.poll, "Waiting for CloudFormation to show the change set")
    first = plan.first_deployment and record.step == 0
    create = CreateChangeSet(plan.stack, name, plan.templates_bucket, key, first, name)
    return Act(create, remember={CREATED: now.isoformat()})


def _long_ago(moment: str, now: datetime, limits: Limits) -> bool:
    return (now - datetime.fromisoformat(moment)).total_seconds() > limits.settle


def unannounced(change_set: ChangeSetView, announced: Resources) -> tuple[str, ...]:
    """What a change set would do beyond the plan, in words.

    The one thing let through is a change in place of something that is not DMS's own: CloudFormation lists what depends
    on a changed resource (an alarm on a task), which harms nothing.
    """
    return tuple(_words(change) for change in change_set.changes if not _expected(change, announced))


def _expected(change: ResourceChange, announced: Resources) -> bool:
    in_place = change.replacement in {"", "False"}
    if change.action == "Modify":
        if not in_place and change.logical_id not in announced.replace:
            return False
        harmless = in_place and not change.resource_type.startswith("AWS::DMS::")
        return harmless or change.logical_id in announced.modify
    if change.action == "Add":
        return change.logical_id in announced.add
    return change.action == "Remove" and change.logical_id in announced.remove


def _words(change: ResourceChange) -> str:
    verb = "replace" if change.replacement in {"True", "Conditional"} else change.action.lower()
    return f"{verb} {change.logical_id} ({change.resource_type})"
