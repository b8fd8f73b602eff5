"""Side effects in plain words, worst first: what people read before any difference (design.md section 6).

A sentence says its own times; an effect's ``estimate_seconds`` is the same for programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deploy_engine.checks.case import Case
from deploy_engine.checks.places import task_named
from deploy_engine.config import Subject
from deploy_engine.diffing import MappedTable, TaskConsequence
from deploy_engine.live import RunState, StackView, TableStatistics, Unknown
from deploy_engine.planning.beside import Statistics as AllStatistics
from deploy_engine.planning.beside import removal, second_load, task_removal
from deploy_engine.planning.estimates import last_load
from deploy_engine.planning.plan import EffectKind, SideEffect, Step
from deploy_engine.planning.wording import about, duration, rows, tables

PAUSE_SECONDS = 132
"""Typical pause of one step: stop 37 s, stack update 40 s, start 55 s, the middles of reliability.md section C4."""

Statistics = tuple[TableStatistics, ...] | None


def _reload(task: TaskConsequence, before: MappedTable, after: MappedTable, statistics: Statistics) -> SideEffect:
    def effect(said: str, seconds: int | None = None) -> SideEffect:
        message = f"{after.identity} {said}; downstream keeps {before.version} until then"
        return SideEffect(EffectKind.RELOAD, task.name, after.identity, message, seconds)

    if task.wanted is not RunState.RUNNING:
        return effect(f"reloads from scratch into {after.prefix} once {task.name} is unpaused")
    last = last_load(before, statistics)
    if last is None:
        return effect(f"reloads from scratch into {after.prefix}: there is no estimate, for no earlier load is known")
    took = f"last full load took {duration(last.seconds)}, {rows(last.rows)}"
    said = f"reloads from scratch into {after.prefix}: {about(last.estimate_seconds)} ({took})"
    return effect(said, last.estimate_seconds)


def _of_tables(task: TaskConsequence, tasks: Sequence[TaskConsequence], known: AllStatistics) -> Iterator[SideEffect]:
    statistics = known.get(task.name)
    again = {after for _, after in task.reloads}
    for table in task.difference.removed:
        yield removal(task, table, tasks, known)
    for before, after in task.reloads:
        yield _reload(task, before, after, statistics)
    for table in task.loads:
        if table not in again:
            message = f"{table.identity} loads from scratch into {table.prefix}; there is no estimate of its size yet"
            alone = SideEffect(EffectKind.LOAD, task.name, table.identity, message)
            yield second_load(task, table, tasks, known) or alone


def _stood_still(case: Case, name: str) -> str:
    """How long a stopped task stood still, against how long its source keeps its log; "" where DMS does not tell."""
    views, found = case.observation.tasks, task_named(case.subject, name)
    stopped_at = None if isinstance(views, Unknown) or name not in views else views[name].stopped_at
    if stopped_at is None or found is None:
        return ""
    hours = case.subject.team.document.team.sources[found[1].source].log_retention_hours
    seconds = (case.now - stopped_at).total_seconds()
    if seconds > hours * 3600:
        return (
            f" {duration(seconds)} ago, longer than the {hours} h that its source keeps its log: it may not be able to"
        )
    return f" {duration(seconds)} ago (its source keeps its log for {hours} h)"


def _of_run_state(case: Case, task: TaskConsequence, pauses: int) -> Iterator[SideEffect]:
    if task.recreated:
        message = f"{task.name} is removed and created anew, for every one of its tables loads from scratch"
        yield SideEffect(EffectKind.CREATE_TASK, task.name, "", message)
    elif task.created:
        message = f"{task.name} is created with {tables(len(task.difference.after))}"
        yield SideEffect(EffectKind.CREATE_TASK, task.name, "", message)
    if task.wanted is RunState.STOPPED and task.pauses and not task.recreated:
        message = f"{task.name} stops and stays stopped, because its config says paused; its log position is kept"
        yield SideEffect(EffectKind.STAY_STOPPED, task.name, "", message)
    elif task.wanted is RunState.STOPPED and (task.touched or task.created):
        message = f"{task.name} is changed, but not started: its config says paused"
        yield SideEffect(EffectKind.STAY_STOPPED, task.name, "", message)
    elif task.wanted is RunState.RUNNING and task.pauses and not task.recreated:
        yield _pause(task, pauses)
    elif task.resumes:
        message = f"{task.name}, which is stopped now, runs again from where it stopped{_stood_still(case, task.name)}"
        yield SideEffect(EffectKind.RESUME, task.name, "", message)


def _pause(task: TaskConsequence, times: int) -> SideEffect:
    seconds = PAUSE_SECONDS * times
    long = f"twice, for {about(seconds)} in all" if times > 1 else f"for {about(seconds)}"
    why = ""
    if not task.difference.modified:
        why = f" while {' and '.join(task.difference.ground)} changes"
    message = f"{task.name} pauses {long}{why}; its other tables catch up from where they stopped"
    return SideEffect(EffectKind.PAUSE, task.name, "", message, seconds)


def _of_task(case: Case, task: TaskConsequence, tasks: Sequence[TaskConsequence], pauses: int) -> Iterator[SideEffect]:
    statistics = case.observation.statistics
    known = {} if isinstance(statistics, Unknown) else statistics
    if task.difference.existed and not task.difference.wanted:
        yield task_removal(task, tasks, known)
    yield from _of_tables(task, tasks, known)
    yield from _of_run_state(case, task, pauses)


def _of_stack(case: Case) -> Iterator[SideEffect]:
    stack = case.observation.stack
    if isinstance(stack, StackView) and stack.is_remains:
        message = f"what is left of {stack.name}, which never came up ({stack.status}) and holds nothing, is deleted"
        yield SideEffect(EffectKind.DELETE_STACK, "", "", message)


def side_effects(case: Case, consequences: Sequence[TaskConsequence], steps: Sequence[Step]) -> tuple[SideEffect, ...]:
    """Every effect of a plan with these steps, worst first, then by task and table."""
    gravity = list(EffectKind)
    of_tasks = (
        effect
        for task in consequences
        for effect in _of_task(case, task, consequences, sum(task.name in step.pause for step in steps))
    )
    effects = (*_of_stack(case), *of_tasks)
    return tuple(sorted(effects, key=lambda effect: (gravity.index(effect.kind), effect.task, effect.table)))


def not_affected(subject: Subject, consequences: Sequence[TaskConsequence]) -> str:
    """What is not touched, said as plainly as what is."""
    if subject.is_base:
        return "No team's tasks are affected: none runs through this base stack yet."
    untouched = sum(task.unaffected for task in consequences)
    many = "1 other task of {} runs on." if untouched == 1 else f"{untouched} other tasks of {{}} run on."
    others = f" {many.format(subject.team.slug)}" if untouched else ""
    return f"No other team is affected.{others}"
