"""``reload.task-can-run``: a table that DMS still remembers comes back only through a task that ran without it.

DMS honours no changed rename of a table that it knows (dms-facts.md section 1): the table would go on in its old
folder, or not load at all. It forgets a table only by running without it, which is what a reload's first step is for:
so a version changes only in a task that may run between the steps, and a table that was taken out of a paused or failed
task is still known there. A task all of whose tables load again is created anew, and remembers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import table_place
from deploy_engine.checks.sample import BARCODES, BRANDS, TASK, sample_case, sample_subject, sample_task
from deploy_engine.config import Subject
from deploy_engine.diffing import MappedTable, TaskConsequence
from deploy_engine.findings import Finding, Status
from deploy_engine.live import RunState, TableStatistics, TaskView, Unknown

ID = "reload.task-can-run"
_WAIT = "wait a minute until DMS has let go of the table, then check again"
_UNPAUSE = "unpause the task with the same change, or give all of its tables new versions: then it is created anew"
_MEND = "resume the task first, or give all of its tables new versions: then it is created anew"
_RELOAD_TOO = "give that table a new version too, for what was broken off cannot be gone on with"
_RUN_FIRST = "let the task run once without the table: unpause or mend it, deploy, then add the table"


def _had_before(subject: Subject, table: MappedTable) -> bool:
    """Whether the environment's ledgers know another version of the table."""
    ledgers = (team.ledger for team in subject.environment.teams.values())
    return any(version != table.version for ledger in ledgers for version in ledger.versions(table.identity))


def _remembered(case: Case, task: TaskConsequence, known: tuple[TableStatistics, ...] | None) -> Iterator[MappedTable]:
    """The tables that join the task though DMS knows them there; where DMS was not asked, those that it may know."""
    names = {(table.schema, table.table) for table in known or ()}
    for table in task.difference.added:
        if table.key in names if known is not None else _had_before(case.subject, table):
            yield table


def _why_not_between(case: Case, task: TaskConsequence) -> tuple[str, str]:
    """Why the task cannot run between the steps of a reload, and what to do about it."""
    views = case.observation.tasks
    if task.wanted is not RunState.RUNNING:
        return "its config says paused, so it would not run in between and DMS would still know the table", _UNPAUSE
    if not task.sound:
        state = "gone" if isinstance(views, Unknown) or task.name not in views else views[task.name].status
        return f"it is {state}, so it may not run in between and DMS would still know the table", _MEND
    loading = ", ".join(table.identity for table in task.unfinished if table in task.difference.kept)
    return f"running it in between would begin the unfinished load of {loading}", _RELOAD_TOO


def _of_task(case: Case, task: TaskConsequence, known: tuple[TableStatistics, ...] | None) -> Iterator[Finding]:
    def finding(table: MappedTable, why: str, remedy: str) -> Finding:
        place = table_place(case.subject, task.name, table)
        message = f"{table.identity} cannot come to {task.name} as {table.version}: {why}"
        allowed = "a task that runs without the table first"
        return Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, table.version, allowed)

    if not task.can_run_between:
        for _, table in task.reloads:
            yield finding(table, *_why_not_between(case, task))
    for table in _remembered(case, task, known):
        if task.live is RunState.RUNNING:
            yield finding(table, "DMS has not let go of it in that task yet", _WAIT)
        else:
            yield finding(table, "that task does not run, so DMS may still know the table there", _RUN_FIRST)


def _run(case: Case) -> Iterator[Finding]:
    consequences, statistics = case.consequences, case.observation.statistics
    if isinstance(consequences, Unknown) or isinstance(statistics, Unknown):
        raise CouldNotRun("the state of the tasks is not known")
    for task in consequences:
        if task.difference.existed and task.ever_ran and not task.recreated:
            yield from _of_task(case, task, statistics.get(task.name))


def _brands_return(*remembered: str) -> Case:
    wanted = sample_subject({"foodsearch": sample_task((BARCODES, BRANDS))})
    return sample_case(
        wanted,
        sample_subject(),
        tasks={TASK: TaskView(TASK, f"arn:{TASK}", "stopped", ever_ran=True)},
        statistics={TASK: tuple(TableStatistics("foodsearch", table, "Table completed") for table in remembered)},
    )


CHECK = Check(
    id=ID,
    title="A table comes back only where DMS has forgotten it",
    severity=Status.FAILED,
    remedy=_RUN_FIRST,
    run=_run,
    needs=frozenset({Part.DIFFERENCE, Part.TASKS, Part.STATISTICS}),
    reads=("dms:DescribeReplicationTasks", "dms:DescribeTableStatistics"),
    good=Example("brands joins a stopped task that never knew it", lambda: _run(_brands_return("barcodes"))),
    bad=Example(
        "brands was taken out of a stopped task and comes back", lambda: _run(_brands_return("barcodes", "brands"))
    ),
)
