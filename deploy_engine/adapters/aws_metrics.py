"""What CloudWatch is asked about instances and tasks, and what its answers mean (dms-facts.md section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from deploy_engine.live import InstanceRoom

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

METRICS_PER_CALL = 500
"""GetMetricData takes at most five hundred metrics a call (CloudWatch API reference)."""

MEASURED_FOR = timedelta(minutes=15)
_PERIOD_SECONDS = 300
_METRICS = ("FreeStorageSpace", "FreeableMemory")


def room_queries(instances: Sequence[str]) -> list[MetricDataQueryTypeDef]:
    """The two metrics of each instance; their ids tell its place in the list."""
    return [
        {
            "Id": f"m{place}{metric.lower()}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/DMS",
                    "MetricName": metric,
                    "Dimensions": [{"Name": "ReplicationInstanceIdentifier", "Value": name}],
                },
                "Period": _PERIOD_SECONDS,
                "Stat": "Minimum",
            },
        }
        for place, name in enumerate(instances)
        for metric in _METRICS
    ]


def instance_rooms(instances: Sequence[str], values: Mapping[str, int]) -> dict[str, InstanceRoom]:
    """The instances' rooms from the lowest value of each query, by its id."""
    return {
        name: InstanceRoom(*(values.get(f"m{place}{metric.lower()}") for metric in _METRICS))
        for place, name in enumerate(instances)
    }


def latency_queries(tasks: Sequence[tuple[str, str]]) -> list[MetricDataQueryTypeDef]:
    """The latency towards the lake of each (ARN, instance); DMS names a task by the last part of its ARN here."""
    return [
        {
            "Id": f"m{place}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/DMS",
                    "MetricName": "CDCLatencyTarget",
                    "Dimensions": [
                        {"Name": "ReplicationInstanceIdentifier", "Value": instance},
                        {"Name": "ReplicationTaskIdentifier", "Value": arn.rpartition(":")[2]},
                    ],
                },
                "Period": _PERIOD_SECONDS,
                "Stat": "Maximum",
            },
        }
        for place, (arn, instance) in enumerate(tasks)
    ]


def task_latencies(tasks: Sequence[tuple[str, str]], newest: Mapping[str, float]) -> dict[str, int]:
    """The tasks' latencies from the newest value of each query, by its id."""
    return {arn: round(newest[f"m{place}"]) for place, (arn, _) in enumerate(tasks) if f"m{place}" in newest}
