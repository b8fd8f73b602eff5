"""The config between the two steps of a reload: what is wanted, without anything that would start to load.

All removals ride in the first step and all additions in the last, because only the last step may start a load
(docs/reliability.md, rule 11): a deployment that fails between the steps must not have begun something that cannot
be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy_engine.config import Subject, TaskFile
from deploy_engine.config.physical_names import dms_name
from deploy_engine.diffing import MappedTable, TaskConsequence


def _without(task: TaskFile, coming: frozenset[str]) -> TaskFile:
    return task.model_copy(update={"tables": tuple(entry for entry in task.tables if entry.source not in coming)})


def _coming(task: TaskConsequence) -> tuple[MappedTable, ...]:
    """What the last step brings; all of a task that leaves and comes back."""
    if task.recreated:
        return task.difference.after
    return (*task.difference.added, *(after for _, after in task.difference.renamed))


def halfway(subject: Subject, consequences: Sequence[TaskConsequence]) -> Subject:
    """The team's config as the first step deploys it; a task that has no table in it is absent from its template."""
    coming = {task.name: frozenset(table.identity for table in _coming(task)) for task in consequences}
    team = subject.team
    tasks = {
        name: _without(task, coming.get(dms_name(team.slug, name), frozenset()))
        for name, task in team.document.tasks.items()
    }
    environment = subject.environment.with_team(
        replace(team, document=team.document.model_copy(update={"tasks": tasks}))
    )
    return replace(subject, company=subject.company.with_environment(environment))
