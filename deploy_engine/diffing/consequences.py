"""What a difference means for each task of a stack: does it pause, resume, start, and which tables then load.

Observing (what to ask AWS), checks (what must hold) and plans (what will happen) all rest on this one reckoning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deploy_engine.config import Subject
from deploy_engine.config.physical_names import dms_name
from deploy_engine.diffing.mappings import MappedTable
from deploy_engine.diffing.stacks import StackDifference, TaskDifference
from deploy_engine.live import RunState, TableStatistics, TaskView


@dataclass(frozen=True)
class TaskConsequence:
    """One task of the stack (``name``: its DMS name) and what deploying the wanted config means for it."""

    name: str
    difference: TaskDifference
    live: RunState
    wanted: RunState
    ever_ran: bool
    unfinished: tuple[MappedTable, ...] = ()
    """Tables of a stopped task whose load DMS has not finished: running it again loads them."""

    @property
    def touched(self) -> bool:
        """CloudFormation would modify or remove it."""
        return self.difference.existed and (self.difference.modified or not self.difference.wanted)

    @property
    def created(self) -> bool:
        """CloudFormation would create it."""
        return self.difference.wanted and not self.difference.existed

    @property
    def pauses(self) -> bool:
        """It runs now and must be stopped: because it changes, or because the config wants it stopped."""
        return self.live is RunState.RUNNING and (self.touched or self.wanted is not RunState.RUNNING)

    @property
    def starts(self) -> bool:
        """It runs for the first time afterwards, and loads all of its tables."""
        return self.wanted is RunState.RUNNING and not self.ever_ran

    @property
    def resumes(self) -> bool:
        """It ran before and is made to run again."""
        return self.wanted is RunState.RUNNING and self.ever_ran and (self.pauses or self.live is RunState.STOPPED)

    @property
    def loads(self) -> tuple[MappedTable, ...]:
        """The tables that start loading once it runs; none for a task that stays stopped."""
        if self.starts:
            return self.difference.after
        if not self.resumes:
            return ()
        return tuple(sorted({*self.difference.added, *self.unfinished}))

    @property
    def unaffected(self) -> bool:
        return not (self.touched or self.created or self.pauses or self.starts or self.resumes)


def _unfinished(difference: TaskDifference, statistics: tuple[TableStatistics, ...] | None) -> tuple[MappedTable, ...]:
    if statistics is None:
        return ()
    settled = {(table.schema, table.table) for table in statistics if not table.loading}
    return tuple(table for table in difference.after if table.key not in settled)


def task_consequences(
    subject: Subject,
    difference: StackDifference,
    tasks: Mapping[str, TaskView],
    statistics: Mapping[str, tuple[TableStatistics, ...]] | None = None,
) -> tuple[TaskConsequence, ...]:
    """One consequence per task that is deployed or wanted, by DMS name; empty for the base scope.

    ``tasks`` are the live ones by DMS name; ``statistics``, where they are known, tell what a stopped task still has to
    load.
    """
    if subject.is_base:
        return ()
    paused = {dms_name(subject.team.slug, name) for name, task in subject.team.document.tasks.items() if task.paused}
    consequences = []
    for name, task in sorted(difference.tasks.items()):
        view = tasks.get(name)
        wanted = RunState.RUNNING if name not in paused else RunState.STOPPED
        live = view.run_state if view else RunState.ABSENT
        known = (statistics or {}).get(name)
        consequences.append(
            TaskConsequence(
                name=name,
                difference=task,
                live=live,
                wanted=wanted if task.wanted else RunState.ABSENT,
                ever_ran=view is not None and view.ever_ran,
                unfinished=_unfinished(task, known) if live is RunState.STOPPED else (),
            )
        )
    return tuple(consequences)
