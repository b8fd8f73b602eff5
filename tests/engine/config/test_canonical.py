"""Canonical writing: one text for one value, a line per table."""

from hypothesis import given

from deploy_engine.config import Ledger, TaskFile, canonical_ledger, canonical_task, parse_text
from tests.engine.strategies import tasks

TASK = """{
  "source": "fooddb",
  "instance": "main",
  "delivery": "10min",
  "paused": false,
  "tables": [
    {"source": "fooddb/foodsearch/barcodes", "version": "v202011191200"},
    {"source": "fooddb/foodsearch/brands", "version": "v202008040000", "paused": true}
  ]
}
"""


def test_canonical_task__the_example_of_the_design__is_written_line_by_line() -> None:
    task = parse_text(TaskFile, TASK)

    assert isinstance(task, TaskFile)
    assert canonical_task(task) == TASK


def test_canonical_task__no_tables__is_still_json() -> None:
    task = TaskFile.model_validate({**_head(), "tables": []})

    assert parse_text(TaskFile, canonical_task(task)) == task


def test_canonical_task__tables_in_another_order__gives_the_same_bytes() -> None:
    one = {"source": "fooddb/a/a", "version": "v202001010000"}
    other = {"source": "fooddb/a/b", "version": "v202001010000"}

    texts = {
        canonical_task(TaskFile.model_validate({**_head(), "tables": order})) for order in ([one, other], [other, one])
    }

    assert len(texts) == 1


@given(tasks())
def test_canonical_task__any_task__reads_back_as_the_same(task: TaskFile) -> None:
    text = canonical_task(task)

    assert parse_text(TaskFile, text) == task
    assert len(text.splitlines()) == text.count('"version"') + text[: text.index('"tables"')].count("\n") + (
        3 if task.tables else 2
    )


def test_canonical_ledger__versions_in_any_order__are_sorted() -> None:
    unsorted = {"b/a/a": {"v202101010000": "active"}, "a/a/a": {"v202101010000": "active", "v202001010000": "retired"}}

    assert canonical_ledger(Ledger.model_validate(unsorted)) == (
        '{\n  "a/a/a": {"v202001010000": "retired", "v202101010000": "active"},\n'
        '  "b/a/a": {"v202101010000": "active"}\n}\n'
    )


def test_canonical_ledger__nothing_yet__is_an_empty_object() -> None:
    assert canonical_ledger(Ledger({})) == "{}\n"


def _head() -> dict[str, object]:
    return {"source": "fooddb", "instance": "main", "delivery": "1min", "paused": False}
