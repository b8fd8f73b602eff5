"""Two templates compared: what CloudFormation would do, and with which tables."""

import pytest

from deploy_engine.checks.sample import BARCODES, BRANDS, TASK, sample_subject, sample_task
from deploy_engine.config import Subject, TaskFile
from deploy_engine.diffing import StackDifference, compare_stacks, template_sha256
from deploy_engine.rendering import render


def compared(before: dict[str, TaskFile] | None, after: dict[str, TaskFile]) -> StackDifference:
    deployed: Subject | None = sample_subject(before) if before is not None else None
    return compare_stacks(render(deployed).template if deployed else None, render(sample_subject(after)).template)


def test_compare_stacks__nothing_deployed__adds_everything() -> None:
    difference = compared(None, {"foodsearch": sample_task()})

    assert "TaskFoodsearch" in difference.added
    assert (difference.modified, difference.removed, difference.replaced) == ((), (), ())
    assert [table.identity for table in difference.tasks[TASK].added] == [BARCODES[0]]


def test_compare_stacks__the_same__is_empty() -> None:
    difference = compared({"foodsearch": sample_task()}, {"foodsearch": sample_task()})

    assert difference.empty
    assert not difference.tasks[TASK].modified


def test_compare_stacks__a_table_comes_and_one_goes__is_told_per_task() -> None:
    task = compared({"foodsearch": sample_task((BARCODES,))}, {"foodsearch": sample_task((BRANDS,))}).tasks[TASK]

    assert [table.identity for table in task.added] == [BRANDS[0]]
    assert [table.identity for table in task.removed] == [BARCODES[0]]
    assert task.modified
    assert task.renamed == ()


def test_compare_stacks__a_table_changes_version__is_renamed_and_neither_added_nor_removed() -> None:
    after = sample_task(((BARCODES[0], "v202605010000"),))

    task = compared({"foodsearch": sample_task()}, {"foodsearch": after}).tasks[TASK]

    assert (task.added, task.removed) == ((), ())
    assert [(old.version, new.version) for old, new in task.renamed] == [(BARCODES[1], "v202605010000")]


def test_compare_stacks__a_task_goes__is_removed_with_its_tables() -> None:
    difference = compared({"foodsearch": sample_task(), "other": sample_task((BRANDS,))}, {"foodsearch": sample_task()})

    assert difference.removed == ("AlarmSourceLatencyOther", "AlarmTargetLatencyOther", "TaskOther")
    assert not difference.tasks["food-other"].wanted
    assert [table.identity for table in difference.tasks["food-other"].removed] == [BRANDS[0]]


@pytest.mark.parametrize(
    ("changes", "replaced"),
    [({"delivery": "1min"}, True), ({"settings": {"commit_rate": 5}}, False), ({"paused": True}, None)],
    ids=str,
)
def test_compare_stacks__a_change_of_the_task__is_a_replacement_only_where_aws_cannot_do_it_in_place(
    changes: dict[str, object], replaced: bool | None
) -> None:
    difference = compared({"foodsearch": sample_task()}, {"foodsearch": sample_task((BARCODES,), **changes)})

    assert ("TaskFoodsearch" in difference.replaced) is bool(replaced)
    assert ("TaskFoodsearch" in difference.modified) is (replaced is not None)


def test_template_sha256__another_way_of_writing__is_the_same() -> None:
    assert template_sha256({"a": 1, "b": 2}) == template_sha256({"b": 2, "a": 1})
    assert template_sha256(None) == ""
