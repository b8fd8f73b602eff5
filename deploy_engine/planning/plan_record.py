"""The full record of a plan as plain JSON values: what the journal keeps and a deployment is run from."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from deploy_engine.planning.plan import Plan

_ADAPTER: TypeAdapter[Plan] = TypeAdapter(Plan)


def plan_to_record(plan: Plan) -> dict[str, Any]:
    """Everything in the plan as JSON values; the inverse of :func:`plan_from_record`."""
    record: dict[str, Any] = _ADAPTER.dump_python(plan, mode="json")
    return record


def plan_from_record(record: dict[str, Any]) -> Plan:
    """The plan that was recorded; raises pydantic's ``ValidationError`` for a record that is none."""
    return _ADAPTER.validate_python(record)
