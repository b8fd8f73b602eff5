"""How a plan differs from the one that was reviewed."""

from __future__ import annotations

from dataclasses import replace

from deploy_engine.planning import EffectKind, Flavour, SideEffect
from portal.presenters.replanned import replanned
from tests.portal.presenters.test_plan_summary import PLAN, STEP

LOAD = SideEffect(EffectKind.LOAD, "food-a", "db/s/new", "db/s/new loads from scratch: about 2 min")
RELOAD = SideEffect(EffectKind.RELOAD, "food-a", "db/s/old", "db/s/old reloads from scratch")


def test_replanned__another_effect__says_what_comes_and_what_goes() -> None:
    now = replace(PLAN, side_effects=(RELOAD,), fingerprint="g")
    difference = replanned(replace(PLAN, side_effects=(LOAD,)), now)
    assert difference is not None
    assert difference.comes == ("db/s/old reloads from scratch.",)
    assert difference.goes == ("db/s/new loads from scratch: about 2 min.",)


def test_replanned__only_an_estimate__is_no_effect_that_comes_or_goes() -> None:
    slower = replace(LOAD, message="db/s/new loads from scratch: about 9 min")
    difference = replanned(
        replace(PLAN, side_effects=(LOAD,)), replace(PLAN, side_effects=(slower,), fingerprint="g", deployed_sha256="x")
    )
    assert difference is not None
    assert (difference.comes, difference.goes) == ((), ())
    assert difference.otherwise == ("What is deployed is no longer what the review's plan started from.",)


def test_replanned__more_steps_and_pauses__are_said() -> None:
    now = replace(
        PLAN, flavour=Flavour.TWO_STEP, steps=(STEP, replace(STEP, pause=("food-a", "food-b"))), fingerprint="g"
    )
    difference = replanned(PLAN, now)
    assert difference is not None
    assert difference.otherwise == ("It was one step, and is two steps now.", "It pauses food-b too.")


def test_replanned__the_same_or_an_unknown_plan__is_no_difference() -> None:
    assert replanned(PLAN, PLAN) is None
    assert replanned(None, PLAN) is None
    assert replanned(PLAN, None) is None
