"""Side effects in plain words, worst first: what people read before any difference.

A sentence says its own times; an effect's ``estimate_seconds`` is the same for programs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from deploy_engine.checks.case import Case
from deploy_engine.config import Subject
from deploy_engine.config.physical_names import dms_name
from deploy_engine.diffing import MappedTable, TaskConsequence
from deploy_engine.live import RunState, StackView, TableStatistics, Unknown
from deploy_engine.planning.base_effects import NOBODY, of_base
from deploy_engine.planning.beside import Statistics as AllStatistics
from deploy_engine.planning.beside import removal, second_load, task_removal
from deploy_engine.planning.estimates import Sources, last_load, load_estimate
from deploy_engine.planning.giving_up import of_given_up
from deploy_engine.planning.plan import EffectKind, SideEffect, Step
from deploy_engine.planning.run_state_effects import of_run_state

Statistics = tuple[TableStatistics, ...] | None


def _reload(
    task: TaskConsequence, before: MappedTable, after: MappedTable, statistics: Statistics, sources: Sources
) -> SideEffect:
    def effect(said: str, seconds: int | None = None) -> SideEffect:
        message = f"{after.identity} {said}; downstream keeps {before.version} until then"
        return SideEffect(EffectKind.RELOAD, task.name, after.identity, message, seconds)

    if task.wanted is not RunState.RUNNING:
        return effect(f"reloads from scratch into {after.prefix} once {task.name} is unpaused")
    estimate, seconds = load_estimate(after, last_load(before, statistics), sources)
    return effect(f"reloads from scratch into {after.prefix}: {estimate}", seconds)


def _paused_tables(subject: Subject, task: TaskConsequence) -> frozenset[str]:
    """The identities that stay in the task's config, paused."""
    files = subject.team.document.tasks.items()
    file = next((file for name, file in files if dms_name(subject.team.slug, name) == task.name), None)
    return frozenset(entry.source for entry in file.tables if entry.paused) if file is not None else frozenset()


def _of_tables(
    task: TaskConsequence,
    tasks: Sequence[TaskConsequence],
    known: AllStatistics,
    sources: Sources,
    paused: Collection[str],
) -> Iterator[SideEffect]:
    statistics = known.get(task.name)
    again = {after for _, after in task.reloads}
    for table in task.difference.removed:
        yield removal(task, table, tasks, known, paused)
    for before, after in task.reloads:
        yield _reload(task, before, after, statistics, sources)
    for table in task.loads:
        if table not in again:
            estimate, seconds = load_estimate(table, None, sources)
            message = f"{table.identity} loads from scratch into {table.prefix}: {estimate}"
            alone = SideEffect(EffectKind.LOAD, task.name, table.identity, message, seconds)
            yield second_load(task, table, tasks, known, sources) or alone


def _of_task(case: Case, task: TaskConsequence, tasks: Sequence[TaskConsequence], pauses: int) -> Iterator[SideEffect]:
    statistics = case.observation.statistics
    known = {} if isinstance(statistics, Unknown) else statistics
    paused = _paused_tables(case.subject, task)
    if task.difference.existed and not task.difference.wanted:
        yield task_removal(task, tasks, known, paused)
    yield from _of_tables(task, tasks, known, case.observation.sources, paused)
    yield from of_given_up(case, task)
    yield from of_run_state(case, task, pauses)


def _of_stack(case: Case) -> Iterator[SideEffect]:
    stack = case.observation.stack
    if isinstance(stack, StackView) and stack.is_remains:
        message = f"what is left of {stack.name}, which never came up ({stack.status}) and holds nothing, is deleted"
        yield SideEffect(EffectKind.DELETE_STACK, "", "", message)


def side_effects(case: Case, consequences: Sequence[TaskConsequence], steps: Sequence[Step]) -> tuple[SideEffect, ...]:
    """Every effect of a plan with these steps, worst first, then by task and table."""
    gravity = list(EffectKind)
    if case.subject.is_base:
        of_tasks = of_base(case, consequences)
    else:
        of_tasks = (
            effect
            for task in consequences
            for effect in _of_task(case, task, consequences, sum(task.name in step.pause for step in steps))
        )
    effects = (*_of_stack(case), *of_tasks)
    return tuple(sorted(effects, key=lambda effect: (gravity.index(effect.kind), effect.task, effect.table)))


_STAYS = "its sources and instances stay"


def not_affected(subject: Subject, consequences: Sequence[TaskConsequence]) -> str:
    """What is not touched, said as plainly as what is."""
    if subject.is_base:
        paused = any(task.pauses for task in consequences)
        return "The data in the lake is not touched, and no table loads again." if paused else NOBODY
    if consequences and not any(task.difference.wanted for task in consequences):
        return f"No other team is affected. Nothing of {subject.team.slug} is replicated afterwards: {_STAYS}."
    untouched = sum(task.unaffected for task in consequences)
    many = "1 other task of {} runs on." if untouched == 1 else f"{untouched} other tasks of {{}} run on."
    others = f" {many.format(subject.team.slug)}" if untouched else ""
    return f"No other team is affected.{others}"
