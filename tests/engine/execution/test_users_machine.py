"""People and machines at once: one team's edits, approvals, deployments; workers, faults, time and the console.

Where ``test_machine.py`` does everything to one deployment, here they follow one another, queue, and become stale.
"""

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

from deploy_engine.execution import State
from tests.engine.execution.faults import CRASHES, Crash, DatabaseFails, Fault, Weather, faults_of
from tests.engine.execution.users import Company, Run, Tables
from tests.proofs import Breadth

TASKS = st.sampled_from(["search", "orders", "recipes"])
TABLES = {
    "search": ("barcodes", "brands", "labels"),
    "orders": ("lines", "notes"),
    "recipes": ("steps", "cups"),
}
"""Each table in one task, for I10 is asked of the order in which a table's versions load."""
WORKERS = st.integers(0, 2)
WATCHDOG = 15


class Users(RuleBasedStateMachine):
    """A team that works on its config, and whatever may happen meanwhile."""

    company: Company

    @initialize(watched=st.booleans())
    def begin(self, *, watched: bool) -> None:
        """``watched``: a watchdog looks every 15 s. Without one nobody is told of a long pause (I6); all else holds."""
        self.company, self.watched = Company(), watched
        self.lives = 0
        self.by_hand: set[str] = set()

    # People.

    @rule(name=TASKS, number=st.integers(0, 2))
    def a_table_comes_or_goes(self, name: str, number: int) -> None:
        table = TABLES[name][number % len(TABLES[name])]
        tables = self.company.draft.get(name, Tables({}))
        kept = {other: version for other, version in tables.versions.items() if other != table}
        if table not in tables.versions:
            kept[table] = self.company.new_version()
        self.company.edit(name, Tables(kept, tables.paused) if kept else None)

    @rule(name=TASKS)
    def a_table_is_reloaded(self, name: str) -> None:
        tables = self.company.draft.get(name)
        if tables is not None and not tables.paused:
            reloaded = min(tables.versions)
            self.company.edit(name, Tables({**tables.versions, reloaded: self.company.new_version()}))

    @rule(name=TASKS)
    def a_task_is_paused_or_not(self, name: str) -> None:
        tables = self.company.draft.get(name)
        if tables is not None:
            self.company.edit(name, Tables(tables.versions, not tables.paused))

    @rule()
    def approved(self) -> None:
        self.company.approve()

    @rule()
    def approved_and_deployed(self) -> None:
        self.company.approve()
        self.company.deploy()

    @precondition(lambda self: self.company.approved is not None)
    @rule()
    def deployed(self) -> None:
        """What was approved a while ago; what runs may have changed since."""
        self.company.deploy()

    @precondition(lambda self: self.company.unfinished)
    @rule(data=st.data())
    def cancelled(self, data: st.DataObject) -> None:
        self.company.journal.request_cancel(data.draw(st.sampled_from(self.company.unfinished)).name)

    # Machines.

    @precondition(lambda self: self.company.unfinished)
    @rule(worker=WORKERS, times=st.integers(1, 40))
    def ticks(self, worker: int, times: int) -> None:
        for _ in range(times):
            for run in self.company.unfinished:
                self.company.tick(run, f"worker-{worker}")
            self.company.clock.sleep(5)

    @precondition(lambda self: self.company.unfinished)
    @rule(worker=WORKERS, after=st.integers(0, 15), fault=st.sampled_from(list(Fault)))
    def tick_struck(self, worker: int, after: int, fault: Fault) -> None:
        """A tick whose ``after``-th call meets a fault; who died never comes back under its name."""
        self.lives += fault in CRASHES
        weather = Weather()

        def strike(number: int) -> None:
            if number == after and fault in faults_of(weather.calls[number]):
                weather.schedule = {number: fault}

        weather.before_call = strike
        with suppress(Crash, DatabaseFails):
            self.company.tick(self.company.unfinished[0], f"life-{self.lives}-{worker}", weather)

    @rule(seconds=st.sampled_from([1, 20, 60, 300]))
    def time_passes(self, seconds: int) -> None:
        for begun in range(0, seconds, WATCHDOG):
            self.company.clock.sleep(min(seconds - begun, WATCHDOG))
            if self.watched:
                self._pass()

    def _pass(self) -> None:
        """The watchdog ticks whatever is due."""
        for run in self.company.unfinished:
            if self.company.journal.load(run.name).next_tick_at <= self.company.clock.now():
                self.company.tick(run, "watchdog")

    @rule()
    def the_next_update_fails(self) -> None:
        self.company.aws.failing_updates = 1

    # The console.

    def _quiet(self) -> bool:
        return not self.company.unfinished and not any(stack.due for stack in self.company.aws.stacks.values())

    @precondition(_quiet)
    @rule(name=TASKS)
    def stopped_by_hand(self, name: str) -> None:
        """Between an approval and its deployment too: the plan is stale then."""
        task = self.company.aws.live.get(f"food-{name}")
        if task is not None and task.status == "running":
            self.by_hand.add(task.name)
            task.status = "stopped"

    @precondition(_quiet)
    @rule()
    def stack_changed_by_hand(self) -> None:
        """Somebody changes a description in the stack: what is approved is approved over another template."""
        for stack in self.company.aws.stacks.values():
            if stack.template is not None:
                stack.template = {**stack.template, "Description": f"by hand at {self.company.clock.now()}"}

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "company"):
            assert self._not_excused(self.company.broken()) == [], self._story()

    def _not_excused(self, broken: Iterable[str]) -> list[str]:
        """I6 is asked wherever a watchdog runs; nobody is asked for what was stopped by hand."""
        excused = (*(() if self.watched else ("I6",)), *(f"I5: {name} " for name in self.by_hand))
        return [words for words in broken if not words.startswith(excused)]

    def _story(self) -> dict[str, list[str]]:
        return {run.name: [line.message for line in self.company.journal.lines(run.name)] for run in self._runs()}

    def _runs(self) -> list[Run]:
        return self.company.runs

    def teardown(self) -> None:
        """Left alone, every deployment ends, one after the other, and all stands as the last one that was done says."""
        if not hasattr(self, "company"):
            return
        for _ in range(3000):
            waits = [self.company.tick(run, "the-last") for run in self.company.unfinished]
            if not self.company.unfinished:
                break
            self.company.clock.sleep(min(seconds or 1.0 for seconds in waits))
        assert self.company.unfinished == [], self._story()
        self.company.clock.sleep(300)
        self.company.aws.tasks([])
        assert self._not_excused([*self.company.broken(), *self.company.astray()]) == [], self._story()


def test_users__whatever_is_approved_twice__is_deployed_once_and_then_stale() -> None:
    company = Company()
    company.edit("search", Tables({**company.draft["search"].versions, "labels": company.new_version()}))
    for _ in range(2):
        company.approve()
        company.deploy()
    for _ in range(200):
        for run in company.unfinished:
            company.tick(run, "worker")
        company.clock.sleep(5)

    assert [company.state(run) for run in company.runs] == [State.DONE, State.DONE]
    assert [company.journal.lines(run.name)[-1].message for run in company.runs][-1].startswith("Nothing to do")
    assert (list(company.broken()), company.astray()) == ([], [])


@pytest.mark.exhaustive
def test_users__anything_in_any_order__breaks_nothing_and_ends_as_deployed(breadth: Breadth) -> None:
    examples: Any = settings(max_examples=2_000 if breadth.everything else 200, stateful_step_count=25, deadline=None)

    run_state_machine_as_test(Users, settings=examples)
