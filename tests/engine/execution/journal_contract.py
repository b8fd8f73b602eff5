"""What every journal must do; each adapter's test module inherits :class:`JournalContract` and says how to make one.

class TestDjangoJournal(JournalContract):
    def make(self, clock: MovedClock, limits: Limits) -> JournalWorld: ...
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from deploy_engine.errors import LostLease
from deploy_engine.execution import DeploymentRecord, Limits, StackBusy, State, Why
from deploy_engine.execution.ports import Intent, Journal, Lease, LogLine
from deploy_engine.planning import Plan
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.scenarios import ADD, PAUSE

LIMITS = Limits(lease=20, grace=10)


@dataclass(frozen=True)
class JournalWorld:
    """A journal and what stands around it: how deployments come into it, are cancelled, and how their story is read."""

    journal: Journal
    create: Callable[[Plan], str]
    request_cancel: Callable[[str], None]
    request_rollback: Callable[[str], None]
    lines: Callable[[str], tuple[LogLine, ...]]


class JournalContract(ABC):
    """Inherited by the tests of each journal."""

    @abstractmethod
    def make(self, clock: MovedClock, limits: Limits) -> JournalWorld:
        """A journal that is empty and reads ``clock``."""

    @pytest.fixture
    def clock(self) -> MovedClock:
        return MovedClock()

    @pytest.fixture
    def world(self, clock: MovedClock) -> JournalWorld:
        return self.make(clock, LIMITS)

    def _lease(self, world: JournalWorld, run: str, owner: str = "worker-1") -> Lease:
        lease = world.journal.acquire(run, owner)
        assert lease is not None
        return lease

    def test_load__a_new_deployment__is_queued_with_its_whole_plan(self, world: JournalWorld) -> None:
        plan = ADD.plan()

        record = world.journal.load(world.create(plan))

        assert (record.state, record.step, record.why, record.plan) == (State.QUEUED, 0, Why.GO, plan)
        assert record.next_tick_at <= world.journal.now()

    def test_record__every_field_changed__comes_back_as_it_was(self, world: JournalWorld) -> None:
        run = world.create(ADD.plan())
        record = world.journal.load(run)
        now = world.journal.now()
        changed = DeploymentRecord(
            run=run,
            plan=PAUSE.plan(),
            state=State.PAUSE,
            step=1,
            why=Why.ABORT,
            entered_at=now,
            next_tick_at=now + timedelta(seconds=2, microseconds=500_000),
            paused_since=now - timedelta(minutes=1),
            attempts=3,
            resumable=("food-foodsearch", "food-orders"),
            pending=Intent(7, "StopReplicationTask", "food-orders", "", 1, now),
            cancel_requested=record.cancel_requested,
            message="Stopping food-orders — „gleich“",
            memory={"step.tagged:food-orders": "yes"},
            intents=7,
        )

        world.journal.record(self._lease(world, run), changed, ())

        assert world.journal.load(run) == changed

    def test_record__with_lines__the_story_grows_in_order(self, world: JournalWorld) -> None:
        run = world.create(ADD.plan())
        lease, record, now = self._lease(world, run), world.journal.load(run), world.journal.now()
        first = LogLine(now, State.PAUSE, 0, "Stopping food-orders")
        second = LogLine(now, State.PAUSE, 0, "It was refused", detail="AccessDenied", level="warning")

        world.journal.record(lease, record, (first,))
        world.journal.record(lease, record, (second,))

        assert world.lines(run) == (first, second)

    def test_intend__before_a_call__is_pending_until_it_is_recorded(self, world: JournalWorld) -> None:
        run = world.create(ADD.plan())
        lease = self._lease(world, run)
        intent = Intent(1, "StopReplicationTask", "food-orders", "", 0, world.journal.now())

        world.journal.intend(lease, intent)
        pending = world.journal.load(run)
        world.journal.record(lease, replace(pending, pending=None), ())
        after = world.journal.load(run)

        assert (pending.pending, pending.intents) == (intent, 1)
        assert (after.pending, after.intents) == (None, 1)

    def test_acquire__held_by_another__none(self, world: JournalWorld) -> None:
        run = world.create(ADD.plan())
        self._lease(world, run)

        assert world.journal.acquire(run, "worker-2") is None

    def test_acquire__another_deployment_of_the_stack_is_being_worked_on__none(self, world: JournalWorld) -> None:
        first, second = world.create(ADD.plan()), world.create(ADD.plan())
        self._lease(world, first)

        assert world.journal.acquire(second, "worker-2") is None

    def test_acquire__held_by_ourselves__renews_without_a_new_fence(
        self, world: JournalWorld, clock: MovedClock
    ) -> None:
        run = world.create(ADD.plan())
        before = self._lease(world, run)
        clock.sleep(5)

        after = self._lease(world, run)

        assert after.fence == before.fence
        assert after.expires_at == clock.now() + timedelta(seconds=20)

    def test_acquire__after_a_release__is_free_at_once_with_a_higher_fence(self, world: JournalWorld) -> None:
        run = world.create(ADD.plan())
        before = self._lease(world, run)
        world.journal.release(before)

        assert self._lease(world, run, "worker-2").fence > before.fence

    @pytest.mark.parametrize(("seconds", "free"), [(19, False), (29, False), (31, True)])
    def test_acquire__the_holder_is_silent__free_only_after_lease_and_grace(
        self, world: JournalWorld, clock: MovedClock, seconds: float, free: bool
    ) -> None:
        run = world.create(ADD.plan())
        self._lease(world, run)
        clock.sleep(seconds)

        assert (world.journal.acquire(run, "worker-2") is not None) is free

    def test_write__the_lease_was_taken_over__lost_lease_and_nothing_written(
        self, world: JournalWorld, clock: MovedClock
    ) -> None:
        run = world.create(ADD.plan())
        zombie, record = self._lease(world, run), world.journal.load(run)
        clock.sleep(31)
        self._lease(world, run, "worker-2")
        intent = Intent(1, "StopReplicationTask", "food-orders", "", 0, world.journal.now())

        with pytest.raises(LostLease):
            world.journal.intend(zombie, intent)
        with pytest.raises(LostLease):
            world.journal.record(zombie, replace(record, step=1), (LogLine(clock.now(), State.PAUSE, 0, "late"),))
        with pytest.raises(LostLease):
            world.journal.release(zombie)
        assert (world.journal.load(run), world.lines(run)) == (record, ())

    def test_record__another_deployment_of_the_stack_is_live__stack_busy_names_it(self, world: JournalWorld) -> None:
        first, second = world.create(ADD.plan()), world.create(ADD.plan())
        lease = self._lease(world, first)
        world.journal.record(lease, replace(world.journal.load(first), state=State.PLANNING), ())
        world.journal.release(lease)
        lease, waiting = self._lease(world, second), world.journal.load(second)

        with pytest.raises(StackBusy) as busy:
            world.journal.record(lease, replace(waiting, state=State.PLANNING), ())

        assert busy.value.holder == first
        assert world.journal.load(second) == waiting

    @pytest.mark.parametrize("ended", [State.DONE, State.FAILED_SAFE, State.STALE, State.REJECTED])
    def test_record__the_live_deployment_ended__the_next_may_go(self, world: JournalWorld, ended: State) -> None:
        first, second = world.create(ADD.plan()), world.create(ADD.plan())
        for run, state in ((first, State.PLANNING), (first, ended), (second, State.PLANNING)):
            lease = self._lease(world, run)
            world.journal.record(lease, replace(world.journal.load(run), state=state), ())
            world.journal.release(lease)

        assert world.journal.load(second).state is State.PLANNING

    def test_record__a_base_plan_that_holds_all_stacks__neither_begins_beside_the_other(
        self, world: JournalWorld
    ) -> None:
        base = replace(ADD.plan(), stack="sluice-local-base", locks=("sluice-local-base", ADD.plan().stack))
        for plans in ((ADD.plan(), base), (base, ADD.plan())):
            runs = [world.create(plan) for plan in plans]
            first, second = runs
            lease = self._lease(world, first)
            world.journal.record(lease, replace(world.journal.load(first), state=State.PLANNING), ())
            world.journal.release(lease)
            lease, waiting = self._lease(world, second), world.journal.load(second)

            with pytest.raises(StackBusy) as busy:
                world.journal.record(lease, replace(waiting, state=State.PLANNING), ())
            world.journal.release(lease)

            assert busy.value.holder == first
            for run in runs:
                for state in (State.PLANNING, State.DONE):
                    lease = self._lease(world, run)
                    world.journal.record(lease, replace(world.journal.load(run), state=state), ())
                    world.journal.release(lease)

    def test_record__of_another_stack__does_not_wait(self, world: JournalWorld) -> None:
        other = replace(ADD.plan(), stack="sluice-local-shop")
        for plan in (ADD.plan(), other):
            run = world.create(plan)
            lease = self._lease(world, run)
            world.journal.record(lease, replace(world.journal.load(run), state=State.PLANNING), ())

        assert world.journal.load(run).state is State.PLANNING

    def test_record__cancelled_meanwhile__does_not_overwrite_the_wish(self, world: JournalWorld) -> None:
        run = world.create(ADD.plan())
        lease, record = self._lease(world, run), world.journal.load(run)
        world.request_cancel(run)

        world.journal.record(lease, record, ())

        assert world.journal.load(run).cancel_requested

    def test_record__asked_to_go_on_with_a_rollback_meanwhile__keeps_the_newest_asking(
        self, world: JournalWorld, clock: MovedClock
    ) -> None:
        run = world.create(ADD.plan())
        lease, record = self._lease(world, run), world.journal.load(run)
        world.request_rollback(run)
        clock.sleep(5)
        world.request_rollback(run)

        world.journal.record(lease, record, ())

        assert (record.rollback_requested_at, world.journal.load(run).rollback_requested_at) == (None, clock.now())
