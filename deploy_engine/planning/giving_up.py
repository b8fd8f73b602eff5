"""Loads that run away and are given up by name, with the folder that they were filling.

A task may stop over them only if it loads nothing else: the step says which loads these are, and the deployment honours
exactly those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from deploy_engine.checks.case import Case
from deploy_engine.diffing import MappedTable, TaskConsequence
from deploy_engine.live import TableStatistics, Unknown
from deploy_engine.planning.plan import EffectKind, SideEffect, Step
from deploy_engine.planning.wording import rows


def _statistics(case: Case, task: str) -> tuple[TableStatistics, ...]:
    known = case.observation.statistics
    return () if isinstance(known, Unknown) else known.get(task, ())


def _given_up(case: Case, task: TaskConsequence) -> tuple[MappedTable, ...]:
    """What ``task`` gives up; nothing where it loads anything else, for then it must not be stopped at all."""
    statistics = _statistics(case, task.name)
    abandoned = task.abandons(statistics, case.subject.given_up) if task.pauses else ()
    return abandoned if len(abandoned) == sum(table.loading for table in statistics) else ()


def with_given_up(case: Case, steps: tuple[Step, ...], consequences: Sequence[TaskConsequence]) -> tuple[Step, ...]:
    """The steps, of which the first, with which tables leave, names the loads that are given up."""
    given_up = tuple((task.name, ".".join(table.key)) for task in consequences for table in _given_up(case, task))
    return (replace(steps[0], given_up=given_up), *steps[1:]) if steps and given_up else steps


def of_given_up(case: Case, task: TaskConsequence) -> Iterator[SideEffect]:
    """What it means that a load is given up, in a sentence for each."""
    counted = {(table.schema, table.table): table.full_load_rows for table in _statistics(case, task.name)}
    for table in _given_up(case, task):
        message = (
            f"the load of {table.identity} is given up after {rows(counted[table.key])}: "
            f"what lies under {table.prefix} is a part of the table, and stays"
        )
        yield SideEffect(EffectKind.GIVE_UP_LOAD, task.name, table.identity, message)
