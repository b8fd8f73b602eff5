"""What becomes of a task's running, in sentences: it pauses and why, stays stopped, runs again, is created anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.checks.places import task_named
from deploy_engine.diffing import TaskConsequence
from deploy_engine.diffing.stacks import ENDPOINT, INSTANCE
from deploy_engine.live import RunState, StackView, TaskView, Unknown
from deploy_engine.planning.plan import EffectKind, SideEffect
from deploy_engine.planning.wording import about, duration, listed, tables

PAUSE_SECONDS = 132
"""Typical pause of one step: stop 37 s, stack update 40 s, start 55 s; assumed, not measured on AWS."""

SECONDS_PER_TASK = 4
"""What one more task adds to a pause of many: stops and starts are made one by one, each after a fresh look at it."""

_FIXED = {"SourceEndpointArn": "source", "TargetEndpointArn": "delivery class", "ReplicationInstanceArn": "instance"}
_CHANGES = {
    "ReplicationInstanceClass": "class",
    "AllocatedStorage": "storage",
    "EngineVersion": "engine version",
    "MultiAZ": "multi-AZ",
    "DatabaseName": "database",
    "PostgreSqlSettings": "secret",
    "MySqlSettings": "secret",
    "S3Settings": "way of writing",
}
"""Properties of what tasks stand on, as people call them."""


def of_run_state(case: Case, task: TaskConsequence, pauses: int) -> Iterator[SideEffect]:
    """The effects on the task as a whole; ``pauses`` is how often the plan stops it."""
    yield from _of_creation(case, task)
    if task.wanted is RunState.STOPPED and task.pauses and not task.recreated:
        message = f"{task.name} stops and stays stopped, because its config says paused; its log position is kept"
        yield SideEffect(EffectKind.STAY_STOPPED, task.name, "", message)
    elif task.wanted is RunState.STOPPED and (task.touched or task.created):
        message = f"{task.name} is changed, but not started: its config says paused"
        yield SideEffect(EffectKind.STAY_STOPPED, task.name, "", message)
    elif task.wanted is RunState.RUNNING and task.pauses and not task.recreated:
        yield _pause(case, task, pauses)
    elif task.resumes:
        yield SideEffect(EffectKind.RESUME, task.name, "", _runs_again(case, task))


def _of_creation(case: Case, task: TaskConsequence) -> Iterator[SideEffect]:
    count = tables(len(task.difference.after))
    if task.recreated:
        fixed = " and ".join(_FIXED.get(name, name) for name in task.difference.fixed)
        why = f"its {fixed} cannot change in place" if fixed else "every one of its tables loads from scratch"
        yield SideEffect(
            EffectKind.CREATE_TASK, task.name, "", f"{task.name} is removed and created anew with {count}, for {why}"
        )
    elif task.created:
        message = f"{task.name} is created with {count}{_taken_over(case, task)}"
        yield SideEffect(EffectKind.CREATE_TASK, task.name, "", message)


def _taken_over(case: Case, task: TaskConsequence) -> str:
    """A task cannot be renamed: where a new one lists tables of one that leaves, they load from scratch."""
    wanted = {table.identity for table in task.difference.after}
    leaving = case.difference.tasks.values() if case.difference else ()
    for other in leaving:
        same = wanted & {table.identity for table in other.before}
        if same and not other.wanted:
            of = "which are" if len(same) == len(wanted) else f"{len(same)} of them"
            return f", {of} those of {other.name}: a task cannot be renamed or moved, so they load from scratch"
    return ""


def _pause(case: Case, task: TaskConsequence, times: int) -> SideEffect:
    seconds = PAUSE_SECONDS * times
    long = f"twice, for {about(seconds)} in all" if times > 1 else f"for {about(seconds)}"
    why = ""
    if task.difference.ground:
        why = f" while {listed(_ground(case, name) for name in task.difference.ground)}"
    message = f"{task.name} pauses {long}{why}; its other tables catch up from where they stopped"
    return SideEffect(EffectKind.PAUSE, task.name, "", message, seconds)


def _ground(case: Case, logical_id: str) -> str:
    """What a task stands on and how it changes: ``its instance food-main changes (class)``."""
    before, after = _properties(_deployed(case), logical_id), _properties(_wanted(case), logical_id)
    kind = case.difference.types[logical_id] if case.difference else ""
    changed = dict.fromkeys(
        _CHANGES.get(name, name) for name in sorted({*before, *after}) if before.get(name) != after.get(name)
    )
    what = f" ({', '.join(changed)})" if changed else ""
    if kind == INSTANCE:
        return f"its instance {after.get('ReplicationInstanceIdentifier', logical_id)} changes{what}"
    if kind == ENDPOINT:
        whose = "the lake endpoint" if after.get("EndpointType") == "target" else "its source"
        return f"{whose} {after.get('EndpointIdentifier', logical_id)} changes{what}"
    return f"{logical_id} changes{what}"


def _deployed(case: Case) -> Mapping[str, Any]:
    stack = case.observation.stack
    return (stack.template or {}) if isinstance(stack, StackView) else {}


def _wanted(case: Case) -> Mapping[str, Any]:
    return case.rendered.template if case.rendered else {}


def _properties(template: Mapping[str, Any], logical_id: str) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = template.get("Resources", {}).get(logical_id, {}).get("Properties", {})
    return properties


def _runs_again(case: Case, task: TaskConsequence) -> str:
    views = case.observation.tasks
    view = None if isinstance(views, Unknown) else views.get(task.name)
    state = "is stopped now"
    if view is not None and view.status == "failed":
        state = f"failed ({view.last_failure or view.stop_reason or 'DMS does not say why'})"
    return f"{task.name}, which {state}, runs again from where it stopped{_stood_still(case, task.name, view)}"


def _stood_still(case: Case, name: str, view: TaskView | None) -> str:
    """How long a stopped task stood still, against how long its source keeps its log; "" where DMS does not tell."""
    found = task_named(case.subject, name)
    if view is None or view.stopped_at is None or found is None:
        return ""
    hours = case.subject.team.document.team.sources[found[1].source].log_retention_hours
    seconds = (case.now - view.stopped_at).total_seconds()
    if seconds > hours * 3600:
        return (
            f" {duration(seconds)} ago, longer than the {hours} h that its source keeps its log: it may not be able to"
        )
    return f" {duration(seconds)} ago (its source keeps its log for {hours} h)"
