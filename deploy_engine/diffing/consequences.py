"""What a difference means for each task of a stack: does it pause, resume, start, and which tables then load.

Observing (what to ask AWS), checks (what must hold) and plans (what will happen) all rest on this one reckoning.

A table that stays in its task and changes version needs two steps: DMS honours no changed rename of a table that it
knows, so the task must run without the table in between (dms-facts.md section 0, fact 3). Where nothing of a task is
kept there would be nothing to run in between: it leaves the stack with the first step and is created anew by the last.
So does a task whose source, instance or delivery class changes, for these cannot change in place: provided that nothing
of it is kept, or that it never ran.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from deploy_engine.config import Subject
from deploy_engine.config.physical_names import dms_name
from deploy_engine.diffing.mappings import MappedTable
from deploy_engine.diffing.stacks import StackDifference, TaskDifference
from deploy_engine.live import RunState, TableStatistics, TaskView

_CAN_RUN = frozenset({"running", "starting", "stopped"})


@dataclass(frozen=True)
class TaskConsequence:
    """One task of the stack (``name``: its DMS name) and what deploying the wanted config means for it.

    ``unfinished`` are tables of a stopped task whose load DMS has not finished: running it again loads them. ``sound``
    is false for a task that failed or is on its way somewhere. ``recreated``: it leaves and comes back (see above).
    """

    name: str
    difference: TaskDifference
    live: RunState
    wanted: RunState
    ever_ran: bool
    unfinished: tuple[MappedTable, ...] = ()
    sound: bool = True
    recreated: bool = False

    @property
    def touched(self) -> bool:
        """CloudFormation would modify or remove it, or what it stands on."""
        return self.difference.touched

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
        return self.wanted is RunState.RUNNING and (self.recreated or not self.ever_ran)

    @property
    def resumes(self) -> bool:
        """It ran before and is made to run again."""
        again = self.pauses or self.live is RunState.STOPPED
        return self.wanted is RunState.RUNNING and again and not self.starts

    @property
    def reloads(self) -> tuple[tuple[MappedTable, MappedTable], ...]:
        """Tables that DMS knows in this task and that change version: (before, after)."""
        return self.difference.renamed if self.ever_ran and self.difference.wanted else ()

    @property
    def loads(self) -> tuple[MappedTable, ...]:
        """The tables that start loading once it runs; none for a task that stays stopped."""
        if self.starts:
            return self.difference.after
        if not self.resumes:
            return ()
        again = (after for _, after in self.difference.renamed)
        return tuple(sorted({*self.difference.added, *again, *self.unfinished}))

    @property
    def runs_between(self) -> bool:
        """It has to run between the steps, so that DMS forgets what reloads."""
        return bool(self.reloads) and not self.recreated

    @property
    def can_run_between(self) -> bool:
        """It may run between the steps: the config wants it to, it is able to, and no load would begin by that."""
        able = self.sound and self.live is not RunState.ABSENT
        coming = {*self.difference.added, *(after for _, after in self.difference.renamed)}
        return able and self.wanted is RunState.RUNNING and not set(self.unfinished) - coming

    def abandons(self, statistics: Iterable[TableStatistics], given_up: Iterable[str]) -> tuple[MappedTable, ...]:
        """The loading tables, among those ``given_up`` by name, that leave the folder into which they load."""
        loading = {(table.schema, table.table) for table in statistics if table.loading}
        named, kept = set(given_up), set(self.difference.kept)
        return tuple(
            table
            for table in self.difference.before
            if table.key in loading and table.identity in named and table not in kept
        )

    @property
    def unaffected(self) -> bool:
        return not (self.touched or self.created or self.pauses or self.starts or self.resumes)


def needs_two_steps(tasks: Iterable[TaskConsequence]) -> bool:
    """Whether a table that stays in its task changes version, or a task leaves and comes back."""
    return any(task.reloads or task.recreated for task in tasks)


def _unfinished(difference: TaskDifference, statistics: tuple[TableStatistics, ...] | None) -> tuple[MappedTable, ...]:
    if statistics is None:
        return ()
    settled = {(table.schema, table.table) for table in statistics if not table.loading}
    return tuple(table for table in difference.after if table.key not in settled)


def _consequence(
    difference: TaskDifference,
    view: TaskView | None,
    statistics: tuple[TableStatistics, ...] | None,
    *,
    paused: bool,
) -> TaskConsequence:
    wanted = RunState.STOPPED if paused else RunState.RUNNING
    live = view.run_state if view else RunState.ABSENT
    return TaskConsequence(
        name=difference.name,
        difference=difference,
        live=live,
        wanted=wanted if difference.wanted else RunState.ABSENT,
        ever_ran=view is not None and (view.ever_ran or live is RunState.RUNNING),
        unfinished=_unfinished(difference, statistics) if live is RunState.STOPPED else (),
        sound=view is not None and view.status in _CAN_RUN,
    )


def task_consequences(
    subject: Subject,
    difference: StackDifference,
    tasks: Mapping[str, TaskView],
    statistics: Mapping[str, tuple[TableStatistics, ...]] | None = None,
) -> tuple[TaskConsequence, ...]:
    """One consequence per task that is deployed or wanted, by DMS name; of a team's scope.

    ``tasks`` are the live ones by DMS name; ``statistics``, where they are known, tell what a stopped task still has to
    load.
    """
    paused = {dms_name(subject.team.slug, name) for name, task in subject.team.document.tasks.items() if task.paused}
    known = statistics or {}
    consequences = tuple(
        _consequence(task, tasks.get(name), known.get(name), paused=name in paused)
        for name, task in sorted(difference.tasks.items())
    )
    moved = tuple(replace(task, recreated=_moves(task)) for task in consequences)
    if not needs_two_steps(moved):
        return moved
    return tuple(replace(task, recreated=task.recreated or _nothing_kept(task.difference)) for task in moved)


def _moves(task: TaskConsequence) -> bool:
    """It changes what cannot change in place, and has nothing that would be lost by being created anew."""
    return bool(task.difference.fixed) and (_nothing_kept(task.difference) or not task.ever_ran)


def _nothing_kept(difference: TaskDifference) -> bool:
    return difference.existed and difference.wanted and not difference.kept
