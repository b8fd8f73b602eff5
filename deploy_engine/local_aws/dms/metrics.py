"""CloudWatch metrics of tasks and instances: thin, believable, and marked by the clock of the local AWS.

Names and dimensions: `dms-facts.md` section 8. A task's dimension is the last part of its ARN, not its name.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.dms import loading
from deploy_engine.local_aws.dms.state import FULL_LOAD, Instance, Task

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

NAMESPACE = "AWS/DMS"
MEBIBYTE = 1024.0 * 1024.0
AT_ONCE = 500


def publish(region: "Region", now: float) -> None:
    """Publish one datapoint of each metric and say when the next are due."""
    state = region.dms
    data: list[dict[str, Any]] = []
    for instance in state.instances.values():
        tasks = [task for task in state.tasks.values() if task.instance_arn == instance.arn]
        data += _instance_data(instance, tasks, region.shown(now))
        for task in tasks:
            if task.status == "running":
                data += _task_data(region, instance, task, now)
    client = region.side.client("cloudwatch")
    for first in range(0, len(data), AT_ONCE):
        try:
            client.put_metric_data(Namespace=NAMESPACE, MetricData=data[first : first + AT_ONCE])
        except ClientError:
            break
    state.next_metrics = now + region.timings.metrics_period if state.instances else None


def _instance_data(instance: Instance, tasks: list[Task], now: float) -> list[dict[str, Any]]:
    dimensions = [{"Name": "ReplicationInstanceIdentifier", "Value": instance.identifier}]
    running = sum(task.status == "running" for task in tasks)
    return [
        _datum("CPUUtilization", dimensions, min(95.0, 4.0 + 6.0 * running), "Percent", now),
        _datum("FreeableMemory", dimensions, max(256.0, 3_000.0 - 150.0 * running) * MEBIBYTE, "Bytes", now),
        _datum("FreeStorageSpace", dimensions, instance.storage_gb * 0.85 * 1024 * MEBIBYTE, "Bytes", now),
    ]


def _task_data(region: "Region", instance: Instance, task: Task, now: float) -> list[dict[str, Any]]:
    dimensions = [
        {"Name": "ReplicationInstanceIdentifier", "Value": instance.identifier},
        {"Name": "ReplicationTaskIdentifier", "Value": task.arn.rpartition(":")[2]},
    ]
    waited = loading.batch_seconds(region, task) - max(0.0, (task.next_changes or now) - now)
    busy = sum(table.state == FULL_LOAD for table in task.tables.values())
    shown = region.shown(now)
    return [
        _datum("CDCLatencySource", dimensions, 1.0, "Seconds", shown),
        _datum("CDCLatencyTarget", dimensions, max(0.0, waited), "Seconds", shown),
        _datum("CDCIncomingChanges", dimensions, 0.0, "Count", shown),
        _datum(
            "FullLoadThroughputRowsTarget", dimensions, busy * region.timings.rows_per_second, "Count/Second", shown
        ),
    ]


def _datum(name: str, dimensions: list[dict[str, str]], value: float, unit: str, now: float) -> dict[str, Any]:
    return {
        "MetricName": name,
        "Dimensions": dimensions,
        "Timestamp": datetime.fromtimestamp(now, UTC),
        "Value": value,
        "Unit": unit,
    }
