"""Every state of the engine, in both directions and in every step, has its words and its deeds: one table."""

from __future__ import annotations

import itertools

import pytest

from deploy_engine.execution.states import NEEDS_A_PERSON, TERMINAL, State, Why
from replication.choices import TERMINAL_DEPLOYMENT_STATES, DeploymentState
from replication.deployment_standing import Deed, standing_in
from replication.deployments.record import state_of_phase

EVERY = list(itertools.product(State, Why, (0, 1)))
CANCELLABLE = {State.QUEUED, State.PLANNING, State.LOCKED, State.PREPARE, State.GUARD, State.PAUSE, State.EXECUTE}


@pytest.mark.parametrize(("phase", "why", "step"), EVERY)
def test_standing__every_state__says_how_things_stand_and_offers_a_way_or_says_why_none(
    phase: State, why: Why, step: int
) -> None:
    row = state_of_phase(phase, cancel_requested=False)
    standing = standing_in(row, phase.value, why, step)
    assert standing.now.endswith(".")
    assert Deed.CANCEL in standing.deeds or standing.no_cancel.endswith("."), "why it cannot be given up"
    assert not (Deed.CANCEL in standing.deeds and standing.no_cancel)
    if phase in NEEDS_A_PERSON:
        assert standing.deeds[0] is Deed.GO_ON
    if phase in TERMINAL:
        assert set(standing.deeds) <= {Deed.TRY_AGAIN}


@pytest.mark.parametrize("phase", State)
def test_standing__cancel__is_offered_where_the_engine_obeys_it(phase: State) -> None:
    row = state_of_phase(phase, cancel_requested=False)
    offered = {step: Deed.CANCEL in standing_in(row, phase.value, Why.GO, step).deeds for step in (0, 1)}
    assert offered[0] is (phase in CANCELLABLE | {State.STUCK})
    assert offered[1] is (phase in {State.QUEUED, State.PLANNING, State.LOCKED}), "there is only forward then"


@pytest.mark.parametrize("state", DeploymentState)
def test_standing__every_state_of_the_row__has_words_before_the_engine_has_it_too(state: DeploymentState) -> None:
    standing = standing_in(state, "", Why.GO, 0)
    assert standing.now
    if state in TERMINAL_DEPLOYMENT_STATES:
        assert Deed.CANCEL not in standing.deeds


def test_standing__half_a_reload__has_two_ways_on_and_none_back() -> None:
    assert standing_in("half", "half", Why.GO, 1).deeds == (Deed.GO_ON, Deed.NEW_VERSION)


def test_standing__ticks_that_break_off__are_not_taken_for_the_engines_word() -> None:
    assert "break off" in standing_in("stuck", "pause", Why.GO, 0).now
