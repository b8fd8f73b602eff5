"""Full loads and changes of a running task, as functions of time.

``MaxFullLoadSubTasks`` tables load at once, each at the rate of `Timings`. A load file appears when it is full or
the table ends; change files appear at the endpoint's ``CdcMaxBatchInterval``.
"""

import json
import math
from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms import lake
from deploy_engine.local_aws.dms.catalogue import invented_rows
from deploy_engine.local_aws.dms.state import (
    BEFORE_LOAD,
    COMPLETED,
    FULL_LOAD,
    TABLE_ERROR,
    UNFINISHED,
    TableRun,
    Task,
)

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

DEFAULT_SUB_TASKS = 8
DEFAULT_BATCH_SECONDS = 60
QUIET_STEPS = (1, 2, 5, 20)
"""A table has changes in every batch, every second, fifth or twentieth one."""


def sub_tasks(task: Task) -> int:
    """Return how many tables the task loads at once."""
    settings = json.loads(task.settings) if task.settings else {}
    return int(settings.get("FullLoadSettings", {}).get("MaxFullLoadSubTasks", DEFAULT_SUB_TASKS))


def advance_loads(region: "Region", task: Task, now: float) -> None:
    """Move every load of a running task to ``now``: files, ends, and the tables that come next."""
    for table in task.tables.values():
        if table.state == FULL_LOAD:
            _advance_load(region, task, table, now)
    busy = sum(table.state == FULL_LOAD for table in task.tables.values())
    waiting = [table for table in task.tables.values() if table.state == BEFORE_LOAD]
    waiting.sort(key=lambda table: (-table.load_order, table.schema, table.table))
    for table in waiting:
        if busy >= sub_tasks(task):
            break
        _begin_load(region, task, table, now)
        busy += table.state == FULL_LOAD
    unfinished = any(table.state in UNFINISHED for table in task.tables.values())
    if not unfinished and task.load_started is not None and task.load_ended is None:
        task.load_ended = now


def next_load_event(region: "Region", task: Task) -> float | None:
    """Return when the next load file is full or the next table ends."""
    loading = [table for table in task.tables.values() if table.state == FULL_LOAD]
    return min((_file_due(region, table, table.files + 1) for table in loading), default=None)


def rows_loaded(region: "Region", task: Task, table: TableRun, now: float) -> int:
    """Return the rows of a table that have been loaded up to ``now``."""
    if table.state == COMPLETED:
        return table.rows if task.migration_type != "cdc" else 0
    if table.state != FULL_LOAD or table.load_started is None or task.status not in ("running", "stopping"):
        return 0
    seconds = now - table.load_started - region.timings.table_begin
    return max(0, min(table.rows, int(seconds * region.timings.rows_per_second)))


def write_changes(region: "Region", task: Task, now: float) -> None:
    """Count the changes of one batch, and write a file for each table that had any."""
    endpoint = region.dms.endpoints[task.target_arn]
    task.change_number += 1
    task.checkpoint = f"checkpoint:V1#{task.change_number}#synthetic:{int(now)}:-1:0:0:0#0#0#*#0#0"
    for table in task.tables.values():
        liveliness = invented_rows(table.schema, table.table)
        if table.state != COMPLETED or task.change_number % QUIET_STEPS[liveliness % len(QUIET_STEPS)]:
            continue
        inserts, updates, deletes = 1 + liveliness % 40, liveliness % 25, liveliness % 3
        table.inserts, table.updates, table.deletes = (
            table.inserts + inserts,
            table.updates + updates,
            table.deletes + deletes,
        )
        table.updated = now
        if table.change_files < region.timings.change_files:
            table.change_files += 1
            changes = ["I"] * inserts + ["U"] * updates + ["D"] * deletes
            lake.write_change_file(region, endpoint, table, changes, now)
    task.next_changes = now + batch_seconds(region, task)


def batch_seconds(region: "Region", task: Task) -> float:
    """Return the target endpoint's CdcMaxBatchInterval in seconds."""
    settings = region.dms.endpoints[task.target_arn].settings
    return float(settings.get("CdcMaxBatchInterval", DEFAULT_BATCH_SECONDS))


def _begin_load(region: "Region", task: Task, table: TableRun, now: float) -> None:
    table.load_started, table.updated = now, now
    task.load_started = task.load_started or now
    why = lake.refusal(region, region.dms.endpoints[task.target_arn], table)
    if region.world.faults.for_resource("table-error", f"{task.identifier}/{table.schema}.{table.table}"):
        why = "A fault was asked for."
    if why:
        table.state, table.reason = TABLE_ERROR, why
        task.failure = why
        return
    table.state = FULL_LOAD


def _advance_load(region: "Region", task: Task, table: TableRun, now: float) -> None:
    endpoint = region.dms.endpoints[task.target_arn]
    while table.files < _file_count(region, table) and _file_due(region, table, table.files + 1) <= now:
        table.files += 1
        lake.write_load_file(region, endpoint, table, table.files, now)
    if _file_due(region, table, _file_count(region, table)) <= now:
        table.state, table.load_ended = COMPLETED, now
    table.updated = now


def _file_count(region: "Region", table: TableRun) -> int:
    return math.ceil(table.rows / region.timings.rows_per_file)


def _file_due(region: "Region", table: TableRun, number: int) -> float:
    """Return when file ``number`` is full, or when the table ends if that comes first."""
    rows = min(number * region.timings.rows_per_file, table.rows)
    started = table.load_started or 0.0
    return started + region.timings.table_begin + rows / region.timings.rows_per_second
