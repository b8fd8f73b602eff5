"""What a difference means for each task: pause, resume, start, and which tables load."""

import pytest

from deploy_engine.checks.sample import BARCODES, BRANDS, TASK, sample_subject, sample_task
from deploy_engine.config import TaskFile
from deploy_engine.diffing import TaskConsequence, compare_stacks, task_consequences
from deploy_engine.live import TableStatistics, TaskView
from deploy_engine.rendering import render

LOADED = TableStatistics("foodsearch", "barcodes", "Table completed")


def consequence(
    before: TaskFile | None,
    after: TaskFile | None,
    status: str = "running",
    *,
    ever_ran: bool = True,
    statistics: tuple[TableStatistics, ...] | None = (LOADED,),
) -> TaskConsequence:
    """What happens to the task `foodsearch`, as found in `status`."""
    tasks = {"foodsearch": after} if after else {"other": sample_task((("fooddb/other/t", BARCODES[1]),))}
    subject = sample_subject(tasks)
    deployed = render(sample_subject({"foodsearch": before})).template if before else None
    live = {TASK: TaskView(TASK, "arn", status, ever_ran)} if before else {}
    known = {TASK: statistics} if statistics is not None else None
    difference = compare_stacks(deployed, render(subject).template)
    return next(task for task in task_consequences(subject, difference, live, known) if task.name == TASK)


def loads(task: TaskConsequence) -> list[str]:
    return [table.identity for table in task.loads]


def test_task_consequences__nothing_changes__leaves_the_running_task_alone() -> None:
    assert consequence(sample_task(), sample_task()).unaffected


def test_task_consequences__a_new_task__starts_and_loads_all_of_its_tables() -> None:
    task = consequence(None, sample_task((BARCODES, BRANDS)))

    assert (task.pauses, task.resumes, task.starts) == (False, False, True)
    assert loads(task) == [BARCODES[0], BRANDS[0]]


def test_task_consequences__a_table_joins__pauses_resumes_and_loads_it_alone() -> None:
    task = consequence(sample_task(), sample_task((BARCODES, BRANDS)))

    assert (task.pauses, task.resumes, task.starts) == (True, True, False)
    assert loads(task) == [BRANDS[0]]


def test_task_consequences__a_table_leaves__loads_nothing() -> None:
    task = consequence(sample_task((BARCODES, BRANDS)), sample_task())

    assert (task.pauses, task.resumes, loads(task)) == (True, True, [])


def test_task_consequences__the_task_goes__is_stopped_and_not_run_again() -> None:
    task = consequence(sample_task(), None)

    assert (task.pauses, task.resumes, task.starts, loads(task)) == (True, False, False, [])


def test_task_consequences__paused_by_the_config__stops_and_loads_nothing() -> None:
    task = consequence(sample_task(), sample_task((BARCODES, BRANDS), paused=True))

    assert (task.pauses, task.resumes, task.starts, loads(task)) == (True, False, False, [])


def test_task_consequences__unpaused_after_a_table_joined__loads_what_dms_has_not_loaded() -> None:
    both = sample_task((BARCODES, BRANDS))

    task = consequence(sample_task((BARCODES, BRANDS), paused=True), both, "stopped")

    assert (task.resumes, loads(task)) == (True, [BRANDS[0]])


def test_task_consequences__deployed_but_never_run__starts_and_loads_everything() -> None:
    task = consequence(sample_task(), sample_task(), "ready", ever_ran=False, statistics=())

    assert (task.starts, loads(task)) == (True, [BARCODES[0]])


@pytest.mark.parametrize("status", ["stopped", "failed"])
def test_task_consequences__stopped_in_the_middle_of_a_load__loads_that_table_again(status: str) -> None:
    broken_off = (TableStatistics("foodsearch", "barcodes", "Full load"),)

    task = consequence(sample_task(), sample_task(), status, statistics=broken_off)

    assert (task.resumes, loads(task)) == (True, [BARCODES[0]])


@pytest.mark.parametrize("status", ["running", "starting"])
def test_task_consequences__running_or_about_to__counts_as_running(status: str) -> None:
    assert consequence(sample_task(), sample_task((BARCODES, BRANDS)), status).pauses
