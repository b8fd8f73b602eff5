"""A replication task and its tables as the API shows them (`dms-facts.md` sections 3 and 4)."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.dms import loading, task_life
from deploy_engine.local_aws.dms.state import BEFORE_LOAD, COMPLETED, ERRONEOUS, FULL_LOAD, TableRun, Task

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region


def task_view(region: "Region", task: Task, *, without_settings: bool = False) -> dict[str, Any]:
    """Return the members of `ReplicationTask`; the big JSON texts are left out ``without_settings``."""
    return {
        "ReplicationTaskIdentifier": task.identifier,
        "ReplicationTaskArn": task.arn,
        "SourceEndpointArn": task.source_arn,
        "TargetEndpointArn": task.target_arn,
        "ReplicationInstanceArn": task.instance_arn,
        "MigrationType": task.migration_type,
        "TableMappings": None if without_settings else task.mappings,
        "ReplicationTaskSettings": None if without_settings else task.settings,
        "Status": task.status,
        "LastFailureMessage": task.failure,
        "StopReason": task.stop_reason,
        "ReplicationTaskCreationDate": task.created,
        "ReplicationTaskStartDate": task.started,
        "CdcStartPosition": task.start_position,
        "RecoveryCheckpoint": task.checkpoint,
        "TaskData": task.task_data,
        "ReplicationTaskStats": _statistics(region, task) if task.ever_started else None,
    }


def table_view(region: "Region", task: Task, table: TableRun) -> dict[str, Any]:
    """Return the members of `TableStatistics`; names are the source's, the target's are not shown."""
    return {
        "SchemaName": table.schema,
        "TableName": table.table,
        "Inserts": table.inserts,
        "Deletes": table.deletes,
        "Updates": table.updates,
        "Ddls": table.ddls,
        "AppliedInserts": table.inserts,
        "AppliedDeletes": table.deletes,
        "AppliedUpdates": table.updates,
        "AppliedDdls": table.ddls,
        "FullLoadRows": loading.rows_loaded(region, task, table, region.now),
        "FullLoadCondtnlChkFailedRows": 0,
        "FullLoadErrorRows": 0,
        "FullLoadStartTime": table.load_started,
        "FullLoadEndTime": table.load_ended,
        "FullLoadReloaded": table.reloaded,
        "LastUpdateTime": _refreshed(region, task, table),
        "TableState": table.state,
        "ValidationPendingRecords": 0,
        "ValidationFailedRecords": 0,
        "ValidationSuspendedRecords": 0,
        "ValidationState": "Not enabled",
    }


def _refreshed(region: "Region", task: Task, table: TableRun) -> float | None:
    """When DMS last counted: at every look while the task runs, whether or not anything changed."""
    counting = task.status == "running" and not region.world.faults.holds("stale-statistics", task.identifier)
    return region.now if counting else table.updated


def _statistics(region: "Region", task: Task) -> dict[str, Any]:
    states = [table.state for table in task.tables.values()]
    end = task.stopped if task.status in ("stopped", "failed", "modifying") and task.stopped else region.now
    return {
        "FullLoadProgressPercent": task_life.progress_percent(region, task, region.now),
        "ElapsedTimeMillis": max(0, int(1000 * (end - (task.started or end)))),
        "TablesLoaded": states.count(COMPLETED),
        "TablesLoading": states.count(FULL_LOAD),
        "TablesQueued": states.count(BEFORE_LOAD),
        "TablesErrored": sum(state in ERRONEOUS for state in states),
        "FreshStartDate": task.fresh_start,
        "StartDate": task.started,
        "StopDate": task.stopped,
        "FullLoadStartDate": task.load_started,
        "FullLoadFinishDate": task.load_ended,
    }
