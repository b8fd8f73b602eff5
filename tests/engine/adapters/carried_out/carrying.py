"""A change carried out under scheduled faults by the real engine: boto3, the local AWS, and whichever journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from deploy_engine.execution import Executor, Journal, Limits, State, Tick
from deploy_engine.execution.invariants import WrittenIntent, acts_of_a_planner, settled
from deploy_engine.planning import Plan
from tests.engine.adapters.carried_out.in_process import Fault, Strikes
from tests.engine.adapters.carried_out.watching import Watch
from tests.engine.adapters.carried_out.world import Change, Worlds
from tests.engine.execution.faults import COMMITS, Crash, DatabaseFails

LIMITS = Limits(poll=10)
LIVES, TICKS = 8, 200
WATCHDOG, BROKEN_WAIT = 15.0, 15.0


class Book(Protocol):
    """A journal and what stands around it."""

    def journal(self) -> Journal:
        """Opened afresh, as a new process does."""

    def create(self, plan: Plan) -> str: ...

    def intents(self, run: str) -> Sequence[WrittenIntent]: ...


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


def carry_out(worlds: Worlds, change: Change, book: Book, schedule: Mapping[int, Fault]) -> Carried:
    """From the change's beginning to its end, one worker after the other."""
    worlds.begin(change)
    plan = worlds.plan_of(change)
    run = book.create(plan)
    watch = Watch(worlds, plan, lambda: book.intents(run))
    worlds.strikes = strikes = Strikes(dict(schedule), watch=watch)
    worlds.deployer_session.calls.clear()
    worlds.planner_session.calls.clear()
    tick = _to_the_end(worlds, change, book, run, watch)
    strikes.watch = lambda _name, _request: lambda _answer: None
    wrong = [*watch.broken]
    planned = [operation for _, operation in worlds.planner_session.calls]
    wrong += acts_of_a_planner(planned)
    if tick is None or tick.state is not change.ends:
        wrong.append("I13: no end was reached" if tick is None else f"it ended {tick.state.value}: {tick.message}")
    found = worlds.run_states(change.wanted)
    wanted = {name: "running" if runs else "stopped" for name, runs in change.after.items()}
    wrong += settled(watch.history, state=State.DONE, ran_before=watch.ran_before, wanted=wanted, found=found)
    if set(found) != set(wanted):
        wrong.append(f"there are {sorted(found)}, and should be {sorted(wanted)}")
    return Carried(strikes.met, strikes.points, wrong)


def _to_the_end(worlds: Worlds, change: Change, book: Book, run: str, watch: Watch) -> Tick | None:
    for life in range(LIVES):
        worlds.new_process()
        journal = cast("Journal", _Struck(book.journal(), worlds))
        executor = Executor(
            journal,
            lambda _plan: worlds.hands,
            owner=f"worker-{life}",
            replan=lambda _plan: worlds.plan(change.wanted),
            limits=LIMITS,
            jitter=lambda: 1.0,
        )
        try:
            for _ in range(TICKS):
                try:
                    tick = executor.tick(run)
                except DatabaseFails:
                    worlds.aws.advance(BROKEN_WAIT)
                    continue
                if tick.next_in_seconds is None:
                    return tick
                worlds.aws.advance(tick.next_in_seconds)
                watch.ask()
        except Crash:
            worlds.aws.advance(WATCHDOG)
    return None


def wrong_under(worlds: Worlds, change: Change, book: Callable[[], Book], schedule: Mapping[int, Fault]) -> list[str]:
    """What went wrong under these faults, in words."""
    struck = ", ".join(f"{fault.value} at {number}" for number, fault in schedule.items())
    return [f"{change.name}, {struck}: {words}" for words in carry_out(worlds, change, book(), schedule).wrong]
