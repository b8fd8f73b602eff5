"""The engine of a deployment: one short tick at a time, at most one mutating call in each.

A tick takes the lease, looks, decides, writes down what it is about to do, does it, writes down what came of it and
gives the lease back. It may be killed between any two of these: the next tick, by whomever, begins with a look. Two
ticks at once are harmless: the lease lets one through, and the fence stops whoever lost it from writing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import assert_never

from deploy_engine.errors import AwsRefused, AwsThrottled, AwsUnreachable, LostLease
from deploy_engine.execution.calls import StopTask, perform
from deploy_engine.execution.decide import decide
from deploy_engine.execution.decision import Act, Finish, Move, Wait
from deploy_engine.execution.decisions.giving_up import PERSON, without_sight
from deploy_engine.execution.defects import after_defect, start_again
from deploy_engine.execution.facts import fence_tag
from deploy_engine.execution.fencing import raised, shut_out
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed, Replan, observe
from deploy_engine.execution.outcome import (
    SLOWED,
    Outcome,
    after_act,
    after_blind_look,
    after_finish,
    after_move,
    after_refusal,
    after_silence,
    after_unknown,
    after_wait,
    intent_of,
    with_pause_watched,
)
from deploy_engine.execution.ports import AwsHands, DeploymentRecord, Journal, Lease, StackBusy
from deploy_engine.execution.record_json import with_intent
from deploy_engine.execution.states import TERMINAL, State
from deploy_engine.planning import Plan


@dataclass(frozen=True)
class Tick:
    """How the deployment stands after a tick; ``next_in_seconds`` is None once nothing will happen any more."""

    state: State
    next_in_seconds: float | None
    message: str


class Executor:
    """Carries deployments out. ``owner`` must differ between any two threads of any two processes.

    ``hands_for`` opens AWS for a plan's environment, afresh in each tick; ``replan`` makes the plan again before
    anything is touched; ``jitter`` gives numbers between 0 and 1 that spread the back-off.
    """

    def __init__(
        self,
        journal: Journal,
        hands_for: Callable[[Plan], AwsHands],
        *,
        owner: str,
        replan: Replan,
        limits: Limits = Limits(),  # noqa: B008 immutable
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._journal = journal
        self._hands_for = hands_for
        self._owner = owner
        self._replan = replan
        self._limits = limits
        self._jitter = jitter

    def tick(self, run: str) -> Tick:
        """Advance the deployment by at most one mutating call; harmless too often, too late, or twice at once."""
        record = self._journal.load(run)
        if record.state in TERMINAL:
            return Tick(record.state, None, record.message)
        asked = self._journal.now()
        early = (record.next_tick_at - asked).total_seconds()
        if early > 0:
            return Tick(record.state, early, record.message)
        lease = self._journal.acquire(run, self._owner)
        if lease is None:
            return Tick(record.state, self._limits.poll, record.message)
        try:
            return self._with_lease(lease, asked)
        except LostLease:
            return Tick(record.state, self._limits.poll, record.message)
        finally:
            with suppress(LostLease):
                self._journal.release(lease)

    def run_to_end(self, run: str, sleep: Callable[[float], None], watch: Callable[[Tick], None] | None = None) -> Tick:
        """Tick until the end, or until a person is needed; ``watch`` sees every tick. For the command line.

        A deployment that became stuck goes on until it has started whatever may be started: whoever is called then
        finds no task at rest that need not be.
        """
        before: State | None = None
        while True:
            tick = self.tick(run)
            if watch is not None:
                watch(tick)
            if tick.next_in_seconds is None or _waits_for_a_person(tick, before):
                return tick
            before = tick.state
            sleep(tick.next_in_seconds)

    def _with_lease(self, lease: Lease, asked: datetime) -> Tick:
        record = self._journal.load(lease.run)
        if record.state in TERMINAL:
            return Tick(record.state, None, record.message)
        new, lines = self._advance(lease, record, asked)
        new, lines = with_pause_watched(new, lines, self._journal.now(), self._limits)
        try:
            self._journal.record(lease, new, lines)
        except StackBusy as busy:
            waiting = Wait(self._limits.poll, f"Waiting for its turn: {busy}")
            new, lines = after_wait(record, waiting, self._journal.now())
            self._journal.record(lease, new, lines)
        if new.state in TERMINAL:
            return Tick(new.state, None, new.message)
        return Tick(new.state, max(0.0, (new.next_tick_at - self._journal.now()).total_seconds()), new.message)

    def _advance(  # noqa: PLR0911 one way out for each kind of answer
        self, lease: Lease, record: DeploymentRecord, asked: datetime
    ) -> Outcome:
        now = self._journal.now()
        slow = (now - asked).total_seconds() > self._limits.slow_write
        try:
            hands, first = self._hands_for(record.plan), None
            if self._limits.fenced:
                record = raised(record)
                hands.fence(fence_tag(record))
                first = shut_out(record, hands)
            observed = Observed(now) if first else observe(record, hands, self._replan, now, lambda: self._keep(lease))
        except LostLease:
            raise
        except (AwsThrottled, AwsUnreachable) as silence:
            return after_silence(record, f"AWS cannot be looked at: {silence}", self._back_off(record), now)
        except AwsRefused as refusal:
            blind = without_sight(record, str(refusal), self._limits)
            if isinstance(blind, Wait):
                return after_blind_look(record, blind, self._back_off(record), now)
            return self._come_of(record, blind)
        except Exception as defect:
            return self._after_defect(lease, record, defect)
        if first is not None:
            return self._act(lease, record, hands, observed, first)
        moment = self._journal.now()
        try:
            decision = decide(record, observed, moment, self._limits)
        except Exception as defect:
            return self._after_defect(lease, record, defect)
        if slow and isinstance(decision, Move) and decision.state is State.PAUSE:
            decision = Wait(self._limits.poll, "The journal is slow to write; no task is stopped before it is quick")
        looked_again = after_unknown(record, now)
        if isinstance(decision, Act):
            new, lines = self._act(lease, record, hands, observed, decision)
        else:
            new, lines = self._come_of(record, decision)
        return new, (*looked_again, *lines)

    def _keep(self, lease: Lease) -> None:
        """Renew the lease during a long look, before anybody could take it over; raises ``LostLease`` where one has."""
        left = (lease.expires_at - self._journal.now()).total_seconds()
        if left < self._limits.lease / 2 and self._journal.acquire(lease.run, self._owner) is None:
            raise LostLease("the look took too long, and another worker holds it now")

    def _after_defect(self, lease: Lease, record: DeploymentRecord, defect: Exception) -> Outcome:
        now = self._journal.now()

        def started_again() -> DeploymentRecord:
            hands = self._hands_for(record.plan)
            intend = partial(self._journal.intend, lease)
            return start_again(record, hands, intend, now, fenced=self._limits.fenced)

        return after_defect(record, defect, started_again, now, self._limits)

    def _come_of(self, record: DeploymentRecord, decision: Move | Wait | Finish) -> Outcome:
        now = self._journal.now()
        match decision:
            case Move():
                return after_move(record, decision, now)
            case Wait():
                return after_wait(record, decision, now)
            case Finish():
                return after_finish(record, decision, now)
            case _:
                assert_never(decision)

    def _act(self, lease: Lease, record: DeploymentRecord, hands: AwsHands, observed: Observed, act: Act) -> Outcome:
        """Write the intent down, make the call, say what came of it."""
        now = self._journal.now()
        if isinstance(act.call, StopTask) and not self._may_stop(lease, observed, now):
            return after_wait(record, Wait(self._limits.poll, "Looking once more before a stop"), now)
        intent = intent_of(record, act.call, now)
        self._journal.intend(lease, intent)
        record = with_intent(record, intent)
        try:
            perform(hands, act.call)
        except AwsThrottled as slowed:
            unchanged = replace(record, pending=None)
            return after_silence(unchanged, f"AWS asks to slow down: {slowed}", self._back_off(record), now)
        except AwsUnreachable as silence:
            return after_silence(record, f"No answer: {silence}; looking again", self._back_off(record), now)
        except AwsRefused as refusal:
            return after_refusal(record, act.call, str(refusal), self._back_off(record), now)
        return after_act(record, act, self._journal.now())

    def _may_stop(self, lease: Lease, observed: Observed, now: datetime) -> bool:
        """A late stop is the one dangerous call: only on a fresh look, with twice a call's time left of the lease."""
        fresh = (now - observed.at).total_seconds() <= self._limits.statistics_age
        return fresh and (lease.expires_at - now).total_seconds() >= 2 * self._limits.call_budget

    def _back_off(self, record: DeploymentRecord) -> float:
        """Exponential in the looks without answer and the refusals so far, between half and the whole of it."""
        times = min(int(record.memory.get(SLOWED, "0")) + record.attempts, 16)
        longest: float = min(self._limits.backoff * 2.0**times, self._limits.backoff_longest)
        return longest * (0.5 + self._jitter() / 2)


def _waits_for_a_person(tick: Tick, before: State | None) -> bool:
    """Half done, all tasks run; stuck, it has made its round and comes to nothing more by itself."""
    if tick.state is State.HALF:
        return True
    return tick.state is State.STUCK and before is State.STUCK and tick.message.startswith(PERSON)
