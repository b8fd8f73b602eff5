"""Pasted lists of every form, and what is said where one cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from deploy_engine.config import TaskFile
from deploy_engine.rendering import task_mappings
from replication.services.pasted import pasted_read
from tests.engine.strategies import tasks

BOX = """mysql> SHOW TABLES;
+----------------------+
| Tables_in_foodsearch |
+----------------------+
| products             |
| tags                 |
+----------------------+
2 rows in set (0.00 sec)
"""
FULL = "| Tables_in_foodsearch | Table_type |\n| products | BASE TABLE |\n| seen | VIEW |"
PSQL = """          List of relations
 Schema |   Name   | Type  |  Owner
--------+----------+-------+----------
 public | brands   | table | postgres
 shop   | old_tags | partitioned table | postgres
(2 rows)
"""


def _tables(text: str) -> list[str]:
    read = pasted_read(text)
    assert read.findings == ()
    return [entry.text for entry in read.entries if entry.text.strip()]


def _rule(**changed: Any) -> dict[str, Any]:
    place = {"schema-name": "food", "table-name": "old[_]tags"}
    return {"rule-type": "selection", "rule-id": "7", "rule-action": "include", "object-locator": place} | changed


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("food.a\n\nfooddb/food/b v202001010000", ["food.a", "fooddb/food/b v202001010000"]),
        ("food,a\nfood, b ,v202001010000", ["food/a", "food/b v202001010000"]),
        ('table,schema\n"a",food', ["food/a"]),
        ("table_schema,table_name,version\nfood,a,\nfood,b,v202001010000", ["food/a", "food/b v202001010000"]),
        (BOX, ["foodsearch/products", "foodsearch/tags"]),
        ("Tables_in_foodsearch\nproducts\ntags", ["foodsearch/products", "foodsearch/tags"]),
        (PSQL, ["public/brands", "shop/old_tags"]),
        (f"{BOX}\n{PSQL}", ["foodsearch/products", "foodsearch/tags", "public/brands", "shop/old_tags"]),
        (json.dumps({"rules": [_rule()]}), ["food/old_tags"]),
        (json.dumps([_rule(**{"rule-action": "explicit"})]), ["food/old_tags"]),
    ],
)
def test_pasted__a_form_that_is_known__gives_its_tables(text: str, tables: list[str]) -> None:
    assert _tables(text) == tables


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("food.a\nfood,b,c,d", 1, "4 cells"),
        ("schema,table\nfood", 0, ""),
        ("food,a b", 0, "no name of a table"),
        (FULL, 2, "VIEW"),
        ('{"rules": [\n', 1, "no JSON"),
        ('{"rules": 3}', 0, "no list of rules"),
    ],
)
def test_pasted__what_cannot_be_read__is_said_with_its_line(text: str, line: int, words: str) -> None:
    found = pasted_read(text).findings
    assert [finding.pointer for finding in found] == ([f"/pasted/{line}"] if words else [])
    assert all(words in finding.message and finding.allowed and finding.remedy for finding in found)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"rule-action": "exclude"}, "exclude"),
        ({"rule-type": "table-settings"}, "table-settings"),
        ({"rule-type": "transformation", "rule-action": "rename", "rule-target": "schema", "value": "x"}, "lost"),
        ({"filters": [{"filter-type": "source"}]}, "filters"),
        ({"load-order": 1}, "load-order"),
        ({"object-locator": {"schema-name": "food", "table-name": "%"}}, "wildcard"),
        ({"object-locator": {"schema-name": "food", "table-name": "a_b"}}, "wildcard"),
        ({"object-locator": {"schema-name": "food"}}, "table-name"),
        ({"object-locator": "food"}, "one table"),
    ],
)
def test_pasted__a_rule_that_cannot_be_taken__is_refused_by_its_id(changed: dict[str, Any], words: str) -> None:
    (finding,) = pasted_read(json.dumps({"rules": [_rule(**changed)]}, indent=1)).findings
    assert "Rule 7 " in finding.message
    assert words in finding.message
    assert finding.found


def test_pasted__two_rules_for_one_table__are_refused() -> None:
    (finding,) = pasted_read(json.dumps([_rule(), _rule(**{"rule-id": "8"})])).findings
    assert "Rule 8 selects food/old_tags" in finding.message


def test_pasted__a_cell_longer_than_any_name__is_said() -> None:
    (finding,) = pasted_read("food," + "x" * 200_000).findings
    assert finding.pointer == "/pasted/0"


@settings(max_examples=30)
@given(tasks())
def test_pasted__mappings_that_were_rendered__give_the_same_tables(task: TaskFile) -> None:
    wanted = sorted(entry.source.split("/", 1)[1] for entry in task.active_tables)
    assert sorted(_tables(task_mappings(task))) == wanted
