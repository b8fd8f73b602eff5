"""Which task is started next, and which way a deployment goes: shared by looking and deciding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from deploy_engine.execution.facts import current_step, is_target
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import State, Why
from deploy_engine.live import StackView, TaskView

BLOCKED = "blocked:"
"""Before a task's name: why it was not started when it was last looked at."""


CONTINUED = "step.rollback-continued"
"""Remembers which asking to go on with the rollback was answered."""

ROLLBACK_FAILED = "UPDATE_ROLLBACK_FAILED"


def rollback_asked(record: DeploymentRecord, stack: StackView | None) -> bool:
    """Whether a person has asked for the failed rollback to go on, and that asking is not answered yet."""
    asked = record.rollback_requested_at
    if record.state is not State.STUCK or asked is None or stack is None or stack.status != ROLLBACK_FAILED:
        return False
    return record.memory.get(CONTINUED) != asked.isoformat()


def direction(record: DeploymentRecord, stack: StackView | None) -> Why:
    """Forward or back. Where a person mended a stuck stack, what is deployed now tells, not what was intended."""
    if record.state is State.STUCK and is_target(stack, current_step(record)):
        return Why.GO
    return record.why


def next_to_start(record: DeploymentRecord, names: Iterable[str], tasks: Mapping[str, TaskView]) -> TaskView | None:
    """The first task at rest that should run and has not been found blocked in this round."""
    for name in names:
        if name in tasks and tasks[name].at_rest and f"{BLOCKED}{name}" not in record.memory:
            return tasks[name]
    return None
