"""A worker that wakes after another took over: fenced by AWS it changes nothing, else it stops once, and that heals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deploy_engine.errors import AwsUnreachable
from deploy_engine.execution import Limits, State
from deploy_engine.execution.facts import TAG_FENCE
from tests.engine.execution.matrix import Proof, run_through
from tests.engine.execution.scenarios import ADD, NEW_TASK, PAUSE, RELOAD, SEVERAL, Scenario, Stage
from tests.engine.execution.test_refusals import until
from tests.engine.execution.zombies import FencedHands, sleep_at
from tests.proofs import Breadth

LIMITS = Limits(poll=10)
FENCED = replace(LIMITS, fenced=True)
SCENARIOS = (ADD, NEW_TASK, PAUSE, SEVERAL, RELOAD)
TICKS = (1, 3, 8, 30)


def _proof(scenario: Scenario, breadth: Breadth, *, fenced: bool) -> tuple[Proof, int, int]:
    """What was wrong, and how often a stop came late and interrupted a load."""
    _, _, calm = run_through(scenario, {}, FENCED if fenced else LIMITS)
    proof, late, interrupted = Proof(), 0, 0
    numbers = [number for number, call in enumerate(calm.calls) if call not in {"now", "load", "session_left"}]
    for number in breadth.part(numbers, about=40):
        proof.points += 1
        for ticks in TICKS if breadth.everything else TICKS[1:3]:
            proof.runs += 1
            woken = sleep_at(scenario, number, ticks, fenced=fenced, limits=LIMITS)
            proof.violations += [f"asleep at {number} for {ticks} ticks: {words}" for words in woken.wrong]
            late += bool(woken.late)
            interrupted += woken.interrupted
    return proof, late, interrupted


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_zombie__fenced_by_aws__changes_nothing_wherever_it_slept(scenario: Scenario, breadth: Breadth) -> None:
    proof, _, _ = _proof(scenario, breadth, fenced=True)

    breadth.tell("zombies behind the fence, fast model", proof)
    assert proof.violations == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_zombie__without_the_fence__stops_at_most_once_and_the_next_pass_of_the_watchdog_heals(
    scenario: Scenario, breadth: Breadth
) -> None:
    """And it interrupts no load that its own last look, at most 5 s before, had shown it: see ``_beyond_the_bound``."""
    proof, _, _ = _proof(scenario, breadth, fenced=False)

    breadth.tell("zombies without the fence, fast model", proof)
    assert proof.violations == []


def test_zombie__asleep_right_before_its_stop_without_the_fence__is_the_case_that_the_fence_is_for() -> None:
    woken = sleep_at(ADD, _call_of("stop_task", ADD, LIMITS), 30, fenced=False, limits=LIMITS)
    fenced = sleep_at(ADD, _call_of("stop_task", ADD, FENCED), 30, fenced=True, limits=LIMITS)

    assert len(woken.late) == 1
    assert (fenced.late, fenced.wrong) == ([], [])


def test_zombie__without_the_fence__every_late_stop_is_one_that_was_about_to_be_made() -> None:
    """The bound on its own: of all places to sleep at, late stops come from right before a stop, one from each."""
    _, _, calm = run_through(ADD, {}, LIMITS)
    awakenings = {
        number: sleep_at(ADD, number, 30, fenced=False, limits=LIMITS)
        for number, call in enumerate(calm.calls)
        if call in {"stop_task", "intend", "record", "table_statistics"}
    }
    late = [number for number, woken in awakenings.items() if woken.stops]

    assert late == [number for number, call in enumerate(calm.calls) if call == "stop_task"]
    assert [woken.wrong for woken in awakenings.values() if woken.wrong] == []
    assert sum(woken.healed + woken.interrupted for woken in awakenings.values()) == len(late)


@pytest.mark.parametrize("sleeps_before", ["acquire", "table_statistics"])
def test_zombie__asleep_before_its_last_look__sees_the_load_that_began_meanwhile_and_stops_nothing(
    sleeps_before: str,
) -> None:
    """A load seen at most 5 s before is never interrupted, fence or not: who slept earlier looks again."""
    _, _, calm = run_through(RELOAD, {}, LIMITS)
    stop = calm.calls.index("stop_task")
    asleep = max(number for number in range(stop) if calm.calls[number] == sleeps_before)

    woken = sleep_at(RELOAD, asleep, 30, fenced=False, limits=LIMITS)

    assert woken.stops == []
    assert (woken.wrong, woken.interrupted) == ([], 0)


@pytest.mark.parametrize("ticks", TICKS)
def test_fence__sleeper_puts_its_old_tag_over_the_new_one__it_is_set_again_before_the_stop(ticks: int) -> None:
    woken = sleep_at(ADD, _call_of("tag_task", ADD, FENCED), ticks, fenced=True, limits=LIMITS)

    assert (woken.late, woken.wrong) == ([], [])


def _call_of(name: str, scenario: Scenario, limits: Limits) -> int:
    _, _, calm = run_through(scenario, {}, limits)
    return calm.calls.index(name)


def test_fence__every_task__bears_it_before_it_is_stopped_and_started() -> None:
    stage = Stage(SEVERAL, limits=Limits(fenced=True))
    hands = FencedHands(stage.aws)

    tick = stage.executor(hands=hands).run_to_end(stage.run, stage.clock.sleep)

    assert (tick.state, stage.violations(tick.state)) == (State.DONE, ())
    assert {task.tags[TAG_FENCE] for task in stage.aws.live.values()} == {f"{stage.run}.0"}


def test_fence__call_of_unknown_outcome__raises_it_and_shuts_the_task_off_first() -> None:
    stage = Stage(ADD, limits=Limits(fenced=True))
    until(stage, State.PAUSE)
    while (pending := stage.journal.load(stage.run).pending) is None or pending.operation != "StopReplicationTask":
        _silent_stop(stage)

    tick = stage.executor(hands=FencedHands(stage.aws)).tick(stage.run)

    assert tick.message == "Fencing food-foodsearch off against a call that may come too late"
    assert stage.aws.live["food-foodsearch"].tags[TAG_FENCE] == f"{stage.run}.1"


def _silent_stop(stage: Stage) -> None:
    class Silent(FencedHands):
        def stop_task(self, arn: str) -> None:
            raise AwsUnreachable("no answer within 5 s")

    tick = stage.executor(hands=Silent(stage.aws)).tick(stage.run)
    stage.clock.sleep(tick.next_in_seconds or 0)
