"""Full loads and changes of a running task, as functions of time.

``MaxFullLoadSubTasks`` tables load at once, each at the rate of `Timings`. A load file appears when it is full or
the table ends; change files appear at the endpoint's ``CdcMaxBatchInterval``. Where the rows come from is the
source's business (`sources/`).
"""

import json
import logging
import math
from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms import lake
from deploy_engine.local_aws.dms.sources.finding import source_of
from deploy_engine.local_aws.dms.sources.source import (
    Changes,
    Source,
    SourceUnreachableError,
    TableChanges,
    TableUnreadableError,
)
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

log = logging.getLogger(__name__)
DEFAULT_SUB_TASKS = 8
DEFAULT_BATCH_SECONDS = 60
RETRY_SECONDS = 5.0
"""Until a source that did not answer is asked again: DMS's RecoverableErrorInterval, without an end (-1)."""


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
    """Write a file for each table that had changes, and count them. Raises SourceLostError.

    A source that is away is asked again soon; until then nothing is lost, for its log keeps everything.
    """
    try:
        source = source_of(region, task)
        task.change_number += 1
        changes = source.changes(task)
        for table_changes in changes.tables:
            _write_table_changes(region, task, source, table_changes, now)
        _settle(region, task, source, changes)
    except SourceUnreachableError as error:
        log.warning("task %s: %s", task.identifier, error)
        task.next_changes = now + RETRY_SECONDS
        return
    task.checkpoint = (
        f"checkpoint:V1#{task.change_number}#{task.source_kind}:{int(now)}:{task.position}:0:0:0#0#0#*#0#0"
    )
    task.next_changes = now + batch_seconds(region, task)


def _write_table_changes(region: "Region", task: Task, source: Source, changes: TableChanges, now: float) -> None:
    table, endpoint = changes.table, region.dms.endpoints[task.target_arn]
    if changes.rows:
        why = lake.refusal(region, endpoint, table)
        if why:
            table.state, table.reason, task.failure = TABLE_ERROR, why, why
            return
        lake.write_change_file(region, endpoint, table, changes.rows, now, synthetic=source.synthetic)
        table.change_files += 1
    table.inserts += changes.inserts
    table.updates += changes.updates
    table.deletes += changes.deletes
    table.updated = now


def _settle(region: "Region", task: Task, source: Source, changes: Changes) -> None:
    """Note how far the files reach, and what waits for the end of a load; a saved state is acknowledged when saved."""
    task.position = changes.position
    for table in task.tables.values():
        if table.state == COMPLETED:
            table.cached.clear()
            if table.snapshot_end <= task.position:
                table.snapshot = None
    for table, change in changes.kept:
        table.cached.append(change)
    if not region.world.keeps_state:
        source.acknowledge(task, task.position)


def batch_seconds(region: "Region", task: Task) -> float:
    """Return the target endpoint's CdcMaxBatchInterval in seconds."""
    settings = region.dms.endpoints[task.target_arn].settings
    return float(settings.get("CdcMaxBatchInterval", DEFAULT_BATCH_SECONDS))


def _begin_load(region: "Region", task: Task, table: TableRun, now: float) -> None:
    table.load_started, table.updated, table.retry = now, now, None
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
    before, last = table.files, _file_count(region, table)
    while table.files < last and _file_due(region, table, table.files + 1) <= now:
        table.files += 1
    ended = _file_due(region, table, last) <= now
    if table.files > before or ended:
        due = range(before + 1, table.files + 1)
        try:
            source = source_of(region, task)
            for file in source.load_files(table, due, region.timings, ended=ended):
                lake.write_load_file(region, endpoint, table, file, now, synthetic=source.synthetic)
        except TableUnreadableError as error:
            table.state, table.reason, task.failure = TABLE_ERROR, str(error), str(error)
        except SourceUnreachableError as error:
            log.warning("task %s: %s", task.identifier, error)
            table.files, table.retry = before, now + RETRY_SECONDS
            return
    if ended and table.state == FULL_LOAD:
        table.state, table.load_ended = COMPLETED, now
    table.updated = now


def _file_count(region: "Region", table: TableRun) -> int:
    return math.ceil(table.rows / region.timings.rows_per_file)


def _file_due(region: "Region", table: TableRun, number: int) -> float:
    """Return when file ``number`` is full, or when the table ends if that comes first."""
    rows = min(number * region.timings.rows_per_file, table.rows)
    due = (table.load_started or 0.0) + region.timings.table_begin + rows / region.timings.rows_per_second
    return max(due, table.retry or due)
