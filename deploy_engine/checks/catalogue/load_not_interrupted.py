"""``load.not-interrupted``: no task that pauses has a table in full load, or about to be.

An interrupted load starts from the beginning, into a folder that is no longer empty (dms-facts.md section 2). A load
that runs away may be given up by name: only where its table leaves that folder, and with every other load of the task.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import Place, scope_place, table_place, task_named, task_place, team_place
from deploy_engine.checks.sample import BARCODES, BRANDS, TASK, sample_case, sample_subject, sample_task
from deploy_engine.diffing import MappedTable, TaskConsequence
from deploy_engine.findings import Finding, Status
from deploy_engine.live import TableStatistics, TaskView, Unknown

ID = "load.not-interrupted"
_REMEDY = (
    "wait for the end of the load, then deploy; a load that runs away can be given up by a platform engineer, in a "
    "plan that removes its table or gives it a new version"
)
_GIVE_UP = "remove the table or give it a new version with the same change, or do not give it up"
_GIVEN_UP = "a table that loads in a task that pauses, and that leaves its folder"
_TELL = "tell whoever reads the folder that it holds a part of the table"


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


def _given_up(case: Case, task: TaskConsequence, table: MappedTable, loading: TableStatistics) -> Finding:
    place = _place(case, task, loading)
    message = (
        f"the load of {table.identity} is given up after {loading.full_load_rows:,} rows: "
        f"what lies under {table.prefix} is a part of the table, and stays"
    )
    found = f"{loading.state}, given up"
    return Finding(ID, Status.WARNING, message, place.file, place.pointer, _TELL, found, "no table in full load")


def _of_task(
    case: Case, task: TaskConsequence, view: TaskView, statistics: tuple[TableStatistics, ...]
) -> Iterator[Finding]:
    loading = [table for table in statistics if table.loading]
    abandoned = {table.key: table for table in task.abandons(loading, case.subject.given_up)}
    for table in loading:
        given_up = abandoned.get((table.schema, table.table))
        if given_up is not None:
            yield _given_up(case, task, given_up, table)
        else:
            message = f"{task.name} would be stopped while {table.schema}.{table.table} is in full load"
            yield _finding(case, task, message, table)
    if not loading and (view.tables_loading or view.tables_queued):
        message = f"{task.name} would be stopped while {view.tables_loading + view.tables_queued} table(s) are loading"
        yield _finding(case, task, message, None)


def _without_effect(
    case: Case, consequences: tuple[TaskConsequence, ...], statistics: Mapping[str, tuple[TableStatistics, ...]]
) -> Iterator[Finding]:
    """What was given up in vain: it does not load, or stays in the folder into which it loads."""
    pausing = [task for task in consequences if task.pauses]
    abandoned = {
        table.identity
        for task in pausing
        for table in task.abandons(statistics.get(task.name, ()), case.subject.given_up)
    }
    for identity in sorted(case.subject.given_up - abandoned):
        place = scope_place(case.subject)
        message = f"{identity} is named as given up, and no load of it would be abandoned"
        yield Finding(ID, Status.WARNING, message, place.file, place.pointer, _GIVE_UP, identity, _GIVEN_UP)


def _run(case: Case) -> Iterator[Finding]:
    consequences, tasks, statistics = case.consequences, case.observation.tasks, case.observation.statistics
    if isinstance(consequences, Unknown) or isinstance(tasks, Unknown) or isinstance(statistics, Unknown):
        raise CouldNotRun("the state of the tasks is not known")
    for task in consequences:
        if task.pauses:
            if task.name not in statistics:
                raise CouldNotRun(f"what the tables of {task.name} are doing was not asked")
            yield from _of_task(case, task, tasks[task.name], statistics[task.name])
    yield from _without_effect(case, consequences, statistics)


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
