"""How late each task's changes are: a short history of both latencies, from CloudWatch, for sparklines and comparisons.

DMS measures every five minutes, and every metric that is asked for costs; so all running tasks of an environment are
asked about together, at most every four minutes, and only for what is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from deploy_engine.config.physical_names import dms_name
from deploy_engine.errors import EngineError
from deploy_engine.live import LatencyPoint, TaskView
from replication.models import Task, TaskLatency
from replication.selectors.latencies import NOW_WITHIN

if TYPE_CHECKING:
    from deploy_engine.live import AwsReader

log = structlog.get_logger(__name__)

ASKED_EVERY = timedelta(minutes=4)
FIRST_ASKED_EVERY = timedelta(minutes=1)
"""Until there is a first point, which people and the end of a reload wait for."""

KEPT_FOR = timedelta(hours=48)
"""At five minutes a point, 576 points a task at most."""

OVERLAP = timedelta(minutes=15)
"""So much that is known is asked for again: a period's maximum may still grow."""

Measured = Mapping[int, tuple[LatencyPoint, ...]]
"""What was measured of tasks, by the key of their row."""


def latencies_ask(
    reader: AwsReader, tasks: Sequence[Task], views: Mapping[str, TaskView], now: datetime
) -> Measured | None:
    """What CloudWatch has on the running tasks; None where it was not their turn, nothing where it does not answer."""
    running = {
        (views[name].arn, dms_name(task.setup.team.slug, task.replication_instance.name)): task
        for task in tasks
        if (name := dms_name(task.setup.team.slug, task.name)) in views and views[name].running
    }
    known = {latency.task_id: latency for latency in TaskLatency.objects.filter(task__in=running.values())}
    due = [task for task in running.values() if _is_due(known.get(task.pk), now)]
    if not due:
        return None
    since = min(_newest(known.get(task.pk), now) for task in running.values())
    try:
        measured = reader.task_latencies(running, since - OVERLAP, now)
    except EngineError as error:
        log.info("observe.no_latencies", error=str(error))
        return {}
    return {task.pk: measured.get(arn, ()) for (arn, _), task in running.items()}


def latency_keep(task: Task, measured: tuple[LatencyPoint, ...], now: datetime) -> int | None:
    """Add what was measured to the task's history; gives how late changes arrive in the lake now, in seconds."""
    latency = TaskLatency.objects.filter(task=task).first() or TaskLatency(task=task)
    points = {at: [source, target] for at, source, target in latency.points}
    points |= {round(point.at.timestamp()): [point.source, point.target] for point in measured}
    oldest = (now - KEPT_FOR).timestamp()
    latency.points = [[at, *values] for at, values in sorted(points.items()) if at >= oldest]
    latency.asked_at = now
    latency.save()
    recent = (now - NOW_WITHIN).timestamp()
    return next((target for at, _, target in reversed(latency.points) if at >= recent and target is not None), None)


def _is_due(latency: TaskLatency | None, now: datetime) -> bool:
    return latency is None or now - latency.asked_at >= (ASKED_EVERY if latency.points else FIRST_ASKED_EVERY)


def _newest(latency: TaskLatency | None, now: datetime) -> datetime:
    """Until when the task's history is known."""
    if latency is None or not latency.points:
        return now - KEPT_FOR
    return max(datetime.fromtimestamp(latency.points[-1][0], UTC), now - KEPT_FOR)
