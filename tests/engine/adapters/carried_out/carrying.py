"""A change carried out under scheduled faults by the real engine: boto3, the local AWS, and whichever journal.

It is carried out once without a fault, with a bookmark before each tick. Between two ticks nothing is remembered but by
AWS and the journal (and the credentials, which the bookmark has too), so a fault is tried from the last bookmark before
it on, and not from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from deploy_engine.execution import Executor, Journal, Limits, State, Tick
from deploy_engine.execution.invariants import WrittenIntent, acts_of_a_planner, settled
from deploy_engine.planning import Plan
from tests.engine.adapters.carried_out.in_process import Fault, Strikes
from tests.engine.adapters.carried_out.watching import Watch, Written
from tests.engine.adapters.carried_out.world import Change, Moment, Worlds
from tests.engine.execution.faults import COMMITS, Crash, DatabaseFails
from tests.engine.execution.matrix import Proof

LIMITS = Limits(poll=10)
LIVES, TICKS = 8, 200
WATCHDOG, BROKEN_WAIT = 15.0, 15.0


class Book(Protocol):
    """A journal and what stands around it."""

    def journal(self) -> Journal:
        """Opened afresh, as a new process does."""

    def create(self, plan: Plan) -> str: ...

    def intents(self, run: str) -> Sequence[WrittenIntent]: ...

    def written(self, run: str) -> Written:
        """Everything in the record that may never change."""

    def doubts(self) -> Sequence[str]:
        """What speaks against the record at the end, in words."""

    def kept(self) -> Any:
        """What is in it now."""

    def put_back(self, kept: Any) -> None:
        """Let that be in it again; a later one that was kept may be lost by that, so the last go back first."""


class _Struck:
    """A journal whose commits can be struck."""

    def __init__(self, real: Journal, worlds: Worlds) -> None:
        self._real = real
        self._worlds = worlds

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)
        if name not in COMMITS:
            return method
        return lambda *args: self._worlds.strikes.meet(name, lambda: method(*args))


@dataclass
class Carried:
    """How it went; ``wrong`` is empty where nothing did."""

    met: list[str]
    points: list[tuple[int, Fault]]
    wrong: list[str]


@dataclass(frozen=True)
class Bookmark:
    """All that stands between two ticks, and what was met and seen until then."""

    met: tuple[str, ...]
    world: Moment
    book: Any
    seen: Any


class Trip:
    """One change from its beginning to its end, as often as it takes."""

    def __init__(self, worlds: Worlds, change: Change, book: Book) -> None:
        worlds.begin(change)
        plan = worlds.plan_of(change)
        self._worlds, self._change, self._book = worlds, change, book
        self._run = book.create(plan)
        self._watch = Watch(worlds, plan, lambda: book.intents(self._run), lambda: book.written(self._run))
        self._bookmarks: list[Bookmark] = []
        self._met: tuple[str, ...] = ()

    def without_a_fault(self) -> Carried:
        """From the beginning, leaving bookmarks."""
        self._worlds.new_process()
        calm = self._carried(Strikes(), lambda: self._bookmarks.append(self._bookmark()))
        self._met = tuple(calm.met)
        return calm

    def again(self, number: int, schedule: dict[int, Fault]) -> Carried:
        """From the last bookmark before the ``number``-th thing that was met on, under these faults.

        The last are asked first: see ``Book.put_back``.
        """
        mark = next(mark for mark in reversed(self._bookmarks) if len(mark.met) <= number)
        self._worlds.back_to(mark.world)
        self._book.put_back(mark.book)
        self._watch.back_to(mark.seen)
        return self._carried(Strikes(schedule, [*mark.met]))

    def wrong_under(self, number: int, fault: Fault) -> list[str]:
        """What went wrong after this fault at the ``number``-th thing that was met, in words."""
        again = self.again(number, {number: fault})
        came, wrong = tuple(again.met[: number + 1]), again.wrong
        if came != self._met[: number + 1]:
            wrong = [*wrong, f"another way led there, and {came[-1]} was struck instead of {self._met[number]}"]
        return [f"{self._change.name}, {fault.value} at {number}: {words}" for words in wrong]

    def _carried(self, strikes: Strikes, before_tick: Callable[[], None] = lambda: None) -> Carried:
        worlds, change, watch = self._worlds, self._change, self._watch
        worlds.strikes = strikes
        strikes.watch = watch
        worlds.forget_calls()
        tick = self._to_the_end(before_tick)
        strikes.watch = lambda _name, _request: lambda _answer: None
        wrong = [*watch.broken]
        wrong += acts_of_a_planner(operation for _, operation in worlds.planner_session.calls)
        if tick is None or tick.state is not change.ends:
            wrong.append("I13: no end was reached" if tick is None else f"it ended {tick.state.value}: {tick.message}")
        found = worlds.run_states(change.wanted)
        wanted = {name: "running" if runs else "stopped" for name, runs in change.after.items()}
        wrong += settled(watch.history, state=State.DONE, ran_before=watch.ran_before, wanted=wanted, found=found)
        wrong += self._book.doubts()
        if set(found) != set(wanted):
            wrong.append(f"there are {sorted(found)}, and should be {sorted(wanted)}")
        return Carried(strikes.met, strikes.points, wrong)

    def _to_the_end(self, before_tick: Callable[[], None]) -> Tick | None:
        """One worker after the other, to the end."""
        for life in range(LIVES):
            executor = self._worker(f"worker-{life}")
            try:
                for _ in range(TICKS):
                    before_tick()
                    try:
                        tick = executor.tick(self._run)
                    except DatabaseFails:
                        self._worlds.aws.advance(BROKEN_WAIT)
                        continue
                    if tick.next_in_seconds is None:
                        return tick
                    self._worlds.aws.advance(tick.next_in_seconds)
                    self._watch.ask()
            except Crash:
                self._worlds.aws.advance(WATCHDOG)
                self._worlds.new_process()
        return None

    def _worker(self, owner: str) -> Executor:
        worlds = self._worlds
        return Executor(
            cast("Journal", _Struck(self._book.journal(), worlds)),
            lambda _plan: worlds.hands,
            owner=owner,
            replan=lambda _plan: worlds.plan(self._change.wanted),
            limits=LIMITS,
            jitter=lambda: 1.0,
        )

    def _bookmark(self) -> Bookmark:
        return Bookmark(tuple(self._worlds.strikes.met), self._worlds.moment(), self._book.kept(), self._watch.seen())


def every_single(trip: Trip, points: Sequence[tuple[int, Fault]], proof: Proof) -> None:
    """One run for each point, with its fault alone."""
    for number, fault in reversed(points):
        proof.points += 1
        proof.runs += 1
        proof.violations += trip.wrong_under(number, fault)
