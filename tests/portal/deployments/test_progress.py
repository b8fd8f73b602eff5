"""How far a load is."""

from __future__ import annotations

import pytest

from deploy_engine.planning import Load
from portal.web.deployments.progress import load_meter
from replication.models import TableEntry, TableStatus, Task, TaskStatus

LOAD = Load("food-foodsearch", "fooddb/foodsearch/tags", "v202611231804", "data/x/")


def _entry(state: str, *, percent: int = 0, version: str = LOAD.version) -> TableEntry:
    task = Task(name="foodsearch")
    task.status = TaskStatus(task=task, state="running", full_load_percent=percent)
    entry = TableEntry(task=task, version=version)
    entry.status = TableStatus(entry=entry, state=state, full_load_rows=81234)
    return entry


@pytest.mark.parametrize(
    ("entry", "percent", "ended", "words"),
    [
        (_entry("Table completed"), 100, True, "100 %, 81\u202f234 rows"),
        (_entry("Full load", percent=41), 41, False, "41 %, 81\u202f234 rows so far"),
        (_entry("Full load", percent=100), 99, False, "99 %, 81\u202f234 rows so far"),
        (_entry("Before load"), 0, False, "0 %, not begun"),
        (_entry("Table error"), 0, True, "DMS says: Table error"),
        (_entry("Table completed", version="v202711231804"), 100, True, "no longer in the config"),
        (None, 100, True, "no longer in the config"),
    ],
)
def test_load_meter__each_state_of_a_table__is_a_percentage_that_never_says_too_much(
    entry: TableEntry | None, percent: int, ended: bool, words: str
) -> None:
    meter = load_meter(LOAD, entry)
    assert (meter.percent, meter.ended, meter.words) == (percent, ended, words)


def test_load_meter__a_table_that_nobody_has_seen__has_not_begun() -> None:
    meter = load_meter(LOAD, TableEntry(task=Task(name="foodsearch"), version=LOAD.version))
    assert (meter.percent, meter.ended) == (0, False)
