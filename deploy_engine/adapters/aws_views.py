"""What boto3 answers, as the engine's plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deploy_engine.execution.ports import ChangeSetView, ResourceChange
from deploy_engine.live import AlarmView, StackView, TableStatistics, TaskView

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ChangeTypeDef, DescribeChangeSetOutputTypeDef, StackTypeDef
    from mypy_boto3_cloudwatch.type_defs import MetricAlarmTypeDef
    from mypy_boto3_dms.type_defs import ReplicationTaskTypeDef, TableStatisticsTypeDef


def stack_view(stack: StackTypeDef, template: Mapping[str, Any] | None) -> StackView:
    outputs = stack.get("Outputs", [])
    return StackView(
        name=stack["StackName"],
        status=stack["StackStatus"],
        status_reason=stack.get("StackStatusReason", ""),
        template=template,
        outputs={output["OutputKey"]: output["OutputValue"] for output in outputs},
        exports={output["ExportName"]: output["OutputValue"] for output in outputs if "ExportName" in output},
    )


def task_view(task: ReplicationTaskTypeDef) -> TaskView:
    counts = task.get("ReplicationTaskStats", {})
    started = (task.get("ReplicationTaskStartDate"), counts.get("FreshStartDate"), counts.get("StartDate"))
    return TaskView(
        name=task["ReplicationTaskIdentifier"],
        arn=task["ReplicationTaskArn"],
        status=task["Status"],
        ever_ran=any(started),
        stop_reason=task.get("StopReason", ""),
        last_failure=task.get("LastFailureMessage", ""),
        tables_loading=counts.get("TablesLoading", 0),
        tables_queued=counts.get("TablesQueued", 0),
        tables_errored=counts.get("TablesErrored", 0),
        full_load_percent=counts.get("FullLoadProgressPercent", 0),
        table_mappings=task.get("TableMappings", ""),
        settings=task.get("ReplicationTaskSettings", ""),
        stopped_at=counts.get("StopDate"),
    )


def alarm_view(alarm: MetricAlarmTypeDef) -> AlarmView:
    return AlarmView(
        name=alarm["AlarmName"],
        state=alarm["StateValue"],
        about=alarm.get("AlarmDescription", ""),
        reason=alarm.get("StateReason", ""),
        since=alarm["StateUpdatedTimestamp"],
    )


def table_statistics(table: TableStatisticsTypeDef) -> TableStatistics:
    return TableStatistics(
        schema=table["SchemaName"],
        table=table["TableName"],
        state=table.get("TableState", ""),
        full_load_rows=table.get("FullLoadRows", 0),
        inserts=table.get("Inserts", 0),
        updates=table.get("Updates", 0),
        deletes=table.get("Deletes", 0),
        load_started=table.get("FullLoadStartTime"),
        load_ended=table.get("FullLoadEndTime"),
        refreshed=table.get("LastUpdateTime"),
    )


def _resource_change(change: ChangeTypeDef) -> ResourceChange:
    resource = change["ResourceChange"]
    return ResourceChange(
        logical_id=resource["LogicalResourceId"],
        resource_type=resource["ResourceType"],
        action=resource["Action"],
        replacement=resource.get("Replacement", "False"),
    )


def change_set_view(change_set: DescribeChangeSetOutputTypeDef, changes: list[ChangeTypeDef]) -> ChangeSetView:
    return ChangeSetView(
        name=change_set["ChangeSetName"],
        status=change_set["Status"],
        execution_status=change_set["ExecutionStatus"],
        reason=change_set.get("StatusReason", ""),
        changes=tuple(_resource_change(change) for change in changes if "ResourceChange" in change),
    )
