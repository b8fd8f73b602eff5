"""A deployment's record as plain JSON values, so that every journal keeps it whole and the same way.

The plan is kept beside it: it may be a megabyte, and changes at most once, while the record changes with every tick.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from deploy_engine.execution.ports import DeploymentRecord, Intent
from deploy_engine.planning import Plan

_ADAPTER: TypeAdapter[DeploymentRecord] = TypeAdapter(DeploymentRecord)


def record_to_json(record: DeploymentRecord) -> dict[str, Any]:
    """Everything in the record but its plan."""
    value: dict[str, Any] = _ADAPTER.dump_python(record, mode="json", exclude={"plan"})
    return value


def record_from_json(value: dict[str, Any], plan: Plan) -> DeploymentRecord:
    """The record that was kept; raises pydantic's ``ValidationError`` for a value that is none."""
    return _ADAPTER.validate_python({**value, "plan": plan})


def with_intent(record: DeploymentRecord, intent: Intent) -> DeploymentRecord:
    """The record once ``intent`` is written down: what ``Journal.intend`` commits."""
    return replace(record, pending=intent, intents=intent.number, epoch=intent.epoch)
