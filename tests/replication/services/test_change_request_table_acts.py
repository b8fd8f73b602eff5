"""One act on several tables of a draft."""

from __future__ import annotations

import pytest

from replication.documents import team_document_of
from replication.errors import InvalidInput, NotAllowed
from replication.models import ChangeRequest
from replication.selectors.table_acts import NEW_TASK, ChosenTable, TableAct
from replication.services.change_request_table_acts import change_request_act_on_tables
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.change_request_task_edits import (
    change_request_edit_document,
    change_request_edit_task_add,
    change_request_edit_task_pause,
)
from tests.replication.conftest import Stage
from tests.replication.moments import travel

BARCODES = ChosenTable("foodsearch", "fooddb/foodsearch/barcodes")
BRANDS = ChosenTable("foodsearch", "fooddb/foodsearch/brands")
NOW = "2026-03-04 05:06:07+00:00"


def _act(
    stage: Stage, draft: ChangeRequest, act: TableAct, *tables: ChosenTable, target: str = ""
) -> dict[str, dict[str, str]]:
    change_request_act_on_tables(actor=stage.people.member, change_request=draft, act=act, tables=tables, target=target)
    return _tables(draft)


def _tables(draft: ChangeRequest) -> dict[str, dict[str, str]]:
    return {
        name: {entry.reference.table: entry.version + (" paused" if entry.paused else "") for entry in task.tables}
        for name, task in team_document_of(draft.document).tasks.items()
    }


def _with_second_task(stage: Stage) -> ChangeRequest:
    draft = stage.draft()
    return change_request_edit_task_add(
        actor=stage.people.member,
        change_request=draft,
        task="fast",
        source="fooddb",
        instance="main",
        delivery="1min",
    )


@travel(NOW, tick=False)
def test_act_on_tables__reload_of_two__gives_both_new_versions_in_one_edit(stage: Stage) -> None:
    draft = stage.draft()
    tables = _act(stage, draft, TableAct.RELOAD, BARCODES, BRANDS)
    assert tables["foodsearch"] == {"barcodes": "v202603040506", "brands": "v202603040506"}
    assert [edit.sentence for edit in draft.edits.all()] == [
        "gave 2 tables of foodsearch a new version: foodsearch.barcodes, foodsearch.brands"
    ]


@travel("2020-11-01 00:00:00+00:00", tick=False)
def test_act_on_tables__reload_with_a_clock_that_is_behind__is_still_above_every_version(stage: Stage) -> None:
    tables = _act(stage, stage.draft(), TableAct.RELOAD, BARCODES)
    assert tables["foodsearch"]["barcodes"] == "v202011191201"


def test_act_on_tables__pause_then_resume__comes_back_under_a_new_version(stage: Stage) -> None:
    draft = stage.draft()
    assert _act(stage, draft, TableAct.PAUSE, BRANDS)["foodsearch"]["brands"] == "v202008040000 paused"
    with travel(NOW, tick=False):
        assert _act(stage, draft, TableAct.RESUME, BRANDS)["foodsearch"]["brands"] == "v202603040506"


@travel(NOW, tick=False)
def test_act_on_tables__move__leaves_one_task_and_loads_anew_in_the_other(stage: Stage) -> None:
    tables = _act(stage, _with_second_task(stage), TableAct.MOVE, BRANDS, target="fast")
    assert tables == {"foodsearch": {"barcodes": "v202011191200"}, "fast": {"brands": "v202603040506"}}


@travel(NOW, tick=False)
def test_act_on_tables__one_table_in_two_tasks_reloaded__gets_two_versions(stage: Stage) -> None:
    draft = _with_second_task(stage)
    change_request_edit_tables_add(
        actor=stage.people.member, change_request=draft, task="fast", entries=["foodsearch.barcodes"]
    )
    tables = _act(stage, draft, TableAct.RELOAD, BARCODES, ChosenTable("fast", BARCODES.identity))
    assert {tables["fast"]["barcodes"], tables["foodsearch"]["barcodes"]} == {"v202603040507", "v202603040508"}


def test_act_on_tables__remove__takes_the_entry_out(stage: Stage) -> None:
    assert _act(stage, stage.draft(), TableAct.REMOVE, BRANDS)["foodsearch"] == {"barcodes": "v202011191200"}


@pytest.mark.parametrize(
    ("act", "tables", "pointer", "words"),
    [
        (TableAct.RESUME, [BRANDS], "/tables", "it is not paused"),
        (TableAct.PAUSE, [ChosenTable("foodsearch", "fooddb/foodsearch/x")], "/tables", "not in foodsearch there"),
        (TableAct.PAUSE, [ChosenTable("gone", "fooddb/foodsearch/brands")], "/tables", "gone is removed there"),
        (TableAct.MOVE, [BRANDS], "/target", "Choose the task"),
        (TableAct.RELOAD, [], "/tables", "No table was chosen"),
    ],
)
def test_act_on_tables__what_does_not_fit__is_named_and_nothing_is_saved(
    stage: Stage, act: TableAct, tables: list[ChosenTable], pointer: str, words: str
) -> None:
    draft = stage.draft()
    before = draft.document_hash
    with pytest.raises(InvalidInput) as refusal:
        _act(stage, draft, act, *tables)
    assert refusal.value.findings[0].pointer == pointer
    assert words in refusal.value.findings[0].message
    draft.refresh_from_db()
    assert draft.document_hash == before


@pytest.mark.parametrize(("target", "words"), [("foodsearch", "already"), ("sales", "does not read fooddb")])
def test_act_on_tables__move_to_a_wrong_task__is_refused_with_the_reason(stage: Stage, target: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        _act(stage, _with_second_task(stage), TableAct.MOVE, BRANDS, target=target)


def test_act_on_tables__move_without_another_task_of_the_source__says_what_to_do(stage: Stage) -> None:
    with pytest.raises(InvalidInput, match="make a new task first"):
        _act(stage, stage.draft(), TableAct.MOVE, BRANDS, target="fast")


def test_act_on_tables__reload_in_a_paused_task__asks_to_resume_the_task_first(stage: Stage) -> None:
    draft = stage.draft()
    change_request_edit_task_pause(actor=stage.people.member, change_request=draft, task="foodsearch", paused=True)
    with pytest.raises(InvalidInput, match="resume the task first"):
        _act(stage, draft, TableAct.RELOAD, BRANDS)


def test_act_on_tables__a_stranger__is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        change_request_act_on_tables(
            actor=stage.people.stranger, change_request=stage.draft(), act=TableAct.PAUSE, tables=[BRANDS]
        )


def _beside(stage: Stage, draft: ChangeRequest, target: str, *tables: ChosenTable, new_task: str = "") -> None:
    change_request_act_on_tables(
        actor=stage.people.member,
        change_request=draft,
        act=TableAct.BESIDE,
        tables=tables,
        target=target,
        new_task=new_task,
    )


@travel(NOW, tick=False)
def test_act_on_tables__beside_in_a_new_task__keeps_the_old_entry_and_makes_the_task_like_the_old_one(
    stage: Stage,
) -> None:
    draft = stage.draft()
    _beside(stage, draft, NEW_TASK, BARCODES, new_task="foodsearch-2")
    assert _tables(draft) == {
        "foodsearch": {"barcodes": "v202011191200", "brands": "v202008040000"},
        "foodsearch-2": {"barcodes": "v202603040506"},
    }
    old, new = (team_document_of(draft.document).tasks[name] for name in ("foodsearch", "foodsearch-2"))
    assert (new.source, new.instance, new.delivery) == (old.source, old.instance, old.delivery)
    assert draft.edits.get().sentence == (
        "let 1 table of foodsearch load a second time in the new task foodsearch-2: foodsearch.barcodes"
    )


@pytest.mark.parametrize(("cap", "own"), [(4, 4), (16, None)])
def test_act_on_tables__beside_in_a_new_task__loads_no_more_at_once_than_the_source_bears(
    stage: Stage, cap: int, own: int | None
) -> None:
    draft = stage.draft()
    document = draft.document
    document["team"]["sources"]["fooddb"]["loads_at_once"] = cap
    change_request_edit_document(actor=stage.people.platform, change_request=draft, document=document)
    _beside(stage, draft, NEW_TASK, BARCODES, new_task="foodsearch-2")
    settings = team_document_of(draft.document).tasks["foodsearch-2"].settings
    assert (settings.max_full_load_sub_tasks if settings else None) == own


@travel("2020-11-01 00:00:00+00:00", tick=False)
def test_act_on_tables__beside_in_a_task_that_is_there__is_above_every_version_even_of_a_clock_that_is_behind(
    stage: Stage,
) -> None:
    draft = _with_second_task(stage)
    _beside(stage, draft, "fast", BARCODES)
    assert _tables(draft)["fast"] == {"barcodes": "v202011191201"}


@pytest.mark.parametrize(
    ("target", "new_task", "words"),
    [
        ("", "", "Choose the task in which the tables load beside"),
        (NEW_TASK, "foodsearch", "There is a task foodsearch already"),
        (NEW_TASK, "Food Search", "is no slug"),
        ("foodsearch", "", "it is in foodsearch already"),
        ("other", "", "other does not read fooddb"),
    ],
)
def test_act_on_tables__beside_where_it_cannot_load__is_refused_in_words(
    stage: Stage, target: str, new_task: str, words: str
) -> None:
    draft = _with_second_task(stage)
    with pytest.raises(InvalidInput) as refusal:
        _beside(stage, draft, target, BARCODES, new_task=new_task)
    assert any(words in finding.message for finding in refusal.value.findings)


def test_act_on_tables__beside_twice__is_refused_and_names_the_newer_version(stage: Stage) -> None:
    draft = _with_second_task(stage)
    _beside(stage, draft, "fast", BARCODES)
    with pytest.raises(InvalidInput) as refusal:
        _beside(stage, draft, NEW_TASK, BARCODES, new_task="third")
    assert "a newer version stands beside it already" in refusal.value.findings[0].message
