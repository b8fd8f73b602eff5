"""``reload.task-can-run``: a table that DMS still remembers comes back only through a task that ran without it.

DMS honours no changed rename of a table that it knows (dms-facts.md section 1): the table would go on in its old
folder, or not load at all. It forgets a table only by running without it, so one that was taken out of a paused or failed
task is still known there.
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import table_place
from deploy_engine.checks.sample import BARCODES, BRANDS, TASK, sample_case, sample_subject, sample_task
from deploy_engine.diffing import TaskConsequence
from deploy_engine.findings import Finding, Status
from deploy_engine.live import RunState, TableStatistics, TaskView, Unknown

ID = "reload.task-can-run"
_WAIT = "wait a minute until DMS has let go of the table, then check again"
_RUN_FIRST = "let the task run once without the table: unpause or mend it, deploy, then add the table"


def _of_task(case: Case, task: TaskConsequence, known: tuple[TableStatistics, ...]) -> Iterator[Finding]:
    runs = task.live is RunState.RUNNING
    remembered = {(table.schema, table.table) for table in known}
    changing = () if runs else tuple(after for _, after in task.difference.renamed)
    returning = tuple(table for table in task.difference.added if table.key in remembered)
    for table in (*changing, *returning):
        place = table_place(case.subject, task.name, table)
        state = "has not let go of it yet" if runs else "does not run, so DMS still remembers it"
        message = f"{table.identity} comes back to {task.name} as {table.version}, but that task {state}"
        remedy = _WAIT if runs else _RUN_FIRST
        allowed = "a task that ran without the table"
        yield Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, table.version, allowed)


def _run(case: Case) -> Iterator[Finding]:
    consequences, statistics = case.consequences, case.observation.statistics
    if isinstance(consequences, Unknown) or isinstance(statistics, Unknown):
        raise CouldNotRun("the state of the tasks is not known")
    for task in consequences:
        if task.difference.existed and task.ever_ran and (task.difference.added or task.difference.renamed):
            if task.name not in statistics:
                raise CouldNotRun(f"which tables {task.name} knows was not asked")
            yield from _of_task(case, task, statistics[task.name])


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
