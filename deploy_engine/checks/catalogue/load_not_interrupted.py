"""``load.not-interrupted``: no task that pauses has a table in full load, or about to be.

An interrupted load starts from the beginning, into a folder that is no longer empty (dms-facts.md section 2).
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import Place, scope_place, table_place, task_named, task_place, team_place
from deploy_engine.checks.sample import BARCODES, BRANDS, TASK, sample_case, sample_subject, sample_task
from deploy_engine.diffing import TaskConsequence
from deploy_engine.findings import Finding, Status
from deploy_engine.live import TableStatistics, TaskView, Unknown

ID = "load.not-interrupted"
_REMEDY = "wait for the end of the load, then deploy"


def _place(case: Case, task: TaskConsequence, loading: TableStatistics | None) -> Place:
    """The loading table's entry; its task where the table is not in the config any more."""
    for table in task.difference.after if loading and not case.subject.is_base else ():
        if loading is not None and table.key == (loading.schema, loading.table):
            return table_place(case.subject, task.name, table)
    if case.subject.is_base:
        return scope_place(case.subject)
    found = task_named(case.subject, task.name)
    return task_place(case.subject, found[0]) if found else team_place(case.subject)


def _finding(case: Case, task: TaskConsequence, message: str, loading: TableStatistics | None) -> Finding:
    place = _place(case, task, loading)
    found = f"{loading.state}, {loading.full_load_rows:,} rows so far" if loading else "a load in progress"
    return Finding(ID, Status.FAILED, message, place.file, place.pointer, _REMEDY, found, "no table in full load")


def _of_task(
    case: Case, task: TaskConsequence, view: TaskView, statistics: tuple[TableStatistics, ...]
) -> Iterator[Finding]:
    loading = [table for table in statistics if table.loading]
    for table in loading:
        message = f"{task.name} would be stopped while {table.schema}.{table.table} is in full load"
        yield _finding(case, task, message, table)
    if not loading and (view.tables_loading or view.tables_queued):
        message = f"{task.name} would be stopped while {view.tables_loading + view.tables_queued} table(s) are loading"
        yield _finding(case, task, message, None)


def _run(case: Case) -> Iterator[Finding]:
    consequences, tasks, statistics = case.consequences, case.observation.tasks, case.observation.statistics
    if isinstance(consequences, Unknown) or isinstance(tasks, Unknown) or isinstance(statistics, Unknown):
        raise CouldNotRun("the state of the tasks is not known")
    for task in consequences:
        if task.pauses:
            if task.name not in statistics:
                raise CouldNotRun(f"what the tables of {task.name} are doing was not asked")
            yield from _of_task(case, task, tasks[task.name], statistics[task.name])


def _brands_added(state: str) -> Case:
    wanted = sample_subject({"foodsearch": sample_task((BARCODES, BRANDS))})
    schema, table = BARCODES[0].split("/")[1:]
    return sample_case(wanted, sample_subject(), statistics={TASK: (TableStatistics(schema, table, state),)})


CHECK = Check(
    id=ID,
    title="No full load is interrupted",
    severity=Status.FAILED,
    remedy=_REMEDY,
    run=_run,
    needs=frozenset({Part.DIFFERENCE, Part.TASKS, Part.STATISTICS}),
    reads=("dms:DescribeReplicationTasks", "dms:DescribeTableStatistics"),
    good=Example("brands joins a task whose table is loaded", lambda: _run(_brands_added("Table completed"))),
    bad=Example("brands joins a task whose table is in full load", lambda: _run(_brands_added("Full load"))),
)
