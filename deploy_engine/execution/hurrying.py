"""A person asks a deployment that waits for better times to try again now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from deploy_engine.execution.decisions.giving_up import REFUSALS, REFUSED
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.resuming import BLOCKED
from deploy_engine.execution.states import State

LONG_ENOUGH = timedelta(days=1)


def hurried(record: DeploymentRecord, now: datetime) -> DeploymentRecord:
    """HALF has rested long enough; STUCK forgets what it found blocked and refused, and asks AWS once more."""
    if record.state is State.HALF:
        return replace(record, entered_at=now - LONG_ENOUGH, next_tick_at=now)
    kept = {name: value for name, value in record.memory.items() if not name.startswith((BLOCKED, REFUSALS, REFUSED))}
    return replace(record, memory=kept, next_tick_at=now)
