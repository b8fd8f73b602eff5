"""A load that runs away: given up by name, with its folder, and with every other load of its task."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deploy_engine.checks import Case, run_check
from deploy_engine.checks.catalogue import load_not_interrupted
from deploy_engine.config import Subject
from deploy_engine.findings import Finding, Status
from deploy_engine.live import TableStatistics
from deploy_engine.planning import EffectKind, make_plan
from tests.engine.planning.building import case, completed, planned, running, subject, task

HUGE, AGAIN, BRANDS = "huge@v202602010000", "huge@v202603011200", "brands@v202008040000"
NAME = "fooddb/foodsearch/huge"
REMOVED, RELOADED = subject(search=task(BRANDS)), subject(search=task(AGAIN, BRANDS))
GROWN = subject(search=task(HUGE, BRANDS, "labels@v202603011200"))


def runaway(wanted: Subject, *given_up: str, beside: str = "Table completed") -> Case:
    """The table huge loads and loads, while ``wanted`` is proposed; brands beside it is in the state ``beside``."""
    loading = TableStatistics("foodsearch", "huge", "Full load", full_load_rows=5_300_000)
    statistics = (loading, TableStatistics("foodsearch", "brands", beside))
    before = subject(search=task(HUGE, BRANDS))
    wanted = replace(wanted, given_up=frozenset(given_up))
    return case(wanted, before, running("search"), {"food-search": statistics})


def findings(of: Case) -> list[Finding]:
    return list(run_check(load_not_interrupted.CHECK, of, timer=lambda: 0.0).findings)


@pytest.mark.parametrize("wanted", [REMOVED, RELOADED], ids=["removed", "reloaded"])
def test_giving_up__the_table_leaves_its_folder__is_warned_of_and_planned(wanted: Subject) -> None:
    of = runaway(wanted, NAME)
    (finding,) = findings(of)
    assert finding.status is Status.WARNING
    assert (
        "given up after 5,300,000 rows: what lies under data/fooddb_foodsearch_huge_v202602010000/" in finding.message
    )
    plan = planned(make_plan(of))
    assert plan.steps[0].given_up == (("food-search", "foodsearch.huge"),)
    assert not any(step.given_up for step in plan.steps[1:])
    (effect,) = [effect for effect in plan.side_effects if effect.kind is EffectKind.GIVE_UP_LOAD]
    assert (effect.task, effect.table) == ("food-search", NAME)


def test_giving_up__nobody_names_it__fails() -> None:
    (finding,) = findings(runaway(REMOVED))
    assert finding.status is Status.FAILED
    assert "given up by a platform engineer" in finding.remedy


def test_giving_up__another_table_of_the_task_loads_too__fails_and_gives_nothing_up() -> None:
    of = runaway(REMOVED, NAME, beside="Before load")
    assert [finding.status for finding in findings(of)] == [Status.WARNING, Status.FAILED]
    assert planned(make_plan(of)).steps[0].given_up == ()


def test_giving_up__the_plan_keeps_the_table__fails_and_says_that_it_was_named_in_vain() -> None:
    said = findings(runaway(GROWN, NAME))
    assert [finding.status for finding in said] == [Status.FAILED, Status.WARNING]
    assert said[1].found == NAME


def test_giving_up__the_load_has_ended__says_that_there_is_nothing_to_give_up() -> None:
    wanted = replace(REMOVED, given_up=frozenset({NAME}))
    of = case(wanted, subject(search=task(HUGE, BRANDS)), running("search"), {"food-search": completed("huge")})
    (finding,) = findings(of)
    assert (finding.status, finding.found) == (Status.WARNING, NAME)
    assert planned(make_plan(of)).steps[0].given_up == ()


def test_fingerprint__a_load_is_given_up__is_another_than_where_it_has_ended() -> None:
    ended = case(REMOVED, subject(search=task(HUGE, BRANDS)), running("search"), {"food-search": completed("huge")})
    plans = [planned(make_plan(of)) for of in (runaway(REMOVED, NAME), ended)]
    assert plans[0].fingerprint != plans[1].fingerprint
