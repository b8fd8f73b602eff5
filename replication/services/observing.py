"""Looking at AWS for the pages: the states of stacks, tasks and tables, cached in rows. Pages never ask AWS themselves.

Every row says when it was seen. Where AWS does not answer, the rows stay as they were and the environment says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.db import models, transaction

from deploy_engine.config.physical_names import base_stack_name, dms_name
from deploy_engine.errors import EngineError
from deploy_engine.live import TableStatistics, TaskView
from replication.choices import LIVE_DEPLOYMENT_STATES
from replication.database_clock import database_now
from replication.documents import environment_file_of
from replication.models import Deployment, Environment, EnvironmentStatus, TableEntry, TableStatus, Task, TaskStatus
from replication.services.alarms import alarms_ask, alarms_keep
from replication.services.engine import aws_reader
from replication.services.latencies import Measured, latencies_ask, latency_keep
from replication.services.observed_changes import table_state_tell, task_state_tell
from replication.services.superseding import superseded_versions_draft

if TYPE_CHECKING:
    from deploy_engine.config import EnvironmentFile
    from deploy_engine.live import AwsReader

    OpenReader = Callable[[EnvironmentFile], AbstractContextManager[AwsReader]]

log = structlog.get_logger(__name__)


def environment_observe(*, environment_id: int, open_reader: OpenReader = aws_reader) -> None:
    """One look at an environment: its base stack, all of its tasks, and the tables of those that DMS has.

    What has caught up by then is drafted an end of what it supersedes.
    """
    environment = Environment.objects.get(pk=environment_id)
    tasks = list(
        Task.objects.filter(setup__environment=environment)
        .select_related("setup__team", "setup__environment", "status", "replication_instance")
        .prefetch_related("entries")
    )
    began = database_now()
    try:
        with open_reader(environment_file_of(environment)) as reader:
            base = reader.stack(base_stack_name(environment.name), with_template=False)
            views = reader.tasks([_dms_name(task) for task in tasks])
            statistics = {name: reader.table_statistics(view.arn) for name, view in views.items()}
            latencies = latencies_ask(reader, tasks, views, database_now())
            alarms = alarms_ask(reader, environment)
    except EngineError as error:
        log.info("observe.unreachable", environment=environment.name, error=str(error))
        _status_keep(environment, reachable=False, message=str(error))
        return
    _status_keep(environment, reachable=True, base_stack_state=base.status if base is not None else "")
    alarms_keep(environment, alarms)
    _tasks_keep(tasks, views, statistics, latencies, began)
    superseded_versions_draft(environment=environment)


def _dms_name(task: Task) -> str:
    return dms_name(task.setup.team.slug, task.name)


@transaction.atomic
def _status_keep(environment: Environment, **values: Any) -> None:
    status = EnvironmentStatus.objects.select_for_update().filter(environment=environment).first()
    message = str(values.pop("message", ""))[:500]
    _keep(status or EnvironmentStatus(environment=environment), {**values, "message": message}, database_now())


@transaction.atomic
def _tasks_keep(
    tasks: Sequence[Task],
    views: Mapping[str, TaskView],
    statistics: Mapping[str, tuple[TableStatistics, ...]],
    latencies: Measured | None,
    began: datetime,
) -> None:
    """Tasks and tables that were taken out of the config while AWS was asked are passed over.

    So is what somebody else has looked at since this look `began`: two observers tell one change once.
    """
    now = database_now()
    seen_tasks = {row.task_id: row for row in TaskStatus.objects.select_for_update().filter(task__in=tasks)}
    seen_tables = {row.entry_id: row for row in TableStatus.objects.select_for_update().filter(entry__task__in=tasks)}
    known_tasks = set(Task.objects.filter(pk__in=[task.pk for task in tasks]).values_list("pk", flat=True))
    entries = [entry for task in tasks for entry in task.entries.all()]
    known_entries = set(TableEntry.objects.filter(pk__in=[row.pk for row in entries]).values_list("pk", flat=True))
    for task in tasks:
        status = seen_tasks.get(task.pk) or TaskStatus(task=task)
        if task.pk not in known_tasks or (status.pk is not None and status.observed_at > began):
            continue
        name = _dms_name(task)
        tables = {(table.schema, table.table): table for table in statistics.get(name, ())}
        view = views.get(name)
        values = _task_values(view, tables.values())
        if latencies is not None or view is None or not view.running:
            measured = (latencies or {}).get(task.pk)
            values["latency_seconds"] = None if measured is None else latency_keep(task, measured, now)
        if status.pk is not None:
            task_state_tell(task=task, before=status.state, values=values)
        _keep(status, values, now)
        for entry in task.entries.all():
            if entry.pk in known_entries:
                row = seen_tables.get(entry.pk) or TableStatus(entry=entry)
                values = _table_values(tables.get((entry.schema_name, entry.table_name)))
                if row.pk is not None:
                    table_state_tell(entry=entry, task=task, before=row.state, values=values)
                _keep(row, values, now)


def _task_values(view: TaskView | None, tables: Any) -> dict[str, Any]:
    if view is None:
        return {"state": "", "full_load_percent": 0}
    states = [table.state for table in tables]
    return {
        "state": view.status,
        "stop_reason": view.stop_reason[:500],
        "failure": view.last_failure,
        "full_load_percent": view.full_load_percent,
        "tables_loaded": states.count("Table completed"),
        "tables_loading": view.tables_loading,
        "tables_queued": view.tables_queued,
        "tables_errored": view.tables_errored,
    }


def _table_values(seen: TableStatistics | None) -> dict[str, Any]:
    if seen is None:
        return {"state": ""}
    return {
        "state": seen.state,
        "full_load_rows": seen.full_load_rows,
        "inserts": seen.inserts,
        "updates": seen.updates,
        "deletes": seen.deletes,
        "full_load_started_at": seen.load_started,
        "full_load_ended_at": seen.load_ended,
    }


def _keep(row: models.Model, values: Mapping[str, Any], now: datetime) -> None:
    for name, value in {**values, "observed_at": now}.items():
        setattr(row, name, value)
    row.save()


def environments_due(*, every_seconds: float, now: datetime) -> list[int]:
    """Environments that were not looked at for `every_seconds`; a fifth of that while something is deployed in them."""
    busy = set(Deployment.objects.filter(state__in=LIVE_DEPLOYMENT_STATES).values_list("environment_id", flat=True))
    due = []
    for environment in Environment.objects.select_related("status"):
        status: EnvironmentStatus | None = getattr(environment, "status", None)
        wait = every_seconds / 5 if environment.pk in busy else every_seconds
        if status is not None and not status.reachable:
            wait = every_seconds * 6
        if status is None or (now - status.observed_at).total_seconds() >= wait:
            due.append(environment.pk)
    return due
