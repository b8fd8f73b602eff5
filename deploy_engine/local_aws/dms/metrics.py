"""CloudWatch metrics of tasks and instances, measured every `Timings.metrics_period` (`dms-facts.md` section 8).

A task's dimension is the last part of its ARN, not its name. The latencies saw: the target's up to the endpoint's
batch interval, for the changes wait for their file that long; the source's up to a few seconds. Rates and counts
come from what the task really loaded and wrote; memory, storage and processor are invented from what runs.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.alarms import engine as alarms
from deploy_engine.local_aws.alarms.series import Key, Sample, summed_up
from deploy_engine.local_aws.dms import loading
from deploy_engine.local_aws.dms.state import Instance, Task
from deploy_engine.local_aws.side import cloudwatch

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

NAMESPACE = "AWS/DMS"
INSTANCE, TASK = "ReplicationInstanceIdentifier", "ReplicationTaskIdentifier"
MEBIBYTE = 1024.0 * 1024.0
GIBIBYTES = {"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32, "4xlarge": 64}
SOURCE_SAW_SECONDS = 3.0
LOOKS = 20
"""How often within a period the latencies are looked at."""
ROW_KILOBYTES = 0.2
AT_ONCE = 500

Measured = list[tuple[Key, str, Sample]]


def publish(region: "Region", now: float) -> None:
    """Measure everything once, publish it, have the alarms evaluated, and say when the next time is."""
    state = region.dms
    measured: Measured = []
    for instance in state.instances.values():
        tasks = [task for task in state.tasks.values() if task.instance_arn == instance.arn]
        measured += _of_instance(instance, tasks, now)
        for task in tasks:
            if task.status == "running":
                measured += _of_task(region, instance, task, now)
    for key, _, sample in measured:
        state.measured.setdefault(key, []).append(sample)
    _put(region, measured)
    has_alarms = alarms.look(region, state.measured, now)
    state.next_metrics = now + region.timings.metrics_period if state.instances or has_alarms else None


def _of_instance(instance: Instance, tasks: list[Task], now: float) -> Measured:
    running = sum(task.status == "running" for task in tasks)
    memory = GIBIBYTES.get(instance.instance_class.rpartition(".")[2], 4) * 1024 * MEBIBYTE
    values = [
        ("CPUUtilization", min(95.0, 4.0 + 6.0 * running), "Percent"),
        ("FreeableMemory", memory * max(0.2, 0.75 - 0.04 * running), "Bytes"),
        ("SwapUsage", 0.0, "Bytes"),
        ("FreeStorageSpace", instance.storage_gb * 0.85 * 1024 * MEBIBYTE, "Bytes"),
    ]
    dimensions = frozenset({(INSTANCE, instance.identifier)})
    return [((NAMESPACE, name, dimensions), unit, summed_up(now, [value])) for name, value, unit in values]


def _of_task(region: "Region", instance: Instance, task: Task, now: float) -> Measured:
    seconds = region.timings.metrics_period
    changes, rows = _progress(region, task, now)
    changes_before, rows_before = region.dms.counted.get(task.arn, (changes, rows))
    region.dms.counted[task.arn] = (changes, rows)
    change_rate, load_rate = max(0, changes - changes_before) / seconds, max(0, rows - rows_before) / seconds
    values = [
        ("CDCThroughputRowsSource", [change_rate], "Count/Second"),
        ("CDCThroughputRowsTarget", [change_rate], "Count/Second"),
        ("CDCThroughputBandwidthTarget", [change_rate * ROW_KILOBYTES], "Kilobytes/Second"),
        ("FullLoadThroughputRowsTarget", [load_rate], "Count/Second"),
        ("FullLoadThroughputBandwidthTarget", [load_rate * ROW_KILOBYTES], "Kilobytes/Second"),
        ("CPUUtilization", [min(95.0, 3.0 + load_rate / 50_000)], "Percent"),
        ("MemoryUsage", [120.0 + 2.0 * len(task.tables)], "Megabytes"),
    ]
    if task.next_changes is not None:
        lag = _lag(region, task, seconds)
        waits = _waits(task.next_changes, loading.batch_seconds(region, task), now, seconds)
        values += [
            ("CDCLatencySource", [lag + wait % SOURCE_SAW_SECONDS for wait in waits], "Seconds"),
            ("CDCLatencyTarget", [lag + wait for wait in waits], "Seconds"),
            ("CDCIncomingChanges", [float(int(change_rate * (lag + wait))) for wait in waits], "Count"),
        ]
    dimensions = frozenset({(INSTANCE, instance.identifier), (TASK, task.arn.rpartition(":")[2])})
    return [((NAMESPACE, name, dimensions), unit, summed_up(now, found)) for name, found, unit in values]


def _progress(region: "Region", task: Task, now: float) -> tuple[int, int]:
    """Return how many changes a task has written and how many rows it has loaded."""
    tables = task.tables.values()
    changes = sum(table.inserts + table.updates + table.deletes for table in tables)
    return changes, sum(loading.rows_loaded(region, task, table, now) for table in tables)


def _waits(next_changes: float, interval: float, now: float, seconds: float) -> list[float]:
    """Return how long the oldest change had waited for its file, at some moments of the period that ends now."""
    moments = [now - seconds * step / LOOKS for step in range(LOOKS)]
    return [interval - (next_changes - moment) % interval if interval else 0.0 for moment in moments]


def _lag(region: "Region", task: Task, seconds: float) -> float:
    """Return by how much the task has fallen behind: more and more while a fault says so."""
    behind = region.dms.behind
    if region.world.faults.holds("fall-behind", task.identifier):
        behind[task.arn] = behind.get(task.arn, 0.0) + seconds
    else:
        behind.pop(task.arn, None)
    return behind.get(task.arn, 0.0)


def _put(region: "Region", measured: Measured) -> None:
    client = region.side.client("cloudwatch")
    data = [_datum(key, unit, sample, region.shown(sample.at)) for key, unit, sample in measured]
    for first in range(0, len(data), AT_ONCE):
        try:
            client.put_metric_data(Namespace=NAMESPACE, MetricData=data[first : first + AT_ONCE])
        except ClientError:
            break
    cloudwatch.forget_old_data(region.world.account, region.name)


def _datum(key: Key, unit: str, sample: Sample, shown: float) -> dict[str, Any]:
    return {
        "MetricName": key[1],
        "Dimensions": [{"Name": name, "Value": value} for name, value in sorted(key[2])],
        "Timestamp": datetime.fromtimestamp(shown, UTC),
        "StatisticValues": {
            "SampleCount": sample.count,
            "Sum": sample.total,
            "Minimum": sample.least,
            "Maximum": sample.most,
        },
        "Unit": unit,
    }
