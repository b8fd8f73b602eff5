"""The port by which the engine looks at AWS: read-only calls, each a fresh look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from deploy_engine.live.alarm import AlarmView
from deploy_engine.live.instance import InstanceRoom
from deploy_engine.live.latency import LatencyPoint
from deploy_engine.live.stack import StackView
from deploy_engine.live.table_statistics import TableStatistics
from deploy_engine.live.task import TaskView


class AwsReader(Protocol):
    """Every method raises ``AwsUnreachable``, ``AwsThrottled`` or ``AwsRefused`` (errors.py) and nothing else."""

    def stack(self, name: str, *, with_template: bool, at_work_too: bool = True) -> StackView | None:
        """The stack, or None where it does not exist. DescribeStacks, and GetTemplate where asked.

        ``at_work_too=False``: the template is left out while CloudFormation is at work on the stack.
        """

    def tasks(self, names: Iterable[str], *, with_settings: bool = False) -> dict[str, TaskView]:
        """Those of the named DMS tasks that exist, by name. DescribeReplicationTasks.

        Their mappings and settings may be megabytes, and are left out unless asked for.
        """

    def tasks_at(self, endpoint_arns: Iterable[str]) -> dict[str, TaskView]:
        """Every task that reads from or writes to one of the endpoints, with its mappings. DescribeReplicationTasks."""

    def imports(self, export: str) -> tuple[str, ...]:
        """The names of the stacks that import an export, all pages; empty for none. ListImports."""

    def task_tags(self, arn: str) -> dict[str, str]:
        """The tags of a DMS resource. ListTagsForResource."""

    def table_statistics(self, task_arn: str) -> tuple[TableStatistics, ...]:
        """Every table that the task knows, all pages; empty for a task that never ran. DescribeTableStatistics."""

    def instance_rooms(self, names: Iterable[str], now: datetime) -> dict[str, InstanceRoom]:
        """Free storage and memory of the named instances in the quarter of an hour before ``now``. GetMetricData."""

    def task_latencies(
        self, tasks: Iterable[tuple[str, str]], since: datetime, now: datetime
    ) -> dict[str, tuple[LatencyPoint, ...]]:
        """What was measured of each (ARN, instance) from ``since`` on, by ARN, oldest first. GetMetricData.

        One call for up to 250 tasks; tasks of which nothing was measured are absent.
        """

    def alarms(self, prefix: str) -> tuple[AlarmView, ...]:
        """Every alarm whose name begins with ``prefix``, all pages. DescribeAlarms."""

    def prefix_occupied(self, bucket: str, prefix: str) -> bool:
        """Whether any object lies under ``prefix`` (which ends in a slash). ListObjectsV2 with MaxKeys=1."""

    def validate_template(self, body: str) -> str | None:
        """CloudFormation's complaint about a template of at most 51,200 bytes, or None. ValidateTemplate."""


class TaskLister(Protocol):
    """Raises what ``AwsReader`` raises."""

    def every_task(self) -> tuple[TaskView, ...]:
        """Each DMS task of the account and region, whoever made it, without its settings. DescribeReplicationTasks."""
