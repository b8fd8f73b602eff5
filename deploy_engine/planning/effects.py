"""Side effects in plain words, worst first: what people read before any difference (design.md section 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deploy_engine.config import Subject
from deploy_engine.diffing import TaskConsequence
from deploy_engine.live import RunState
from deploy_engine.planning.plan import EffectKind, SideEffect

PAUSE_SECONDS = 132
"""Typical pause of one step: stop 37 s, stack update 40 s, start 55 s, the middles of reliability.md section C4."""


def minutes(seconds: int) -> str:
    """A duration as people say it: ``40 s``, ``about 4 min``, ``about 4 h 10 min``."""
    if seconds < 60:
        return f"{seconds} s"
    whole = round(seconds / 60)
    return f"about {whole} min" if whole < 60 else f"about {whole // 60} h {whole % 60:02d} min"


def _tables(count: int) -> str:
    return "1 table" if count == 1 else f"{count} tables"


def _of_task(task: TaskConsequence) -> Iterator[SideEffect]:
    name, difference = task.name, task.difference
    if difference.existed and not difference.wanted:
        message = (
            f"{name} is removed with its {_tables(len(difference.before))}: replication ends, its data in S3 stays"
        )
        yield SideEffect(EffectKind.REMOVE_TASK, name, "", message)
    for table in difference.removed:
        message = f"{table.identity} stops being replicated; its data stays under {table.prefix}"
        yield SideEffect(EffectKind.REMOVE_TABLE, name, table.identity, message)
    for table in task.loads:
        message = f"{table.identity} loads from scratch into {table.prefix}; there is no estimate of its size yet"
        yield SideEffect(EffectKind.LOAD, name, table.identity, message)
    if task.pauses and task.wanted is RunState.STOPPED:
        message = f"{name} stops and stays stopped, because its config says paused; its log position is kept"
        yield SideEffect(EffectKind.STAY_STOPPED, name, "", message)
    elif task.wanted is RunState.STOPPED and (task.touched or task.created):
        message = f"{name} is changed, but not started: its config says paused"
        yield SideEffect(EffectKind.STAY_STOPPED, name, "", message)
    if task.pauses and task.wanted is RunState.RUNNING:
        message = f"{name} pauses for {minutes(PAUSE_SECONDS)}; its other tables catch up from where they stopped"
        yield SideEffect(EffectKind.PAUSE, name, "", message, PAUSE_SECONDS)
    if task.created:
        message = f"{name} is created with {_tables(len(difference.after))}"
        yield SideEffect(EffectKind.CREATE_TASK, name, "", message)
    elif task.resumes and not task.pauses:
        yield SideEffect(EffectKind.RESUME, name, "", f"{name}, which is stopped now, runs again from where it stopped")


def side_effects(consequences: Sequence[TaskConsequence]) -> tuple[SideEffect, ...]:
    """Every effect of a plan, worst first, then by task and table."""
    gravity = list(EffectKind)
    effects = (effect for task in consequences for effect in _of_task(task))
    return tuple(sorted(effects, key=lambda effect: (gravity.index(effect.kind), effect.task, effect.table)))


def not_affected(subject: Subject, consequences: Sequence[TaskConsequence]) -> str:
    """What is not touched, said as plainly as what is."""
    if subject.is_base:
        return "No team's tasks are affected: none runs through this base stack yet."
    untouched = sum(task.unaffected for task in consequences)
    others = "" if not untouched else f" {untouched} other task{'s' * (untouched > 1)} of {subject.team.slug} run on."
    return f"No other team is affected.{others}"
