"""The steps of a plan: one, or two where a table that stays in its task changes version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy_engine.config import Subject
from deploy_engine.diffing import StackDifference, TaskConsequence, compare_stacks, mapping_sha256, needs_two_steps
from deploy_engine.live import RunState, TaskView
from deploy_engine.planning.halfway import halfway
from deploy_engine.planning.plan import Load, Resources, Step
from deploy_engine.rendering import RenderedTemplate, render


def make_steps(
    subject: Subject,
    deployed: Mapping[str, Any] | None,
    wanted: RenderedTemplate,
    difference: StackDifference,
    consequences: Sequence[TaskConsequence],
) -> tuple[Step, ...]:
    """What has to be done, in order; nothing where what runs is what is wanted."""
    if not needs_two_steps(consequences):
        moves = any(task.pauses or task.resumes or task.starts for task in consequences)
        return (_step(difference, consequences, wanted),) if moves or not difference.empty else ()
    between = render(halfway(subject, consequences))
    first = compare_stacks(deployed, between.template)
    second = compare_stacks(between.template, wanted.template)
    return (
        _step(first, _first(first, consequences), between),
        _step(second, _second(second, first, consequences), wanted),
    )


def make_base_steps(
    wanted: RenderedTemplate,
    difference: StackDifference,
    consequences: Sequence[TaskConsequence],
    tasks: Mapping[str, TaskView],
) -> tuple[Step, ...]:
    """All that run stop, the base stack is updated, and exactly those run again, each with the mapping that it had."""
    if difference.empty:
        return ()
    names = tuple(task.name for task in consequences if task.pauses)
    step = _step(difference, [task for task in consequences if task.pauses], wanted)
    kept = tuple((name, mapping_sha256(tasks[name].table_mappings)) for name in names)
    return (replace(step, mappings_kept=kept, expected_tables=()),)


def _first(difference: StackDifference, overall: Sequence[TaskConsequence]) -> tuple[TaskConsequence, ...]:
    """What the first step means for each deployed task.

    What runs and shall go on running is resumed; what stands still waits for the last step, for its start may begin a
    load, unless it has to run between the steps.
    """
    return tuple(
        replace(
            task,
            difference=difference.tasks[task.name],
            wanted=_between(difference, task),
            unfinished=tuple(sorted({*task.unfinished} & {*difference.tasks[task.name].after})),
            recreated=False,
        )
        for task in overall
        if task.name in difference.tasks
    )


def _between(difference: StackDifference, task: TaskConsequence) -> RunState:
    if not difference.tasks[task.name].wanted:
        return RunState.ABSENT
    runs = task.live is RunState.RUNNING or task.runs_between
    return RunState.RUNNING if runs and task.wanted is RunState.RUNNING else RunState.STOPPED


def _second(
    difference: StackDifference, first: StackDifference, overall: Sequence[TaskConsequence]
) -> tuple[TaskConsequence, ...]:
    """What the last step means for each task, over what the first one left."""
    return tuple(
        replace(
            task,
            difference=difference.tasks[task.name],
            live=_between(first, task) if task.name in first.tasks else RunState.ABSENT,
            ever_ran=task.ever_ran and difference.tasks[task.name].existed,
            recreated=False,
        )
        for task in overall
        if task.name in difference.tasks
    )


def _step(difference: StackDifference, consequences: Sequence[TaskConsequence], template: RenderedTemplate) -> Step:
    removed = {table.identity for task in consequences for table in task.difference.removed}
    added = {table.identity for task in consequences for table in task.difference.added}
    touched = [task for task in consequences if not task.unaffected]
    return Step(
        pause=tuple(task.name for task in consequences if task.pauses),
        resume=tuple(task.name for task in consequences if task.resumes),
        start=tuple(task.name for task in consequences if task.starts),
        stay_stopped=tuple(task.name for task in touched if task.wanted is RunState.STOPPED),
        tables_add=tuple(sorted(added)),
        tables_remove=tuple(sorted(removed)),
        resources=Resources(difference.added, difference.modified, difference.removed, difference.replaced),
        loads=tuple(
            Load(task.name, table.identity, table.version, table.prefix)
            for task in consequences
            for table in task.loads
        ),
        template=template.text,
        expected_tables=tuple(
            (task.name, tuple(sorted(".".join(table.key) for table in task.difference.after)))
            for task in touched
            if task.wanted is RunState.RUNNING
        ),
    )
