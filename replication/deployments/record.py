"""Between a deployment's row and the engine's record of it.

The record is kept whole, in `Deployment.record`, but for the plan, which is large, changes at most once and has a
column of its own. What pages and queries need is copied into columns beside it.
"""

from __future__ import annotations

from dataclasses import replace

from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.record_json import record_from_json, record_to_json
from deploy_engine.execution.states import State
from deploy_engine.planning import plan_from_record
from replication.choices import DeploymentState
from replication.models import Deployment

ENGINE_COLUMNS = (
    "record",
    "phase",
    "state",
    "step",
    "next_tick_at",
    "paused_since",
    "sentence",
    "attempts",
    "started_at",
    "finished_at",
)
"""What the engine writes at every tick; the plan is apart, and people's wish to cancel is people's."""

_STATES: dict[State, DeploymentState] = {
    State.QUEUED: DeploymentState.QUEUED,
    State.HALF: DeploymentState.HALF,
    State.STUCK: DeploymentState.STUCK,
    State.DONE: DeploymentState.DONE,
    State.FAILED_SAFE: DeploymentState.FAILED_SAFE,
    State.STALE: DeploymentState.REFUSED,
    State.REJECTED: DeploymentState.REFUSED,
}


def state_of_phase(phase: State, *, cancel_requested: bool) -> DeploymentState:
    """How the deployment stands for people when the engine is in `phase`."""
    if phase is State.FAILED_SAFE and cancel_requested:
        return DeploymentState.CANCELLED
    return _STATES.get(phase, DeploymentState.RUNNING)


def record_of(row: Deployment) -> DeploymentRecord:
    """The record that the engine continues from, with what people wrote since: a wish to cancel, an earlier tick."""
    record = record_from_json(row.record, plan_from_record(row.plan or {}))
    return replace(
        record,
        cancel_requested=row.cancel_requested_at is not None,
        rollback_requested_at=row.rollback_requested_at,
        next_tick_at=row.next_tick_at or record.next_tick_at,
    )


def record_apply(row: Deployment, record: DeploymentRecord) -> None:
    """Write the record into the row's fields; the caller saves `ENGINE_COLUMNS`."""
    row.record = record_to_json(record)
    row.phase = record.state.value
    row.state = state_of_phase(record.state, cancel_requested=row.cancel_requested_at is not None)
    row.step = record.step
    row.next_tick_at = None if row.is_finished else record.next_tick_at
    row.paused_since = record.paused_since
    row.sentence = record.message
