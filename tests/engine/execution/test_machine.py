"""Anything in any order: ticks of several workers, deaths, silence, time, cancelling, a failing update, the console."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from deploy_engine.execution import TERMINAL, Executor, State
from deploy_engine.execution.invariants import standing
from tests.engine.execution.faults import CRASHES, Crash, DatabaseFails, Fault, Process, Weather, faults_of
from tests.engine.execution.scenarios import ALL, Scenario, Stage
from tests.proofs import Breadth

WORKERS = st.integers(0, 3)
WATCHDOG = 15
"""Seconds between two rounds of the watchdog."""


class Deployments(RuleBasedStateMachine):
    """One deployment, and whatever may happen to it."""

    stage: Stage

    @initialize(scenario=st.sampled_from(ALL), watched=st.booleans())
    def begin(self, scenario: Scenario, watched: bool) -> None:
        """``watched``: a watchdog looks every 15 s. Without one nobody is told of a long pause (I6); all else holds."""
        self.stage, self.watched = Stage(scenario), watched
        self.lives = 0
        self.by_hand = False

    @property
    def state(self) -> State:
        return self.stage.journal.load(self.stage.run).state

    @rule(worker=WORKERS, times=st.integers(1, 12))
    def tick(self, worker: int, times: int) -> None:
        """A worker's ticks, also duplicate ones and ones that come too early."""
        for _ in range(times):
            self.stage.executor(f"worker-{worker}").tick(self.stage.run)
            self.stage.clock.sleep(1)

    @rule(worker=WORKERS, after=st.integers(0, 15), fault=st.sampled_from(list(Fault)))
    def tick_struck(self, worker: int, after: int, fault: Fault) -> None:
        """A tick whose ``after``-th call meets a fault; who died never comes back under its name."""
        self.lives += fault in CRASHES
        calm = Weather(events=self.stage.aws.events)
        process = Process(calm, self.stage.aws, self.stage.journal)
        calm.before_call = lambda number: self._strike(calm, number, after, fault)
        executor = self.stage.executor(f"life-{self.lives}-{worker}", hands=process.hands, journal=process.journal)
        with suppress(Crash, DatabaseFails):
            executor.tick(self.stage.run)

    @staticmethod
    def _strike(weather: Weather, number: int, after: int, fault: Fault) -> None:
        if number == after and fault in faults_of(weather.calls[number]):
            weather.schedule = {number: fault}

    @rule(seconds=st.sampled_from([1, 5, 20, 31, 60, 300, 1200]))
    def time_passes(self, seconds: int) -> None:
        watchdog = self.stage.executor("watchdog")
        for begun in range(0, seconds, WATCHDOG):
            self.stage.clock.sleep(min(seconds - begun, WATCHDOG))
            if self.watched:
                self._pass_of(watchdog)

    def _pass_of(self, watchdog: Executor) -> None:
        """The watchdog ticks what is due. It also looks at the end of a shorter wait: waits may follow one another."""
        record = self.stage.journal.load(self.stage.run)
        if record.state not in TERMINAL and record.next_tick_at <= self.stage.clock.now():
            watchdog.tick(self.stage.run)

    @rule()
    def cancelled(self) -> None:
        self.stage.journal.request_cancel(self.stage.run)

    @precondition(lambda self: self.state in {State.PREPARE, State.GUARD, State.PAUSE})
    @rule()
    def the_update_fails(self) -> None:
        self.stage.aws.failing_updates = 1

    @precondition(lambda self: self.state is State.EXECUTE and not self.by_hand)
    @rule()
    def started_by_hand(self) -> None:
        """Somebody starts a stopped task in the console before the update is handed over."""
        busy = any(stack.due is not None for stack in self.stage.aws.stacks.values())
        stopped = [task for task in self.stage.aws.live.values() if task.status == "stopped" and task.ever_ran]
        if not busy and stopped:
            self.by_hand, stopped[0].status = True, "running"

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "stage"):
            broken = standing(self.stage.history, self.stage.clock.now())
            assert self._not_excused(broken) == [], self.stage.story

    def _not_excused(self, broken: Iterable[str]) -> list[str]:
        """I6 is asked wherever a watchdog runs, I7 wherever nobody started a task by hand, all others always."""
        excused = (*(() if self.watched else ("I6",)), *(("I7",) if self.by_hand else ()))
        return [words for words in broken if not words.startswith(excused)]

    def teardown(self) -> None:
        """Whatever was done, once it is left alone an end is reached, and everything runs that should (I5, I7, I13)."""
        if not hasattr(self, "stage"):
            return
        executor = self.stage.executor("the-last")
        for _ in range(2000):
            tick = executor.tick(self.stage.run)
            if tick.next_in_seconds is None:
                break
            self.stage.clock.sleep(tick.next_in_seconds)
        assert self.state in TERMINAL, self.stage.story
        assert self._not_excused(self.stage.violations(self.state)) == [], self.stage.story


@pytest.mark.exhaustive
def test_deployment__anything_in_any_order__ends_with_all_running_and_breaks_nothing(breadth: Breadth) -> None:
    examples: Any = settings(max_examples=2_000 if breadth.everything else 200, stateful_step_count=25, deadline=None)

    run_state_machine_as_test(Deployments, settings=examples)
