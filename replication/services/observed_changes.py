"""What changed in AWS between two looks, told to the record: states of tasks, and of tables.

The first sight of a task or table tells nothing: nobody knows what it was before. Only changes of state are told, never
counts, so that a quiet night leaves a quiet record. What failed has a kind of its own: whoever looks for failures in a
month finds them by the index of kinds.
"""

from __future__ import annotations

from typing import Any

from replication.choices import AuditKind
from replication.models import TableEntry, Task
from replication.services.audit import audit_write

_ABSENT = "not there"
_LONGEST_REASON = 300
_TASK_FAILED = "failed"
_TABLE_FAILED = ("Table error", "Table cancelled")


def task_state_tell(*, task: Task, before: str, values: dict[str, Any]) -> None:
    """One task went from one of DMS's states to another."""
    after = str(values["state"])
    if before == after:
        return
    why = str(values.get("failure") or values.get("stop_reason") or "") if after in ("stopped", "failed") else ""
    name = f"{task.setup.team.slug}-{task.name}"
    audit_write(
        actor=None,
        kind=AuditKind.TASK_FAILED if after == _TASK_FAILED else AuditKind.TASK_STATE_CHANGED,
        environment=task.setup.environment,
        team=task.setup.team,
        subject=task,
        sentence=f"Task {name} was {before or _ABSENT} and is {after or _ABSENT}.{_because(why)}",
        data={"task": name, "from": before, "to": after},
    )


def table_state_tell(*, entry: TableEntry, task: Task, before: str, values: dict[str, Any]) -> None:
    """One table went from one of DMS's states to another."""
    after = str(values["state"])
    if before == after:
        return
    name = f"{task.setup.team.slug}-{task.name}"
    rows = int(values.get("full_load_rows") or 0)
    loaded = f" {rows:,} rows were loaded." if after == "Table completed" and rows else ""
    audit_write(
        actor=None,
        kind=AuditKind.TABLE_FAILED if after in _TABLE_FAILED else AuditKind.TABLE_STATE_CHANGED,
        environment=task.setup.environment,
        team=task.setup.team,
        subject=entry,
        table=entry.identity,
        sentence=(
            f"{entry.identity} {entry.version} in {name} was “{before or _ABSENT}” and is “{after or _ABSENT}”.{loaded}"
        ),
        data={"task": name, "version": entry.version, "from": before, "to": after, "rows": rows},
    )


def _because(why: str) -> str:
    return f" DMS says: {why[:_LONGEST_REASON]}" if why else ""
