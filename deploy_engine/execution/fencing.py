"""The fence at AWS itself, where an environment's deployer role has it (docs/fence.md).

    Condition: {"StringEquals": {"aws:ResourceTag/sluice-fence": "${aws:PrincipalTag/sluice-fence}"}}

on Stop and Start of tasks. The session bears the deployment's fence as its tag, and so does each task before it is
stopped or started. A deployment's fence changes whenever a call is found whose outcome nobody wrote down: whoever made
it may still be about to make it. The task that it was for gets the new fence before anything else is done, and the
call, should it come late, is refused by AWS.
"""

from __future__ import annotations

from dataclasses import replace

from deploy_engine.execution.calls import StartTask, StopTask, TagTask
from deploy_engine.execution.decision import Act
from deploy_engine.execution.facts import TAG_FENCE, fence_tag
from deploy_engine.execution.ports import AwsHands, DeploymentRecord

_DANGEROUS_LATE = frozenset({StopTask.operation, StartTask.operation})


def raised(record: DeploymentRecord) -> DeploymentRecord:
    """The record with a fence of its own, where a call of the one before may still be under way."""
    return record if record.pending is None else replace(record, epoch=record.epoch + 1)


def shut_out(record: DeploymentRecord, hands: AwsHands) -> Act | None:
    """What must be done before anything else: fence off the task that a call of unknown outcome was for."""
    pending = record.pending
    if pending is None or pending.operation not in _DANGEROUS_LATE:
        return None
    task = hands.tasks([pending.target]).get(pending.target)
    return None if task is None else Act(TagTask(task.name, task.arn, {TAG_FENCE: fence_tag(record)}))
