"""The life of a replication task in time: which status follows which, and what happens on the way.

    creating → ready → starting → running → stopping → stopped → starting …
    ready, stopped, failed → modifying → back;  anything that does not run → deleting → gone

`dms-facts.md` section 3. The operations put a task into a passing status with an end; the engine does the rest.
"""

import logging
from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms import events, loading
from deploy_engine.local_aws.dms.selecting import select_tables
from deploy_engine.local_aws.dms.sources.finding import source_of
from deploy_engine.local_aws.dms.sources.source import SourceLostError, SourceUnreachableError
from deploy_engine.local_aws.dms.state import COMPLETED, ERRONEOUS, UNFINISHED, Task
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

log = logging.getLogger(__name__)
SOURCE_TYPE = "replication-task"


def step(region: "Region", task: Task, now: float) -> None:
    """Do what is due for one task at the moment ``now``."""
    if task.until is not None and task.until <= now:
        _end_passing_status(region, task, now)
    if task.status == "running":
        loading.advance_loads(region, task, now)
        if task.next_changes is not None and task.next_changes <= now:
            _write_changes(region, task, now)
        if task.status == "running" and task.migration_type == "full-load" and not _unfinished(task):
            _stop(region, task, now, "Stop Reason FULL_LOAD_ONLY_FINISHED")
    schedule(region, task)


def schedule(region: "Region", task: Task) -> None:
    """Work out when the engine must look at the task again."""
    due = [task.until]
    if task.status == "running":
        due += [task.next_changes, loading.next_load_event(region, task)]
    task.next_event = min((moment for moment in due if moment is not None), default=None)


def enter(region: "Region", task: Task, status: str, seconds: float) -> None:
    """Put a task into a passing status that ends after ``seconds``."""
    task.status = status
    task.until = region.now + seconds
    schedule(region, task)


def _end_passing_status(region: "Region", task: Task, now: float) -> None:
    status, task.until = task.status, None
    if status == "creating":
        task.status = "ready"
        events.tell(region, SOURCE_TYPE, task.identifier, "Replication task has been created.", "creation")
    elif status == "modifying":
        task.status = task.return_to
        events.tell(region, SOURCE_TYPE, task.identifier, "Replication task has been modified.", "configuration change")
    elif status == "starting":
        _run(region, task, now)
    elif status == "stopping":
        _finish_stopping(region, task, now)
    elif status == "deleting":
        _forget_source(region, task)
        del region.dms.tasks[task.arn]
        region.dms.tags.pop(task.arn, None)
        events.tell(region, SOURCE_TYPE, task.identifier, "Replication task has been deleted.", "deletion")


def _run(region: "Region", task: Task, now: float) -> None:
    if region.world.faults.for_resource("fail-start", task.identifier):
        _fail(region, task, now, "Last Error Failed to start replication task. Stop Reason FATAL_ERROR")
        return
    try:
        source = source_of(region, task)
        if task.migration_type != "full-load":
            source.begin(task)
        select_tables(task, source)
    except AwsError as error:
        _fail(region, task, now, f"Last Error {error.message} Stop Reason FATAL_ERROR")
        return
    except (SourceLostError, SourceUnreachableError) as error:
        _fail(region, task, now, f"Last Error {error} Stop Reason FATAL_ERROR")
        return
    if not any(table.state not in ERRONEOUS for table in task.tables.values()):
        _fail(
            region,
            task,
            now,
            "Last Error No tables were found at task initialization. Either the selected table(s) or schemas(s) no "
            "longer exist or no match was found for the table selection pattern(s). Stop Reason FATAL_ERROR",
        )
        return
    task.status = "running"
    task.stop_reason = task.failure = None
    if _unfinished(task):
        task.load_started, task.load_ended = now, None
    task.next_changes = None if task.migration_type == "full-load" else now + loading.batch_seconds(region, task)
    events.tell(region, SOURCE_TYPE, task.identifier, "Replication task has started.", "state change")


def _write_changes(region: "Region", task: Task, now: float) -> None:
    try:
        loading.write_changes(region, task, now)
    except SourceLostError as error:
        _fail(region, task, now, f"Last Error {error} Stop Reason FATAL_ERROR")


def _forget_source(region: "Region", task: Task) -> None:
    """Let the source forget the task; one that does not answer keeps its slot, as slots of DMS's are left behind."""
    try:
        source_of(region, task).forget(task)
    except SourceUnreachableError as error:
        log.warning("the slot of task %s stays: %s", task.identifier, error)


def _finish_stopping(region: "Region", task: Task, now: float) -> None:
    if region.world.faults.holds("hang-stopping", task.identifier):
        task.until = now + max(region.timings.task_stop, 1.0)
        return
    _stop(region, task, now, "Stop Reason NORMAL")


def _stop(region: "Region", task: Task, now: float, reason: str) -> None:
    task.status, task.stopped, task.stop_reason = "stopped", now, reason
    task.next_changes = task.until = None
    events.tell(region, SOURCE_TYPE, task.identifier, "Replication task has stopped.", "state change")


def _fail(region: "Region", task: Task, now: float, message: str) -> None:
    task.status, task.stopped, task.failure = "failed", now, message
    task.stop_reason = "Stop Reason FATAL_ERROR"
    task.next_changes = None
    events.tell(region, SOURCE_TYPE, task.identifier, f"Replication task has failed. {message}", "failure")


def _unfinished(task: Task) -> bool:
    return any(table.state in UNFINISHED for table in task.tables.values())


def progress_percent(region: "Region", task: Task, now: float) -> int:
    """Return the share of rows loaded, in percent; 100 when there is nothing left to load."""
    countable = [table for table in task.tables.values() if table.state not in ERRONEOUS]
    rows = sum(table.rows for table in countable)
    if not task.ever_started or not countable:
        return 0
    if all(table.state == COMPLETED for table in countable):
        return 100
    loaded = sum(loading.rows_loaded(region, task, table, now) for table in countable)
    return min(99, int(100 * loaded / max(1, rows)))
