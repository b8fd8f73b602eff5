"""TableMappings: exactly the configured tables, each with three rules of its own."""

import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given

from deploy_engine.config import Delivery, TableEntry, TaskFile
from deploy_engine.config.physical_names import table_folder
from deploy_engine.diffing import MappedTable, read_mappings
from deploy_engine.rendering import task_mappings
from deploy_engine.rendering.mappings import SELECT, candidate
from tests.engine.strategies import tasks


def task(*tables: str, version: str = "v202001010000") -> TaskFile:
    entries = tuple(TableEntry(source=f"fooddb/foodsearch/{table}", version=version) for table in tables)
    return TaskFile(source="fooddb", instance="main", delivery=Delivery.ONE_MINUTE, paused=False, tables=entries)


def rules(mapped: TaskFile) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(task_mappings(mapped))["rules"]
    return listed


@given(tasks())
def test_task_mappings__any_task__read_back_as_exactly_its_active_tables(rendered: TaskFile) -> None:
    wanted = {
        MappedTable(entry.reference.schema, entry.reference.table, table_folder(entry))
        for entry in rendered.active_tables
    }

    read = read_mappings(task_mappings(rendered))

    assert set(read) == wanted
    assert len(read) == len(wanted)
    assert {table.identity for table in read} == {entry.source for entry in rendered.active_tables}


@given(tasks())
def test_task_mappings__any_task__has_unique_nine_digit_rule_ids_and_names(rendered: TaskFile) -> None:
    listed = rules(rendered)

    assert len({rule["rule-id"] for rule in listed}) == len({rule["rule-name"] for rule in listed}) == len(listed)
    assert all(len(rule["rule-id"]) == 9 and rule["rule-id"].isdecimal() for rule in listed)
    assert all(rule["rule-id"][0] != "0" for rule in listed)


def test_task_mappings__an_underscore__is_no_wildcard() -> None:
    locators = [rule["object-locator"] for rule in rules(task("food_names"))]

    assert [locator.get("table-name") for locator in locators] == ["food[_]names", None, "food[_]names"]


def test_task_mappings__one_table__is_selected_and_renamed_twice() -> None:
    select, schema, table = rules(task("barcodes"))

    assert (select["rule-type"], select["rule-action"]) == ("selection", "include")
    assert (schema["rule-target"], schema["value"]) == ("schema", "data")
    assert (table["rule-target"], table["value"]) == ("table", "fooddb_foodsearch_barcodes_v202001010000")


def test_task_mappings__a_table_joins__leaves_the_rules_of_the_others() -> None:
    before = rules(task("barcodes", "foods"))

    after = rules(task("allergens", "barcodes", "brands", "foods"))

    assert [rule for rule in after if rule in before] == before


def test_task_mappings__a_table_changes_version__changes_one_rule() -> None:
    before, after = rules(task("barcodes")), rules(task("barcodes", version="v202101010000"))

    assert [one == other for one, other in zip(before, after, strict=True)] == [True, True, False]


def test_task_mappings__a_paused_table__is_not_in_them() -> None:
    paused = TableEntry(source="fooddb/foodsearch/foods", version="v202001010000", paused=True)
    both = TaskFile.model_validate({**task().model_dump(), "tables": [*task("barcodes").tables, paused]})

    assert rules(both) == rules(task("barcodes"))


def test_task_mappings__two_rules_fall_on_one_number__the_older_table_keeps_it() -> None:
    old, new = _colliding()
    newer = new.model_copy(update={"version": "v202601010000"})
    both = rules(TaskFile.model_validate({**task().model_dump(), "tables": [old, newer]}))

    numbers = {rule["object-locator"]["table-name"]: int(rule["rule-id"]) for rule in both if "value" not in rule}

    assert numbers[old.reference.table] == candidate(old.source, SELECT, 0)
    assert numbers[new.reference.table] == candidate(new.source, SELECT, 1)


@pytest.mark.parametrize("older", [0, 1])
def test_task_mappings__a_later_table_collides__does_not_move_the_one_that_is_there(older: int) -> None:
    pair = _colliding()
    there, joining = pair[older], pair[1 - older].model_copy(update={"version": "v202601010000"})
    before = rules(TaskFile.model_validate({**task().model_dump(), "tables": [there]}))

    after = rules(TaskFile.model_validate({**task().model_dump(), "tables": [there, joining]}))

    assert [rule for rule in after if rule in before] == before
    assert len({rule["rule-id"] for rule in after}) == 6


def _colliding() -> tuple[TableEntry, TableEntry]:
    """Two tables whose selection rules hash to one number; there is one in some forty thousand tables."""
    seen: dict[int, TableEntry] = {}
    for number in count():
        entry = TableEntry(source=f"fooddb/foodsearch/t{number}", version="v202001010000")
        first = seen.setdefault(candidate(entry.source, SELECT, 0), entry)
        if first is not entry:
            return first, entry
    raise AssertionError("unreachable: numbers are finite")
