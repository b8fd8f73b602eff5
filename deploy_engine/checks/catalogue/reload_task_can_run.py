"""``reload.task-can-run``: a table that DMS still remembers comes back only through a task that ran without it.

DMS honours no changed rename of a table that it knows (dms-facts.md section 1): the table would go on in its old
folder, or not load at all. It forgets a table only by running without it, so one that was taken out of a paused or
failed task is still known there.
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


def _of_task(case: Case, task: TaskConsequence, known: tuple[TableStatistics, ...] | None) -> Iterator[Finding]:
    runs = task.live is RunState.RUNNING
    changing = () if runs else tuple(after for _, after in task.difference.renamed)
    for table in (*changing, *_remembered(case, task, known)):
        place = table_place(case.subject, task.name, table)
        state = "has not let go of it yet" if runs else "does not run, so DMS may still remember it"
        message = f"{table.identity} comes back to {task.name} as {table.version}, but that task {state}"
        remedy = _WAIT if runs else _RUN_FIRST
        allowed = "a task that ran without the table"
        yield Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, table.version, allowed)


def _run(case: Case) -> Iterator[Finding]:
    consequences, statistics = case.consequences, case.observation.statistics
    if isinstance(consequences, Unknown) or isinstance(statistics, Unknown):
        raise CouldNotRun("the state of the tasks is not known")
    for task in consequences:
        if task.difference.existed and task.ever_ran:
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
