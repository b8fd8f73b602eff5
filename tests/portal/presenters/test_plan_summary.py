"""A plan in one line and in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deploy_engine.planning import EffectKind, Flavour, Plan, Resources, SideEffect, Step
from portal.presenters.plan_summary import FACES, about, could_not_be_checked, plan_effects, plan_summary

STEP = Step(("food-a",), ("food-a",), (), (), ("db/s/new",), ("db/s/old",), Resources(), (), "{}")
PLAN = Plan(
    environment="local",
    stack="sluice-local-food",
    team="food",
    flavour=Flavour.SINGLE_STEP,
    steps=(STEP,),
    side_effects=(),
    not_affected="No other team is affected.",
    deployed_sha256="",
    first_deployment=False,
    lake_bucket="lake",
    pause_estimate_seconds=132,
    fingerprint="f",
)


def _counts(plan: Plan, settings: int | None = None) -> str:
    summary = plan_summary(plan, settings_changed=settings)
    return " ".join(f"{count.symbol}{count.number} {count.noun}" for count in summary.counts)


def test_plan_summary__one_step__counts_tables_from_the_plan() -> None:
    assert _counts(PLAN) == "+1 table ↻0 reloads −1 removed"
    assert _counts(PLAN, settings=1) == "+1 table ~1 setting ↻0 reloads −1 removed"


def test_plan_summary__removed_and_added_again__is_a_reload() -> None:
    steps = (
        replace(STEP, tables_add=(), tables_remove=("db/s/t",)),
        replace(STEP, tables_add=("db/s/t",), tables_remove=()),
    )
    plan = replace(PLAN, flavour=Flavour.TWO_STEP, steps=steps)
    assert _counts(plan) == "+0 tables ↻1 reload −0 removed"
    assert plan_summary(plan).shape == "two steps"


def test_plan_summary__a_version_that_a_newer_one_supersedes__ends_and_is_no_removal() -> None:
    ended = SideEffect(EffectKind.RETIRE_VERSION, "food-a", "db/s/old", "goes on")
    assert _counts(replace(PLAN, side_effects=(ended,))) == "+1 table ↻0 reloads −0 removed ✓1 version ends"


def test_plan_summary__a_paused_table__is_counted_for_itself_and_is_no_removal() -> None:
    paused = SideEffect(EffectKind.PAUSE_TABLE, "food-a", "db/s/old", "pauses")
    plan = replace(PLAN, side_effects=(paused,))
    assert _counts(plan) == "+1 table ↻0 reloads −0 removed ‖1 table pauses"
    assert plan_effects(plan).calm == ""


def test_plan_summary__paused_in_one_task_and_removed_from_another__is_a_removal() -> None:
    effects = tuple(
        SideEffect(kind, task, "db/s/old", "leaves")
        for kind, task in ((EffectKind.PAUSE_TABLE, "food-a"), (EffectKind.REMOVE_TABLE, "food-b"))
    )
    assert _counts(replace(PLAN, side_effects=effects)) == "+1 table ↻0 reloads −1 removed"


def test_plan_summary__what_pauses__is_said_with_its_estimate() -> None:
    assert plan_summary(PLAN).pause == "1 task, about 2 min"
    assert plan_summary(replace(PLAN, steps=(replace(STEP, pause=()),))).pause == ""


@pytest.mark.parametrize(
    ("kind", "calm"), [(EffectKind.LOAD, True), (EffectKind.RELOAD, False), (EffectKind.REMOVE_TASK, False)]
)
def test_plan_effects__harm__is_never_called_calm(kind: EffectKind, calm: bool) -> None:
    effects = plan_effects(replace(PLAN, side_effects=(SideEffect(kind, "food-a", "", "something happens"),)))
    assert bool(effects.calm) is calm
    assert effects.items[0].sentence == "something happens."


def test_plan_effects__every_kind__has_a_face() -> None:
    assert set(FACES) == set(EffectKind)


def test_could_not_be_checked__silent_checks__say_why() -> None:
    silent = {"title": "Paths are empty", "could_not_run": True, "findings": [], "reason": "AWS did not answer"}
    assert could_not_be_checked([silent, {"title": "Fine", "could_not_run": False}]) == (
        "Paths are empty: AWS did not answer.",
    )


@pytest.mark.parametrize(("seconds", "words"), [(40, "about 40 s"), (132, "about 2 min"), (15000, "about 4 h 10 min")])
def test_about__an_estimate__is_never_more_exact_than_it_is(seconds: int, words: str) -> None:
    assert about(seconds) == words
