"""Reloads: a table that stays in its task changes version, and what else may ride in the same plan."""

from __future__ import annotations

import json
from typing import Any

import pytest

from deploy_engine.config import Subject
from deploy_engine.live import RunState, TableStatistics, TaskView
from deploy_engine.planning import EffectKind, Flavour, Plan, Step, make_plan
from deploy_engine.rendering import render
from tests.engine.planning.building import case, completed, planned, refused, running, subject, task

OLD, NEW = "barcodes@v202011191200", "barcodes@v202603011200"
BRANDS, LABELS = "brands@v202008040000", "labels@v202603011200"
SEARCH = "food-search"


def plan_of(before: Subject, after: Subject, tasks: dict[str, TaskView], *known: str) -> Plan:
    return planned(make_plan(case(after, before, tasks, {SEARCH: completed(*known)})))


def two(plan: Plan) -> tuple[Step, Step]:
    assert plan.flavour is Flavour.TWO_STEP
    first, last = plan.steps
    assert first.loads == ()
    return first, last


def loaded_tables(step: Step) -> list[str]:
    return [f"{load.table.split('/')[-1]}@{load.version}" for load in step.loads]


def test_plan__a_kept_task_reloads_one_table__removes_it_first_and_adds_it_last() -> None:
    before, after = subject(search=task(OLD, BRANDS)), subject(search=task(NEW, BRANDS))
    first, last = two(plan_of(before, after, running("search"), "barcodes", "brands"))
    barcodes = "fooddb/foodsearch/barcodes"
    assert (first.tables_remove, first.tables_add) == ((barcodes,), ())
    assert (last.tables_remove, last.tables_add) == ((), (barcodes,))
    for step in (first, last):
        assert (step.pause, step.resume, step.start) == ((SEARCH,), (SEARCH,), ())
        assert step.resources.modify == ("TaskSearch",)
    assert first.expected_tables == ((SEARCH, ("foodsearch.brands",)),)
    assert last.expected_tables == ((SEARCH, ("foodsearch.barcodes", "foodsearch.brands")),)
    assert loaded_tables(last) == [NEW]
    assert last.template == render(after).text


def test_plan__a_table_joins_beside_a_reload__joins_with_the_last_step() -> None:
    before, after = subject(search=task(OLD, BRANDS)), subject(search=task(NEW, BRANDS, LABELS))
    first, last = two(plan_of(before, after, running("search"), "barcodes", "brands"))
    assert first.tables_add == ()
    assert loaded_tables(last) == [NEW, LABELS]


def test_plan__a_table_leaves_beside_a_reload__leaves_with_the_first_step() -> None:
    before, after = subject(search=task(OLD, BRANDS, LABELS)), subject(search=task(NEW, BRANDS))
    first, last = two(plan_of(before, after, running("search"), "barcodes", "brands", "labels"))
    assert first.tables_remove == ("fooddb/foodsearch/barcodes", "fooddb/foodsearch/labels")
    assert last.tables_remove == ()


def test_plan__the_only_table_of_a_task_reloads__the_task_leaves_and_is_created_anew() -> None:
    before = subject(search=task(OLD), other=task("orders@v202001010000"))
    after = subject(search=task(NEW), other=task("orders@v202001010000"))
    plan = plan_of(before, after, running("search", "other"), "barcodes")
    first, last = two(plan)
    assert (first.pause, first.resume) == ((SEARCH,), ())
    assert first.resources.remove == ("AlarmSourceLatencySearch", "AlarmTargetLatencySearch", "TaskSearch")
    assert first.resources.replace == last.resources.replace == ("FailureEvents",)
    assert last.resources.add == first.resources.remove
    assert (last.pause, last.resume, last.start) == ((), (), (SEARCH,))
    assert loaded_tables(last) == [NEW]
    assert [effect.kind for effect in plan.side_effects] == [EffectKind.RELOAD, EffectKind.CREATE_TASK]


def test_plan__the_team_has_one_table_and_it_reloads__its_events_leave_and_come_back_too() -> None:
    before, after = subject(search=task(OLD)), subject(search=task(NEW))
    first, last = two(plan_of(before, after, running("search"), "barcodes"))
    assert "FailureEvents" in first.resources.remove
    assert "FailureEvents" in last.resources.add
    assert "TaskSearch" not in json.loads(first.template)["Resources"]


def test_plan__a_reload_beside_changes_of_other_tasks__each_is_paused_only_where_it_changes() -> None:
    before = subject(search=task(OLD, BRANDS), grows=task("a@v202001010000"), shrinks=task(
        "b@v202001010000", "c@v202001010000"), same=task("d@v202001010000"))  # fmt: skip
    after = subject(search=task(NEW, BRANDS), grows=task("a@v202001010000", "e@v202603011200"), shrinks=task(
        "b@v202001010000"), same=task("d@v202001010000"), fresh=task("f@v202603011200"))  # fmt: skip
    statistics = {
        SEARCH: completed("barcodes", "brands"),
        "food-grows": completed("a"),
        "food-shrinks": completed("b", "c"),
    }
    live = running("search", "grows", "shrinks", "same")
    plan = planned(make_plan(case(after, before, live, statistics)))
    first, last = two(plan)
    assert first.pause == first.resume == (SEARCH, "food-shrinks")
    assert last.pause == last.resume == ("food-grows", SEARCH)
    assert last.start == ("food-fresh",)
    assert plan.not_affected == "No other team is affected. 1 other task of food runs on."


def test_plan__a_stopped_task_beside_a_reload__runs_again_with_the_last_step_only() -> None:
    before = subject(search=task(OLD, BRANDS), idle=task(LABELS, paused=True))
    after = subject(search=task(NEW, BRANDS), idle=task(LABELS))
    live = running("search") | running("idle", status="stopped")
    unfinished = (TableStatistics("foodsearch", "labels", "Before load"),)
    statistics = {SEARCH: completed("barcodes", "brands"), "food-idle": unfinished}
    first, last = two(planned(make_plan(case(after, before, live, statistics))))
    assert "food-idle" not in (*first.pause, *first.resume, *first.stay_stopped)
    assert last.resume == ("food-idle", SEARCH)
    assert loaded_tables(last) == [LABELS, NEW]


def test_plan__a_task_that_is_unpaused_with_a_reload__runs_between_the_steps() -> None:
    before, after = subject(search=task(OLD, BRANDS, paused=True)), subject(search=task(NEW, BRANDS))
    first, last = two(plan_of(before, after, running("search", status="stopped"), "barcodes", "brands"))
    assert (first.pause, first.resume) == ((), (SEARCH,))
    assert (last.pause, last.resume) == ((SEARCH,), (SEARCH,))


def test_plan__a_paused_task_whose_every_table_changes_version__is_created_anew_and_stays_stopped() -> None:
    before, after = subject(search=task(OLD, paused=True)), subject(search=task(NEW, paused=True))
    plan = plan_of(before, after, running("search", status="stopped"), "barcodes")
    first, last = two(plan)
    assert (last.start, last.loads, last.stay_stopped) == ((), (), (SEARCH,))
    assert "once food-search is unpaused" in plan.side_effects[0].message
    assert first.pause == ()


@pytest.mark.parametrize(
    ("status", "paused", "statistics", "words"),
    [
        ("running", True, completed("barcodes", "brands"), "its config says paused"),
        ("failed", False, completed("barcodes", "brands"), "it is failed"),
        ("stopped", False, completed("barcodes"), "the unfinished load of fooddb/foodsearch/brands"),
    ],
)
def test_plan__a_task_that_cannot_run_between_the_steps__is_refused(
    status: str, paused: bool, statistics: tuple[TableStatistics, ...], words: str
) -> None:
    before, after = subject(search=task(OLD, BRANDS)), subject(search=task(NEW, BRANDS, paused=paused))
    outcome = make_plan(case(after, before, running("search", status=status), {SEARCH: statistics}))
    (finding,) = refused(outcome).findings
    assert (finding.check, finding.pointer) == ("reload.task-can-run", "/tables/0")
    assert words in finding.message


def test_plan__a_task_that_never_ran__takes_another_version_in_one_step() -> None:
    before, after = subject(search=task(OLD)), subject(search=task(NEW))
    (step,) = planned(make_plan(case(after, before, running("search", status="ready", ever_ran=False)))).steps
    assert step.start == (SEARCH,)
    assert loaded_tables(step) == [NEW]


def test_plan__an_unpaused_table__is_an_addition_in_one_step() -> None:
    before, after = subject(search=task("barcodes@v202011191200!", BRANDS)), subject(search=task(NEW, BRANDS))
    plan = plan_of(before, after, running("search"), "brands")
    assert plan.flavour is Flavour.SINGLE_STEP
    assert loaded_tables(plan.steps[0]) == [NEW]


def test_plan__a_table_is_paused__leaves_the_task_and_loads_nothing() -> None:
    before, after = subject(search=task(OLD, BRANDS)), subject(search=task(f"{OLD}!", BRANDS))
    (step,) = plan_of(before, after, running("search"), "barcodes", "brands").steps
    assert (step.tables_remove, step.loads) == (("fooddb/foodsearch/barcodes",), ())


def test_consequences__a_reload__asks_for_an_empty_folder_of_the_new_version() -> None:
    reload = case(subject(search=task(NEW, BRANDS)), subject(search=task(OLD, BRANDS)), running("search"))
    (task_,) = reload.consequences  # type: ignore[misc]  # the case knows its tasks
    assert [table.version for table in task_.loads] == ["v202603011200"]
    assert task_.live is RunState.RUNNING


MOVES: dict[str, dict[str, Any]] = {
    "delivery class": {"delivery": "10min"},
    "instance": {"instance": "other"},
    "source": {"source": "archive"},
}


@pytest.mark.parametrize("word", MOVES)
def test_plan__what_cannot_change_in_place__the_task_leaves_and_comes_back_where_all_its_tables_are_new(
    word: str,
) -> None:
    before, after = subject(search=task(OLD, BRANDS)), subject(search=task(NEW, LABELS, **MOVES[word]))
    plan = plan_of(before, after, running("search"), "barcodes", "brands")
    first, last = two(plan)
    assert (first.pause, first.resume, last.start) == ((SEARCH,), (), (SEARCH,))
    assert "TaskSearch" in first.resources.remove
    assert "TaskSearch" in last.resources.add
    assert not any("TaskSearch" in step.resources.replace for step in plan.steps)
    assert loaded_tables(last) == [NEW, LABELS]
    (created,) = [effect for effect in plan.side_effects if effect.kind is EffectKind.CREATE_TASK]
    assert f"for its {word} cannot change in place" in created.message


@pytest.mark.parametrize("word", ["delivery class", "instance"])
def test_plan__what_cannot_change_in_place__is_refused_where_a_table_keeps_its_version(word: str) -> None:
    before, after = subject(search=task(OLD, BRANDS)), subject(search=task(NEW, BRANDS, **MOVES[word]))
    live, known = running("search"), {SEARCH: completed("barcodes", "brands")}
    (finding,) = refused(make_plan(case(after, before, live, known))).findings
    assert finding.check == "replacement.none"
    assert "give every table of the task a new version" in finding.remedy


def test_plan__a_task_that_never_ran_moves__is_created_anew_with_the_versions_it_has() -> None:
    before, after = subject(search=task(OLD, paused=True)), subject(search=task(OLD, delivery="10min"))
    first, last = two(plan_of(before, after, running("search", status="ready", ever_ran=False)))
    assert (first.pause, last.start) == ((), (SEARCH,))
    assert loaded_tables(last) == [OLD]


def test_plan__a_renamed_task__says_that_its_tables_load_again() -> None:
    before, after = subject(search=task(OLD, BRANDS)), subject(found=task(NEW, "brands@v202603011200"))
    plan = plan_of(before, after, running("search"), "barcodes", "brands")
    (created,) = [effect for effect in plan.side_effects if effect.kind is EffectKind.CREATE_TASK]
    assert "which are those of food-search: a task cannot be renamed or moved" in created.message
