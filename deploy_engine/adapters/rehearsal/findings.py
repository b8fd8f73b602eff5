"""From what was seen in the copy to the result: what paused, what loaded, what moved that should not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy_engine.adapters.rehearsal.copy import Deployed
from deploy_engine.adapters.rehearsal.looking import TaskEvent, folders_written, pauses
from deploy_engine.config import Subject, parse_table_reference
from deploy_engine.config.physical_names import dms_name
from deploy_engine.execution.rehearsal import (
    RehearsalOutcome,
    RehearsalResult,
    RehearsedLine,
    RehearsedLoad,
    RehearsedTask,
)
from deploy_engine.execution.rehearsed_faults import RehearsedFault
from deploy_engine.execution.states import State
from deploy_engine.live import TableStatistics, TaskView
from deploy_engine.planning import Load, Plan
from deploy_engine.planning.comparison import plan_differences

COMPLETED = "Table completed"


@dataclass(frozen=True)
class Seen:
    """The copy before and after the change: simulated times, tasks and statistics by DMS name, load files by key."""

    subject: Subject
    began: datetime
    ended: datetime
    tasks: Mapping[str, TaskView]
    statistics: Mapping[str, tuple[TableStatistics, ...]]
    events: tuple[TaskEvent, ...]
    files_before: Mapping[str, str]
    files_after: Mapping[str, str]
    fault: RehearsedFault | None = None


def result_of(deployed: Deployed, seen: Seen, speed: float, reviewed_plan: Mapping[str, Any] | None) -> RehearsalResult:
    """The result of a change that was carried out, well or not."""
    plan = deployed.plan
    written = folders_written(seen.files_before, seen.files_after)
    loads = tuple(_load(load, seen, written) for step in plan.steps for load in step.loads)
    tasks = tuple(_tasks(seen))
    undone = seen.fault is not None and deployed.state is not State.DONE
    problems = (
        *(() if undone else _of_the_deployment(deployed)),
        *(() if undone else _of_the_loads(loads)),
        *(_of_standing_tasks(seen) if undone else _of_the_tasks(tasks, seen)),
        *_of_what_moved(plan, seen, written),
    )
    compared = None if reviewed_plan is None else plan_differences(reviewed_plan, plan.as_json())
    return RehearsalResult(
        outcome=RehearsalOutcome.FAILED if problems else RehearsalOutcome.PASSED,
        environment=plan.environment,
        team=plan.team,
        speed=speed,
        problems=problems,
        fingerprint=plan.fingerprint,
        plan_differences=compared,
        seconds=round((seen.ended - seen.began).total_seconds(), 1),
        lines=tuple(
            RehearsedLine(round((line.at - seen.began).total_seconds(), 1), line.message, line.detail, line.level)
            for line in deployed.lines
        ),
        pauses=pauses(seen.events, seen.ended),
        loads=() if undone else loads,
        tasks=tasks,
        fault=seen.fault.sentence if seen.fault is not None else "",
        ended=f"{deployed.state.value}: {deployed.message}" if seen.fault is not None else "",
    )


def _load(load: Load, seen: Seen, written: Mapping[str, int]) -> RehearsedLoad:
    reference = parse_table_reference(load.table)
    of_task = seen.statistics.get(load.task, ())
    counted = next((row for row in of_task if (row.schema, row.table) == (reference.schema, reference.table)), None)
    return RehearsedLoad(
        task=load.task,
        table=load.table,
        version=load.version,
        state=counted.state if counted is not None else "not listed by DMS",
        rows=counted.full_load_rows if counted is not None else 0,
        prefix=load.prefix,
        files=written.get(load.prefix, 0),
    )


def _tasks(seen: Seen) -> Iterator[RehearsedTask]:
    if seen.subject.is_base:
        return
    slug = seen.subject.team.slug
    for name, task in sorted(seen.subject.team.document.tasks.items()):
        view = seen.tasks.get(dms_name(slug, name))
        if not any(entry.active for entry in task.tables):
            yield RehearsedTask(dms_name(slug, name), view.status if view else "absent", as_wanted=view is None)
        else:
            status = view.status if view else "absent"
            wanted = view is not None and (view.at_rest if task.paused else view.running)
            yield RehearsedTask(dms_name(slug, name), status, as_wanted=wanted)


def _of_the_deployment(deployed: Deployed) -> Iterator[str]:
    if deployed.state is not State.DONE:
        yield f"The deployment ended as “{deployed.state.value.replace('-', ' ')}”: {deployed.message}"


def _of_the_loads(loads: tuple[RehearsedLoad, ...]) -> Iterator[str]:
    for load in loads:
        if load.state != COMPLETED:
            yield f"{load.table} did not load: {load.state}."
        elif load.rows and not load.files:
            yield f"{load.table} loaded, but nothing lies under {load.prefix}."


def _of_the_tasks(tasks: tuple[RehearsedTask, ...], seen: Seen) -> Iterator[str]:
    for task in tasks:
        if not task.as_wanted:
            view = seen.tasks.get(task.task)
            why = f" ({view.last_failure})" if view is not None and view.last_failure else ""
            yield f"{task.task} ended {task.status}, which is not what the config wants{why}."


def _of_standing_tasks(seen: Seen) -> Iterator[str]:
    """After a deployment that was undone: whatever exists and is not paused runs again."""
    paused = {name for name, file in seen.subject.team.document.tasks.items() if file.paused}
    for name, view in sorted(seen.tasks.items()):
        if not view.running and name.removeprefix(f"{seen.subject.team.slug}-") not in paused:
            yield f"{name} is left {view.status}, although it ran before."


def _of_what_moved(plan: Plan, seen: Seen, written: Mapping[str, int]) -> Iterator[str]:
    """A task that the plan does not name must not have stopped; a folder that it does not name not have been loaded."""
    named = {task for step in plan.steps for task in (*step.pause, *step.resume, *step.start)}
    for task in sorted({event.task for event in seen.events} - named):
        yield f"{task} stopped or started, although the plan does not touch it."
    for folder in sorted(set(written) - {load.prefix for step in plan.steps for load in step.loads}):
        yield f"{folder} was loaded again, although the plan does not say so."
