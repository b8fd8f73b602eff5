"""What CloudWatch is asked about instances and tasks, and what its answers mean (dms-facts.md section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from deploy_engine.live import InstanceRoom, LatencyPoint

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

METRICS_PER_CALL = 500
"""GetMetricData takes at most five hundred metrics a call (CloudWatch API reference)."""

MEASURED_FOR = timedelta(minutes=15)
_PERIOD_SECONDS = 300
_METRICS = ("FreeStorageSpace", "FreeableMemory")
_LATENCIES = {"source": "CDCLatencySource", "target": "CDCLatencyTarget"}

Measured = Sequence[tuple[datetime, float]]
"""Datapoints of one query: when its period began, and the value."""


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


def period_of(at: datetime) -> datetime:
    """When the period began that ``at`` falls into: asked from there on, datapoints lie where others of them lie."""
    return at - timedelta(seconds=at.timestamp() % _PERIOD_SECONDS)


def latency_queries(tasks: Sequence[tuple[str, str]]) -> list[MetricDataQueryTypeDef]:
    """Both latencies of each (ARN, instance); DMS names a task by the last part of its ARN here."""
    return [
        {
            "Id": f"{side}{place}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/DMS",
                    "MetricName": metric,
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
        for side, metric in _LATENCIES.items()
    ]


def task_latencies(
    tasks: Sequence[tuple[str, str]], measured: Mapping[str, Measured]
) -> dict[str, tuple[LatencyPoint, ...]]:
    """The tasks' latencies from what was measured of each query, by its id; tasks without any are absent."""
    found: dict[str, tuple[LatencyPoint, ...]] = {}
    for place, (arn, _) in enumerate(tasks):
        source, target = (dict(measured.get(f"{side}{place}", ())) for side in _LATENCIES)
        points = tuple(
            LatencyPoint(at, _seconds(source.get(at)), _seconds(target.get(at))) for at in sorted({*source, *target})
        )
        if points:
            found[arn] = points
    return found


def _seconds(value: float | None) -> int | None:
    return None if value is None else max(round(value), 0)
