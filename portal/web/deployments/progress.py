"""How far the loads of a deployment are, from what the observer last saw of DMS: for `components/meter.html`."""

from __future__ import annotations

from dataclasses import dataclass

from deploy_engine.planning import Load
from portal.templatetags.sluice import thousands
from replication.models import TableEntry
from replication.selectors.health import TableState, table_state, table_status_of, task_status_of

WHOLE, ALMOST = 100, 99


@dataclass(frozen=True)
class LoadMeter:
    """One table's load. DMS counts rows by table and per cent by task: `percent` is the task's while it reads."""

    label: str
    words: str
    percent: int
    tone: str

    @property
    def ended(self) -> bool:
        """Whether nothing more will come: loaded, or given up."""
        return self.percent == WHOLE or self.tone == "bad"


def load_meter(load: Load, entry: TableEntry | None, *, begun: bool = True) -> LoadMeter:
    """How far the load of one table is; `entry` with `status` and `task.status` joined, None once it is replaced.

    Until the deployment has `begun` to load, what DMS says of the table is about the version before.
    """
    if entry is None or entry.version != load.version:
        return LoadMeter(load.table, "no longer in the config", WHOLE, "neutral")
    if not begun:
        return LoadMeter(load.table, "0 %, not begun", 0, "progress")
    status = table_status_of(entry)
    state = table_state(entry)
    rows = thousands(status.full_load_rows) if status is not None else "0"
    if state is TableState.STREAMING:
        return LoadMeter(load.table, f"100 %, {rows} rows", WHOLE, "good")
    if state is TableState.FAILED:
        return LoadMeter(load.table, f"DMS says: {status.state if status else ''}", 0, "bad")
    if state is TableState.LOADING:
        task = task_status_of(entry.task)
        percent = min(task.full_load_percent if task is not None else 0, ALMOST)
        return LoadMeter(load.table, f"{percent} %, {rows} rows so far", percent, "progress")
    return LoadMeter(load.table, "0 %, not begun", 0, "progress")
