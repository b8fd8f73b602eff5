"""What a plan says in sentences, and with which estimates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from deploy_engine.live import SourceCatalogue, SourceTable, TableKey, TableStatistics, Unknown
from deploy_engine.planning import EffectKind, Plan, make_plan
from deploy_engine.planning.estimates import ASSUMED_BYTES_PER_SECOND, ASSUMED_ROWS_PER_SECOND
from deploy_engine.planning.wording import about, rows
from tests.engine.planning.building import NOW, case, completed, planned, running, subject, task

OLD, NEW, BRANDS = "barcodes@v202011191200", "barcodes@v202603011200", "brands@v202008040000"


def reload_plan(counted: TableStatistics) -> Plan:
    before, after = subject(search=task(OLD, BRANDS)), subject(search=task(NEW, BRANDS))
    return planned(make_plan(case(after, before, running("search"), {"food-search": (counted, *completed("brands"))})))


def counted(**changes: object) -> TableStatistics:
    known = {"full_load_rows": 812_000_000, "load_started": NOW, "load_ended": NOW + timedelta(hours=3, minutes=55)}
    return TableStatistics("foodsearch", "barcodes", "Table completed", **{**known, **changes})  # type: ignore[arg-type]


def test_reload__after_a_known_load__says_how_long_it_takes_and_from_what_that_is_known() -> None:
    effect = reload_plan(counted(inserts=60_000_000, deletes=5_000_000)).side_effects[0]
    assert effect.kind is EffectKind.RELOAD
    assert effect.message == (
        "fooddb/foodsearch/barcodes reloads from scratch into data/fooddb_foodsearch_barcodes_v202603011200/: "
        "about 4 h 11 min (last full load took 3 h 55 min, 812 M rows), all read by one SELECT *; "
        "downstream keeps v202011191200 until then"
    )
    assert effect.estimate_seconds == 15055


def test_reload__of_a_table_whose_load_dms_does_not_tell__has_no_estimate_and_says_so() -> None:
    effect = reload_plan(counted(load_started=None)).side_effects[0]
    assert effect.estimate_seconds is None
    assert "there is no estimate" in effect.message


def load_plan(*tables: SourceTable) -> Plan:
    before, after = subject(search=task(OLD)), subject(search=task(OLD, BRANDS))
    known = case(after, before, running("search"), {"food-search": completed("barcodes")})
    sources = {"fooddb": SourceCatalogue("postgres", tables)} if tables else {"fooddb": Unknown("it is away")}
    return planned(make_plan(replace(known, observation=replace(known.observation, sources=sources))))


def brands(rows: int | None, size: int | None = None) -> SourceTable:
    return SourceTable("foodsearch", "brands", TableKey.PRIMARY, rows, size)


def test_load__source_counts_the_table__is_estimated_by_that_and_says_what_it_reads() -> None:
    [effect] = [effect for effect in load_plan(brands(3_200_000)).side_effects if effect.kind is EffectKind.LOAD]
    assert effect.message == (
        "fooddb/foodsearch/brands loads from scratch into data/fooddb_foodsearch_brands_v202008040000/: "
        "about 12 min by the source's 3.2 M rows, all read by one SELECT *"
    )
    assert effect.estimate_seconds == round(3_200_000 / ASSUMED_ROWS_PER_SECOND) == 711


def test_load__wide_rows__are_estimated_by_their_bytes() -> None:
    [effect] = [e for e in load_plan(brands(1_000, 600 * ASSUMED_BYTES_PER_SECOND)).side_effects if e.table]
    assert effect.estimate_seconds == 600


@pytest.mark.parametrize("tables", [(), (brands(None),), (SourceTable("other", "brands", TableKey.PRIMARY, 7),)])
def test_load__source_tells_no_count__has_no_estimate_and_says_so(tables: tuple[SourceTable, ...]) -> None:
    [effect] = [effect for effect in load_plan(*tables).side_effects if effect.kind is EffectKind.LOAD]
    assert effect.estimate_seconds is None
    assert effect.message.endswith(": there is no estimate, and one SELECT * reads the whole table")


def test_fingerprint__other_counts_at_the_source__is_the_same() -> None:
    prints = {load_plan(*tables).fingerprint for tables in ((), (brands(7),), (brands(3_200_000),))}
    assert len(prints) == 1


@pytest.mark.parametrize("rows_now", [{"full_load_rows": 0}, {"deletes": 900_000_000}])
def test_reload__of_a_table_that_shrank__is_never_promised_to_be_faster(rows_now: dict[str, int]) -> None:
    assert reload_plan(counted(**rows_now)).side_effects[0].estimate_seconds == 14100


def test_reload__in_two_steps__pauses_its_task_twice() -> None:
    pause = reload_plan(counted()).side_effects[-1]
    assert (pause.kind, pause.estimate_seconds) == (EffectKind.PAUSE, 264)
    assert pause.message.startswith("food-search pauses twice, for about 4 min in all;")


def test_fingerprint__other_counts_and_times__is_the_same() -> None:
    assert reload_plan(counted()).fingerprint == reload_plan(counted(inserts=7, load_ended=None)).fingerprint


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 row"), (53_120, "53,120 rows"), (5_300_000, "5.3 M rows"), (812_000_000, "812 M rows")]
)
def test_rows__any_number__is_said_shortly(count: int, words: str) -> None:
    assert rows(count) == words


@pytest.mark.parametrize(("seconds", "words"), [(40, "40 s"), (240, "about 4 min"), (15_000, "about 4 h 10 min")])
def test_about__any_duration__is_said_in_whole_minutes(seconds: int, words: str) -> None:
    assert about(seconds) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (3, "runs again from where it stopped 3 h 00 min ago (its source keeps its log for 72 h)"),
        (80, "stopped 80 h 00 min ago, longer than the 72 h that its source keeps its log: it may not be able to"),
    ],
)
def test_resume__of_a_task_that_stood_still__is_told_against_its_sources_log(hours: int, words: str) -> None:
    before, after = subject(search=task(OLD, paused=True)), subject(search=task(OLD))
    (view,) = running("search", status="stopped").values()
    stopped = {view.name: replace(view, stopped_at=NOW - timedelta(hours=hours))}
    plan = planned(make_plan(case(after, before, stopped, {view.name: completed("barcodes")})))
    assert words in plan.side_effects[0].message
