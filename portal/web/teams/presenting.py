"""From a team's overview to what its page shows: task lines, limits, and the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from deploy_engine.config.physical_names import TARGET_SCHEMA
from deploy_engine.rendering import DEFAULT_FULL_LOAD_SUB_TASKS
from portal.presenters.meters import Meter, limit_meters, meter_for
from portal.presenters.path_map import PathMap, TaskOnMap, draw_map
from portal.presenters.sparkline import Sparkline, draw_sparkline
from portal.presenters.words import counted
from replication.models import TableEntry, Task
from replication.selectors.health import TaskHealth, task_health, task_status_of
from replication.selectors.latencies import LatencySeries, latency_series
from replication.selectors.teams import TaskCounts, TaskTable, TeamOverview


@dataclass(frozen=True)
class TaskLine:
    """One task with its first tables, and how all of them fare; `note` is DMS's word on a failure, or empty."""

    task: Task
    health: TaskHealth
    tables: list[TableEntry]
    counts: TaskCounts
    note: str
    meter: Meter | None
    latency: Sparkline | None


def task_lines(overview: TeamOverview) -> list[TaskLine]:
    """The team's tasks by name."""
    if overview.card is None:
        return []
    by_task: dict[int, list[TaskTable]] = {}
    for table in overview.tables:
        by_task.setdefault(table.entry.task_id, []).append(table)
    series = latency_series(task.pk for task in overview.card.tasks)
    return [_task_line(task, by_task.get(task.pk, []), series.get(task.pk)) for task in overview.card.tasks]


def limits_of(overview: TeamOverview) -> list[Meter]:
    """How full the limits are: what is sent to AWS, and loads at once per source."""
    if overview.card is None:
        return []
    wanted: dict[str, int] = {}
    caps: dict[str, int] = {}
    for task in overview.card.tasks:
        wanted[task.source.slug] = wanted.get(task.source.slug, 0) + _loads_at_once(task)
        caps[task.source.slug] = task.source.loads_at_once
    return [
        *limit_meters(overview.limits),
        *(_loads_meter(source, wanted[source], caps[source]) for source in sorted(wanted)),
    ]


def _loads_meter(source: str, wanted: int, cap: int) -> Meter:
    """More than the source should bear is no fault yet: it would be if every task loaded at the same time."""
    meter = meter_for(f"Loads at once from {source}", wanted, cap, unit="loads")
    if wanted <= cap:
        return meter
    return replace(meter, tone="warning", note="Only if all of its tasks load at the same time; a check warns then.")


def map_of(tasks: Iterable[TaskLine]) -> PathMap | None:
    """The way of the team's active tables; None where there is none."""
    lines = sorted((line for line in tasks if line.tables), key=lambda line: (line.task.source.slug, line.task.name))
    if not lines:
        return None
    return draw_map([_on_map(line) for line in lines])


def _task_line(task: Task, tables: list[TaskTable], series: LatencySeries | None) -> TaskLine:
    counts = tables[0].of_task if tables else TaskCounts()
    status = task_status_of(task)
    health = task_health(task)
    loading = health is TaskHealth.LOADING and status is not None
    return TaskLine(
        task=task,
        health=health,
        tables=[table.entry for table in tables],
        counts=counts,
        latency=draw_sparkline(series),
        note=status.failure if status is not None else "",
        meter=Meter("Full load", f"{status.full_load_percent} %", status.full_load_percent, "progress")
        if loading and status is not None
        else None,
    )


def _loads_at_once(task: Task) -> int:
    overrides = task.settings or {}
    return int(overrides.get("max_full_load_sub_tasks") or DEFAULT_FULL_LOAD_SUB_TASKS)


def _on_map(line: TaskLine) -> TaskOnMap:
    active = [entry for entry in line.tables if not entry.paused]
    words = f"{counted(line.counts.active, 'table')}, {line.task.get_delivery_display()}"
    return TaskOnMap(
        source=line.task.source.slug,
        source_note=line.task.source.get_engine_display(),
        task=line.task.name,
        note=words,
        paths=[f"{TARGET_SCHEMA}/{entry.folder}/" for entry in active],
        more=line.counts.active - len(active),
        paused=line.task.paused,
    )
