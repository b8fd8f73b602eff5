"""What others set up, as a draft: Sluice's own rules come back whole, everything else is named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as budget

from deploy_engine.adopting import (
    Answers,
    Draft,
    Estate,
    ForeignEndpoint,
    ForeignInstance,
    ForeignTable,
    ForeignTask,
    draft_of,
    read_mappings,
)
from deploy_engine.config import TaskFile
from deploy_engine.config.physical_names import TARGET_SCHEMA, folder_of
from deploy_engine.rendering import task_mappings
from deploy_engine.rendering.settings import task_settings
from tests.engine.strategies import tasks

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
ANSWERS = Answers("local", "lake", "adopted", "data@example.com", NOW)
SOURCE = ForeignEndpoint("food-fooddb", "postgres", database="food", secret="sluice/food/fooddb")
TARGET = ForeignEndpoint(
    "sluice-local-lake-1min",
    "s3",
    bucket="lake",
    seconds=60,
    layout={
        "DataFormat": "csv",
        "CompressionType": "gzip",
        "IncludeOpForFullLoad": True,
        "TimestampColumnName": "dms_timestamp",
    },
)
MACHINE = ForeignInstance("food-main", "dms.t3.medium", 50, "3.5.4", multi_az=False)
BARCODES = {"schema-name": "foodsearch", "table-name": "barcodes"}


def rule(kind: str, action: str, locator: dict[str, str] = BARCODES, **more: Any) -> dict[str, Any]:
    return {"rule-type": kind, "rule-id": "7", "rule-action": action, "object-locator": locator, **more}


def mappings(*rules: dict[str, Any]) -> str:
    return json.dumps({"rules": rules})


def drafted(task: ForeignTask, *, source: ForeignEndpoint = SOURCE, target: ForeignEndpoint = TARGET) -> Draft:
    return draft_of(Estate((task,), {"source": source, "target": target}, {"machine": MACHINE}), ANSWERS)


def foreign(name: str, text: str, settings: str = "{}") -> ForeignTask:
    return ForeignTask(name, "running", "full-load-and-cdc", "source", "target", "machine", text, settings)


@given(tasks())
@budget(max_examples=50)
def test_read_mappings__sluices_own__same_tables_in_the_same_folders(task: TaskFile) -> None:
    found, gaps = read_mappings("food-search", task_mappings(task))
    wanted = {
        (*entry.source.split("/")[1:], TARGET_SCHEMA, folder_of(entry.source, entry.version))
        for entry in task.active_tables
    }
    assert {(one.schema, one.table, one.target_schema, one.target_table) for one in found} == wanted
    assert gaps == ()


@given(tasks().filter(lambda task: bool(task.active_tables)))
@budget(max_examples=30)
def test_draft__sluices_own_task__same_entries_and_nothing_reloads(task: TaskFile) -> None:
    draft = drafted(foreign("food-search", task_mappings(task), task_settings(task)))
    file = draft.files["environments/local/teams/food/tasks/search.json"]
    entries = {(entry["source"], entry["version"]) for entry in file["tables"]}
    assert entries == {(entry.source, entry.version) for entry in task.active_tables}
    assert not any(beginning.reloads for beginning in draft.beginnings)
    assert [gap.found for gap in draft.gaps] == ["AWS does not say how long its source food-fooddb keeps its log"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (rule("selection", "include", {"schema-name": "foodsearch", "table-name": "%"}), "wildcard"),
        (rule("selection", "include", {"schema-name": "foodsearch", "table-name": "t[ab]"}), "wildcard"),
        (rule("selection", "include", filters=[{"filter-type": "source"}]), "filter of rows"),
        (rule("selection", "include", {**BARCODES, "table-type": "view"}), "view"),
        (rule("selection", "exclude", {"schema-name": "foodsearch", "table-name": "x"}), "no rule selects"),
        (rule("transformation", "remove-column", BARCODES), "no word for"),
        (rule("transformation", "rename", BARCODES, **{"rule-target": "column", "value": "x"}), "no word for"),
        ({"rule-type": "table-settings", "rule-id": "7", "object-locator": BARCODES}, "table-settings"),
        (rule("selection", "include", {}), "no schema-name"),
        ({"rule-type": "selection", "rule-action": "include", "rule-id": "7", "object-locator": []}, "no schema-name"),
    ],
)
def test_read_mappings__what_the_config_cannot_say__task_and_rule_are_named(said: dict[str, Any], found: str) -> None:
    tables, gaps = read_mappings("old-task", mappings(said))
    assert tables == ()
    assert [(gap.task, gap.rule) for gap in gaps] == [("old-task", "7")]
    assert found in gaps[0].found


def test_read_mappings__excluded_by_name__is_not_there_and_a_bare_underscore_is_told() -> None:
    kept = {"schema-name": "foodsearch", "table-name": "bar_codes"}
    text = mappings(rule("selection", "include"), rule("selection", "exclude"), rule("selection", "include", kept))
    tables, gaps = read_mappings("old-task", text)
    assert tables == (ForeignTable("foodsearch", "bar_codes", "foodsearch", "bar_codes"),)
    assert ["any character" in gap.found for gap in gaps] == [True]


@pytest.mark.parametrize("text", ["", "[]", '{"rules": 1}', '{"rules": [1]}', "{}"])
def test_read_mappings__no_rules__is_a_gap(text: str) -> None:
    tables, gaps = read_mappings("old-task", text)
    assert tables == ()
    assert "no list of rules" in gaps[0].found


def test_draft__somebody_elses_task__goes_to_the_named_team_and_every_table_reloads() -> None:
    old = foreign("Prod_2-Food--Search", mappings(rule("selection", "explicit")))
    source = ForeignEndpoint("prod-food-db", "aurora-postgresql", database="food")
    draft = drafted(
        old,
        source=source,
        target=replace(TARGET, name="raw-lake", bucket="other", folder="raw", seconds=300, layout={}),
    )
    file = draft.files["environments/local/teams/adopted/tasks/prod-2-food-search.json"]
    assert file["tables"] == [{"source": "prod-food-db/foodsearch/barcodes", "version": "v202601050800"}]
    assert file["delivery"] == "10min"
    (beginning,) = draft.beginnings
    assert beginning.before == "other/raw/foodsearch/barcodes"
    assert beginning.after == "lake/data/prod-food-db_foodsearch_barcodes_v202601050800"
    told = " ".join(gap.found for gap in draft.gaps)
    for words in ("the bucket other", "files look otherwise", "every 300 s", "password", "keeps its log"):
        assert words in told


def test_draft__team_for_what_others_made_is_in_the_config__another_is_asked_for() -> None:
    estate = Estate(
        (foreign("food-search", mappings(rule("selection", "explicit"))),),
        {"source": SOURCE, "target": replace(TARGET, name="lake")},
        {"machine": MACHINE},
    )
    draft = draft_of(estate, replace(ANSWERS, teams_there=frozenset({"adopted"})))
    assert draft.files == {}
    assert "--team" in draft.gaps[0].instead


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"migration_type": "cdc"}, "of the type cdc"),
        ({"source_arn": "target"}, "its source is s3"),
        ({"target_arn": "source"}, "its target is postgres"),
        ({"instance_arn": "gone"}, "not in the account's listings"),
        ({"mappings": mappings()}, "names no table"),
    ],
)
def test_draft__task_that_sluice_has_no_like_of__is_left_out_and_named(change: dict[str, str], found: str) -> None:
    draft = drafted(replace(foreign("food-search", mappings(rule("selection", "explicit"))), **change))
    assert draft.files == {}
    assert [found in gap.found for gap in draft.gaps] == [True]


def test_draft__settings_of_its_own__those_with_a_word_are_taken_and_others_named() -> None:
    settings = {"FullLoadSettings": {"MaxFullLoadSubTasks": 20, "TargetTablePrepMode": "DROP_AND_CREATE"}}
    draft = drafted(foreign("food-search", mappings(rule("selection", "explicit")), json.dumps(settings)))
    assert draft.files["environments/local/teams/food/tasks/search.json"]["settings"] == {"max_full_load_sub_tasks": 20}
    assert draft.files["environments/local/teams/food/team.json"]["sources"]["fooddb"]["loads_at_once"] == 20
    assert any("TargetTablePrepMode" in gap.found for gap in draft.gaps)
