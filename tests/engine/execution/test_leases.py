"""Several workers at one deployment: one acts, the others find out without harm."""

from __future__ import annotations

from collections.abc import Mapping

from deploy_engine.execution import State
from deploy_engine.execution.ports import Intent, Lease
from deploy_engine.live import TableStatistics
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.memory_journal import MemoryJournal
from tests.engine.execution.scenarios import ADD, Stage
from tests.engine.execution.test_refusals import until


def test_tick__the_lease_is_held__does_nothing_and_asks_to_be_called_again() -> None:
    stage = Stage(ADD)
    stage.journal.acquire(stage.run, "worker-2")

    tick = stage.executor().tick(stage.run)

    assert (tick.state, tick.next_in_seconds) == (State.QUEUED, stage.limits.poll)


def test_tick__called_before_its_time__looks_at_nothing() -> None:
    stage = Stage(ADD)
    until(stage, State.PREPARE)
    waiting = [stage.executor().tick(stage.run) for _ in range(4)][-1]
    calls = len(stage.aws.events)
    stage.clock.sleep(0.5)

    tick = stage.executor().tick(stage.run)

    assert (waiting.next_in_seconds, tick.next_in_seconds) == (2.0, 1.5)
    assert len(stage.aws.events) == calls


def test_tick__of_an_ended_deployment__is_no_act() -> None:
    stage = Stage(ADD)
    stage.run_to_end()
    calls = len(stage.aws.events)

    late = [stage.executor(f"late-{number}").tick(stage.run) for number in range(10)]

    assert {(tick.state, tick.next_in_seconds) for tick in late} == {(State.DONE, None)}
    assert len(stage.aws.events) == calls


def test_tick__every_message_delivered_ten_times__each_effect_happens_once() -> None:
    stage = Stage(ADD)
    while True:
        ticks = [stage.executor(f"copy-{number}").tick(stage.run) for number in range(10)]
        if ticks[-1].next_in_seconds is None:
            break
        stage.clock.sleep(ticks[-1].next_in_seconds)

    assert stage.violations(ticks[-1].state) == ()
    assert stage.kinds("food-foodsearch").count("StopReplicationTask") == 1


def test_tick__worker_wakes_after_its_lease_was_taken_over__acts_no_more() -> None:
    stage = Stage(ADD)
    until(stage, State.PAUSE)

    class Asleep(MemoryJournal):
        """Falls asleep for a minute before it writes down an intent; meanwhile another worker takes over."""

        def intend(self, lease: Lease, intent: Intent) -> None:
            stage.clock.sleep(60)
            stage.executor("worker-2").tick(stage.run)
            stage.journal.intend(lease, intent)

    zombie = Asleep(stage.clock, stage.limits)
    zombie.__dict__.update(stage.journal.__dict__)
    stage.executor("worker-1", journal=zombie).tick(stage.run)
    tick = stage.run_to_end()

    assert (tick.state, stage.violations(tick.state)) == (State.DONE, ())
    assert stage.kinds("food-foodsearch").count("StopReplicationTask") == 1


def test_tick__looking_took_too_long__looks_again_before_it_stops_anything() -> None:
    stage = Stage(ADD)
    until(stage, State.PAUSE)
    stage.executor().tick(stage.run)

    class Slow(FakeAws):
        def table_statistics(self, task_arn: str) -> tuple[TableStatistics, ...]:
            stage.clock.sleep(6)
            return stage.aws.table_statistics(task_arn)

    slow = Slow(stage.clock)
    state: Mapping[str, object] = stage.aws.__dict__
    slow.__dict__.update(state)
    tick = stage.executor(hands=slow).tick(stage.run)

    assert (tick.state, tick.message) == (State.PAUSE, "Looking once more before a stop")
    assert "StopReplicationTask" not in stage.kinds("food-foodsearch")
    assert stage.run_to_end().state is State.DONE
