"""What a plan says of a table that stands in two tasks of its source: a reload without a gap, begun and ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from deploy_engine.config import Subject
from deploy_engine.live import TableStatistics
from deploy_engine.planning import EffectKind, Flavour, Plan, SideEffect, make_plan
from tests.engine.planning.building import NOW, case, completed, planned, running, subject, task

OLD, NEW, BRANDS = "barcodes@v202011191200", "barcodes@v202603011200", "brands@v202008040000"
BEFORE = subject(search=task(OLD, BRANDS))
BOTH = subject(search=task(OLD, BRANDS), second=task(NEW))
AFTER = subject(search=task(BRANDS), second=task(NEW))
LOADED = TableStatistics(
    "foodsearch",
    "barcodes",
    "Table completed",
    full_load_rows=812_000_000,
    load_started=NOW,
    load_ended=NOW + timedelta(hours=4),
)


def _effects(plan: Plan, table: str = "barcodes") -> list[SideEffect]:
    return [effect for effect in plan.side_effects if effect.table.endswith(f"/{table}")]


def _begun(*old: TableStatistics) -> Plan:
    return planned(make_plan(case(BOTH, BEFORE, running("search"), {"food-search": old})))


def _ended(state: str, wanted: Subject = AFTER, deployed: Subject = BOTH) -> Plan:
    statistics = {
        "food-search": completed("barcodes", "brands"),
        "food-second": (replace(LOADED, state=state),),
    }
    return planned(make_plan(case(wanted, deployed, running("search", "second"), statistics)))


def test_second_load__while_the_older_version_runs__says_that_there_is_no_gap_and_that_the_source_is_read_again() -> (
    None
):
    plan = _begun(LOADED)
    [effect] = _effects(plan)
    assert effect.kind is EffectKind.LOAD
    assert effect.message == (
        "fooddb/foodsearch/barcodes loads a second time, into data/fooddb_foodsearch_barcodes_v202603011200/, while "
        "v202011191200 goes on in food-search: no gap, but its source is read once more: "
        "about 4 h 00 min (last full load took 4 h 00 min, 812 M rows), all read by one SELECT *"
    )
    assert effect.estimate_seconds == 4 * 3600
    assert plan.flavour is Flavour.SINGLE_STEP
    assert plan.paused_tasks == (), "nothing that runs stands still"


def test_second_load__without_a_known_earlier_one__has_no_estimate_and_says_so() -> None:
    [effect] = _effects(_begun())
    assert effect.estimate_seconds is None
    assert "there is no estimate" in effect.message


def test_removal_of_the_older__the_newer_is_loaded__ends_a_version_and_no_replication() -> None:
    plan = _ended("Table completed")
    [effect] = _effects(plan)
    assert effect.kind is EffectKind.RETIRE_VERSION
    assert effect.message == (
        "fooddb/foodsearch/barcodes ends in food-search as v202011191200 and goes on in food-second as v202603011200, "
        "which is loaded: no gap; its data stays under data/fooddb_foodsearch_barcodes_v202011191200/"
    )
    assert plan.paused_tasks == ("food-search",), "the task that holds the newer version streams on"


def test_removal_of_the_older__the_newer_still_loads__is_a_removal_and_says_what_is_missed() -> None:
    [effect] = _effects(_ended("Full load"))
    assert effect.kind is EffectKind.REMOVE_TABLE
    assert "nothing new arrives until then" in effect.message


def test_removal_of_the_older__with_the_last_table_of_its_task__says_where_the_tables_went() -> None:
    wanted, deployed = subject(second=task(NEW)), subject(search=task(OLD), second=task(NEW))
    [first, *_] = _ended("Table completed", wanted, deployed).side_effects
    assert (first.kind, first.message) == (
        EffectKind.REMOVE_TASK,
        "food-search is removed, for its 1 table went on elsewhere; its data in S3 stays",
    )


def test_move__to_another_task_at_once__is_no_reload_without_a_gap() -> None:
    wanted = subject(search=task(BRANDS), second=task(NEW))
    plan = planned(make_plan(case(wanted, BEFORE, running("search"), {"food-search": completed("barcodes", "brands")})))
    assert {effect.kind for effect in _effects(plan)} == {EffectKind.REMOVE_TABLE, EffectKind.LOAD}
    assert not any("no gap" in effect.message for effect in plan.side_effects)
