"""Looking at AWS: the engine's reading port over boto3, with as few calls and as large pages as AWS allows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.adapters.aws_errors import error_code, error_message, translated
from deploy_engine.adapters.aws_metrics import (
    MEASURED_FOR,
    METRICS_PER_CALL,
    instance_rooms,
    latency_queries,
    period_of,
    room_queries,
    task_latencies,
)
from deploy_engine.adapters.aws_session import AwsSession
from deploy_engine.adapters.aws_views import alarm_view, stack_view, table_statistics, task_view
from deploy_engine.errors import AwsRefused
from deploy_engine.live import (
    AlarmView,
    FolderSize,
    InstanceRoom,
    LatencyPoint,
    Quota,
    StackView,
    TableStatistics,
    TaskView,
)
from deploy_engine.live.stack import NEVER_SUCCEEDED

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

OBJECTS_PER_CALL = 1000
TASKS_PER_CALL = 100
"""DescribeReplicationTasks gives at most a hundred a page (dms-facts.md section 9)."""

STATISTICS_PER_PAGE = 500
NOT_FOUND = "ResourceNotFoundFault"
"""DMS's answer to a filter that names something it does not know."""

NOTHING_DEPLOYED = NEVER_SUCCEEDED | {"CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"}
"""A stack in one of these may have a template, but nothing of it stands."""


def no_such_stack(error: ClientError) -> bool:
    """CloudFormation has no code of its own for an unknown stack; it answers ValidationError, in words."""
    return error_code(error) == "ValidationError" and "does not exist" in error_message(error)


class Boto3Reader:
    """Implements ``deploy_engine.live.AwsReader``; every error comes out as one of the engine's three."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def stack(self, name: str, *, with_template: bool, at_work_too: bool = True) -> StackView | None:
        with self._translated("DescribeStacks"):
            try:
                found = self._session.cloudformation.describe_stacks(StackName=name)["Stacks"]
            except ClientError as error:
                if no_such_stack(error):
                    return None
                raise
        described = found[0]
        view = stack_view(described, None)
        ask = with_template and view.status not in NOTHING_DEPLOYED and (at_work_too or not view.in_progress)
        return stack_view(described, self._template(name)) if ask else view

    def tasks(self, names: Iterable[str], *, with_settings: bool = False) -> dict[str, TaskView]:
        wanted = sorted(set(names))
        found: dict[str, TaskView] = {}
        for start in range(0, len(wanted), TASKS_PER_CALL):
            page = wanted[start : start + TASKS_PER_CALL]
            found |= self._tasks_by("replication-task-id", page, with_settings=with_settings)
        return found

    def tasks_at(self, endpoint_arns: Iterable[str]) -> dict[str, TaskView]:
        wanted = sorted(set(endpoint_arns))
        return self._tasks_by("endpoint-arn", wanted, with_settings=True) if wanted else {}

    def imports(self, export: str) -> tuple[str, ...]:
        with self._translated("ListImports"):
            try:
                pages = self._session.cloudformation.get_paginator("list_imports").paginate(ExportName=export)
                return tuple(name for page in pages for name in page["Imports"])
            except ClientError as error:
                if error_code(error) == "ValidationError" and "not imported" in error_message(error):
                    return ()
                raise

    def task_tags(self, arn: str) -> dict[str, str]:
        with self._translated("ListTagsForResource"):
            answer = self._session.dms.list_tags_for_resource(ResourceArn=arn)
        return {tag["Key"]: tag.get("Value", "") for tag in answer["TagList"]}

    def table_statistics(self, task_arn: str) -> tuple[TableStatistics, ...]:
        try:
            with self._translated("DescribeTableStatistics"):
                pages = self._session.dms.get_paginator("describe_table_statistics").paginate(
                    ReplicationTaskArn=task_arn, PaginationConfig={"PageSize": STATISTICS_PER_PAGE}
                )
                return tuple(table_statistics(table) for page in pages for table in page["TableStatistics"])
        except AwsRefused as refused:
            if refused.code == "InvalidResourceStateFault" and self._never_ran(task_arn):
                return ()
            raise

    def prefix_occupied(self, bucket: str, prefix: str) -> bool:
        if not prefix.endswith("/"):
            raise ValueError(f"without a slash at its end, {prefix!r} would match its longer neighbours too")
        with self._translated("ListObjectsV2"):
            answer = self._session.s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)
        return bool(answer.get("Contents"))

    def folder_size(self, bucket: str, prefix: str, *, most_objects: int) -> FolderSize:
        """Implements ``deploy_engine.live.FolderReader``."""
        if not prefix.endswith("/"):
            raise ValueError(f"without a slash at its end, {prefix!r} would match its longer neighbours too")
        objects = size = 0
        with self._translated("ListObjectsV2"):
            pages = self._session.s3.get_paginator("list_objects_v2").paginate(
                Bucket=bucket, Prefix=prefix, PaginationConfig={"PageSize": OBJECTS_PER_CALL, "MaxItems": most_objects}
            )
            for found in (found for page in pages for found in page.get("Contents", ())):
                objects, size = objects + 1, size + found["Size"]
        return FolderSize(objects, size, cut=pages.resume_token is not None)

    def instance_rooms(self, names: Iterable[str], now: datetime) -> dict[str, InstanceRoom]:
        wanted = sorted(set(names))
        measured = self._metrics(room_queries(wanted), now - MEASURED_FOR, now)
        lowest = {name: round(min(value for _, value in points)) for name, points in measured.items()}
        return instance_rooms(wanted, lowest)

    def task_latencies(
        self, tasks: Iterable[tuple[str, str]], since: datetime, now: datetime
    ) -> dict[str, tuple[LatencyPoint, ...]]:
        wanted = sorted(set(tasks))
        return task_latencies(wanted, self._metrics(latency_queries(wanted), period_of(since), now))

    def alarms(self, prefix: str) -> tuple[AlarmView, ...]:
        with self._translated("DescribeAlarms"):
            pages = self._session.cloudwatch.get_paginator("describe_alarms").paginate(
                AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm"]
            )
            return tuple(alarm_view(alarm) for page in pages for alarm in page["MetricAlarms"])

    def _metrics(
        self, queries: Sequence[MetricDataQueryTypeDef], since: datetime, now: datetime
    ) -> dict[str, list[tuple[datetime, float]]]:
        """The datapoints of each query from ``since`` on, by its id; queries without any are absent."""
        measured: dict[str, list[tuple[datetime, float]]] = {}
        for start in range(0, len(queries), METRICS_PER_CALL):
            with self._translated("GetMetricData"):
                pages = self._session.cloudwatch.get_paginator("get_metric_data").paginate(
                    MetricDataQueries=queries[start : start + METRICS_PER_CALL], StartTime=since, EndTime=now
                )
                for result in (result for page in pages for result in page["MetricDataResults"]):
                    if result.get("Values"):
                        points = zip(result["Timestamps"], result["Values"], strict=True)
                        measured.setdefault(result["Id"], []).extend(points)
        return measured

    def validate_template(self, body: str) -> str | None:
        with self._translated("ValidateTemplate"):
            try:
                self._session.cloudformation.validate_template(TemplateBody=body)
            except ClientError as error:
                if error_code(error) == "ValidationError":
                    return error_message(error)
                raise
        return None

    def every_task(self) -> tuple[TaskView, ...]:
        """Implements ``deploy_engine.live.TaskLister``: a call for each hundred tasks."""
        with self._translated("DescribeReplicationTasks"):
            pages = self._session.dms.get_paginator("describe_replication_tasks").paginate(
                WithoutSettings=True, PaginationConfig={"PageSize": TASKS_PER_CALL}
            )
            return tuple(task_view(task) for page in pages for task in page["ReplicationTasks"])

    def account_quotas(self) -> tuple[Quota, ...]:
        """Implements ``deploy_engine.live.QuotaReader``."""
        with self._translated("DescribeAccountAttributes"):
            found = self._session.dms.describe_account_attributes()["AccountQuotas"]
        return tuple(Quota(quota["AccountQuotaName"], quota["Used"], quota["Max"]) for quota in found)

    def _translated(self, operation: str) -> AbstractContextManager[None]:
        return translated(operation, self._session.place)

    def _template(self, name: str) -> Mapping[str, Any]:
        """The deployed template as it was given; botocore parses a JSON one by itself."""
        with self._translated("GetTemplate"):
            answer = self._session.cloudformation.get_template(StackName=name, TemplateStage="Original")
        body: Any = answer.get("TemplateBody")
        if isinstance(body, Mapping):
            parsed: Mapping[str, Any] = json.loads(json.dumps(body))
            return parsed
        message = f"the deployed template of {name} is not JSON, so Sluice did not deploy it"
        raise AwsRefused("GetTemplate", "TemplateNotJson", message)

    def _tasks_by(self, filter_name: str, values: list[str], *, with_settings: bool = False) -> dict[str, TaskView]:
        """One call for all; only where DMS refuses because it does not know one of them, halves are asked."""
        try:
            with self._translated("DescribeReplicationTasks"):
                pages = self._session.dms.get_paginator("describe_replication_tasks").paginate(
                    Filters=[{"Name": filter_name, "Values": values}],
                    WithoutSettings=not with_settings,
                    PaginationConfig={"PageSize": TASKS_PER_CALL},
                )
                views = [task_view(task) for page in pages for task in page["ReplicationTasks"]]
        except AwsRefused as refused:
            if refused.code != NOT_FOUND:
                raise
            if len(values) == 1:
                return {}
            middle = len(values) // 2
            halves = (values[:middle], values[middle:])
            first, second = (self._tasks_by(filter_name, half, with_settings=with_settings) for half in halves)
            return first | second
        return {view.name: view for view in views}

    def _never_ran(self, task_arn: str) -> bool:
        """DMS may refuse statistics of a task that never ran; any other refusal must not read as "no tables"."""
        return not any(task.ever_ran for task in self._tasks_by("replication-task-arn", [task_arn]).values())
