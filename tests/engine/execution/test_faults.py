"""Whatever dies in whatever moment: the deployment ends, the tasks run as they should, and no invariant is broken."""

from __future__ import annotations

import pytest

from deploy_engine.execution import Limits
from deploy_engine.execution.invariants import CALLS
from deploy_engine.execution.ports import AwsHands, Journal
from tests.engine.execution.base_change import BASE_CHANGE
from tests.engine.execution.faults import COMMITS, HARMLESS, MUTATIONS, READS, Fault, Weather, faults_of
from tests.engine.execution.matrix import (
    ADDED_BY_A_CRASH,
    Proof,
    carry_on,
    every_single,
    left_by_crashes,
    pairs_of_crashes,
    pauses,
    run_through,
)
from tests.engine.execution.planned import PLANNED
from tests.engine.execution.scenarios import ALL, RELOAD, SEVERAL, TROUBLED, Scenario
from tests.proofs import Breadth

EVERY = (*ALL, *TROUBLED, *PLANNED, BASE_CHANGE)
NEVER_ASKED = frozenset({"validate_template", "instance_rooms", "task_latencies", "alarms", "imports", "tasks_at"})
"""Reading that plans and pages need, and deployments do not."""

RARER_LOOKS = Limits(poll=30)


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", EVERY, ids=lambda scenario: scenario.name)
def test_executor__a_single_fault_at_every_point__ends_as_it_should_without_a_violation(
    scenario: Scenario, breadth: Breadth
) -> None:
    _, _, calm = run_through(scenario, {})
    proof = Proof()

    every_single(scenario, breadth.part(calm.points, about=25 if scenario in PLANNED else 60), proof)

    breadth.tell("single faults, fast model", proof)
    assert proof.violations == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", EVERY, ids=lambda scenario: scenario.name)
def test_executor__every_pair_of_crashes__ends_as_it_should_without_a_violation(
    scenario: Scenario, breadth: Breadth
) -> None:
    _, _, calm = run_through(scenario, {}, RARER_LOOKS)
    proof = Proof()

    firsts = breadth.part(tuple(calm.crashes), about=3)
    pairs_of_crashes(scenario, firsts, proof, every=1 if breadth.everything else 23, limits=RARER_LOOKS)

    breadth.tell("pairs of crashes, fast model", proof)
    assert proof.violations == []


def test_pairs__carried_on_from_a_copy__go_as_they_do_when_carried_out_whole() -> None:
    _, _, calm = run_through(RELOAD, {}, RARER_LOOKS)
    first = tuple(calm.crashes)[30]

    for second, copied in left_by_crashes(RELOAD, first, 11, RARER_LOOKS):
        carry_on(copied, Weather())
        whole, _, _ = run_through(RELOAD, dict([first, (second, Fault.CRASH_AFTER)]), RARER_LOOKS)

        assert (copied.aws.events, copied.story) == (whole.aws.events, whole.story)


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", [SEVERAL, RELOAD], ids=lambda scenario: scenario.name)
def test_executor__crash_at_every_point__adds_at_most_a_minute_to_a_pause(scenario: Scenario, breadth: Breadth) -> None:
    calm_stage, _, calm = run_through(scenario, {}, Limits())
    calm_pauses, worst = pauses(calm_stage), 0.0

    for point in breadth.part(tuple(calm.crashes), about=20):
        stage, _, _ = run_through(scenario, dict([point]), Limits())
        worst = max(worst, *(seconds - calm_pauses[task] for task, seconds in pauses(stage).items()))

    assert 0 < worst <= ADDED_BY_A_CRASH


def test_points__every_call_of_the_ports__can_be_struck() -> None:
    """A call that the lists do not know fails the run that makes it, and here what no run makes."""
    ports = {name for port in (AwsHands, Journal) for name in dir(port) if not name.startswith("_")}

    assert ports == READS | MUTATIONS | COMMITS | HARMLESS | NEVER_ASKED


def test_points__all_scenarios_together__make_every_call_and_have_every_effect() -> None:
    made: set[str] = set()
    effects: set[str] = set()
    for scenario in EVERY:
        stage, _, weather = run_through(scenario, {})
        made |= set(weather.calls)
        effects |= {event.kind for event in stage.aws.events}

    assert made >= READS | MUTATIONS | COMMITS
    assert effects >= CALLS


def test_points__a_call_that_no_list_knows__fails() -> None:
    with pytest.raises(AssertionError, match="reload_tables is a call that no fault covers"):
        faults_of("reload_tables")


def test_matrix__an_engine_that_forgets_its_tasks__is_found_out() -> None:
    """The proof must be able to fail: a journal that loses what it was told breaks what it is asked."""
    stage, _, weather = run_through(SEVERAL, {})
    stop = weather.calls.index("stop_task")
    stage.aws.live["food-orders"].status = "stopped"

    assert "I5: food-orders should be running after done, and is stopped" in stage.violations(SEVERAL.ends)
    assert Fault.SILENT_AFTER in faults_of(weather.calls[stop])
