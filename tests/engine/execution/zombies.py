"""A worker that falls asleep in the middle of a tick while others take over, and then goes on as if nothing was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from deploy_engine.errors import AwsRefused
from deploy_engine.execution import TERMINAL, AwsHands, Limits, State
from deploy_engine.execution.facts import TAG_FENCE
from deploy_engine.execution.guarded_start import guarded_start
from deploy_engine.execution.invariants import LOAD, START, STOP, Event
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.faults import Process, Weather
from tests.engine.execution.plans import LAKE, STACK
from tests.engine.execution.scenarios import Scenario, Stage

OVER = 31.0
"""Seconds after which a silent worker's lease may be taken: lease and grace, and a moment."""


class FencedHands:
    """One worker's hands in an account whose role has the condition on tags."""

    def __init__(self, aws: FakeAws) -> None:
        self._aws = aws
        self._tag = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._aws, name)

    def fence(self, tag: str) -> None:
        self._tag = tag

    def stop_task(self, arn: str) -> None:
        self._check("StopReplicationTask", arn)
        self._aws.stop_task(arn)

    def start_task(self, arn: str, *, first: bool) -> None:
        self._check("StartReplicationTask", arn)
        self._aws.start_task(arn, first=first)

    def _check(self, operation: str, arn: str) -> None:
        if self._aws.task_tags(arn).get(TAG_FENCE) != self._tag:
            raise AwsRefused(operation, "AccessDeniedException", f"not authorized to perform: dms:{operation}")


@dataclass
class Awakening:
    """What became of a deployment whose worker slept: effects of the sleeper after it woke, and what was wrong.

    ``before`` is the call that it slept before, ``looked`` when it last read what tables do; ``stops`` are those of its
    late effects for which it had no lease any more.
    """

    before: str = ""
    looked: datetime | None = None
    late: list[Event] = field(default_factory=list)
    stops: list[Event] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    interrupted: int = 0
    healed: int = 0


def sleep_at(scenario: Scenario, number: int, ticks: int, *, fenced: bool, limits: Limits) -> Awakening:
    """The first worker sleeps before its ``number``-th call while a second one makes ``ticks`` ticks."""
    limits = replace(limits, fenced=fenced)
    stage = Stage(scenario, limits=limits)
    result = Awakening()
    others = stage.executor("worker-2", hands=_hands(stage, fenced=fenced))
    woken: list[tuple[int, int]] = []

    def before_call(call: int) -> None:
        if call == number:
            result.before = weather.calls[call]
            stage.clock.sleep(OVER)
            _tick(stage, others, ticks)
            woken.append((len(stage.aws.events), stage.journal.newest_fence(STACK)))
        if weather.calls[call] == "table_statistics":
            result.looked = stage.clock.now()

    weather = Weather(events=stage.aws.events, before_call=before_call)
    sleeper = Process(weather, _hands(stage, fenced=fenced), stage.journal)
    first = stage.executor("worker-1", hands=sleeper.hands, journal=sleeper.journal)
    while not woken and stage.journal.load(stage.run).state not in TERMINAL:
        tick = first.tick(stage.run)
        if not woken:
            stage.clock.sleep(tick.next_in_seconds or 0)
    if woken:
        begin, fence = woken[0]
        result.late = [event for event in stage.aws.events[begin:] if event.kind in {STOP, START}]
        result.stops = [event for event in result.late if event.kind == STOP and event.fence < fence]
    _tick(stage, others, 400)
    if not fenced:
        _watchdog(stage, result)
    _judge(stage, result, fenced=fenced)
    return result


def _hands(stage: Stage, *, fenced: bool) -> AwsHands:
    return FencedHands(stage.aws) if fenced else stage.aws


def _tick(stage: Stage, executor: Any, ticks: int) -> None:
    for _ in range(ticks):
        tick = executor.tick(stage.run)
        if tick.next_in_seconds is None:
            return
        stage.clock.sleep(tick.next_in_seconds)


def _watchdog(stage: Stage, result: Awakening) -> None:
    """One pass over what the portal stopped and should run: what a late stop left is started again, if it may be."""
    stage.clock.sleep(60)
    views = stage.aws.tasks(list(stage.aws.live))
    for name, view in views.items():
        if stage.scenario.after.get(name) == "running" and view.at_rest:
            obstacle = guarded_start(stage.aws, stack=STACK, lake_bucket=LAKE, task=view)
            result.healed += not obstacle
            result.interrupted += "data lies already under" in obstacle
    stage.clock.sleep(60)
    stage.aws.tasks([])


def _judge(stage: Stage, result: Awakening, *, fenced: bool) -> None:
    record = stage.journal.load(stage.run)
    if record.state is not State.DONE:
        result.wrong.append(f"it ended {record.state.value}: {stage.story}")
    broken: Sequence[str] = stage.violations(record.state)
    stopped = [name for name, run_state in stage.scenario.after.items() if stage.run_states.get(name) != run_state]
    if fenced:
        result.wrong += [*broken, *(f"{name} is not as it should be" for name in stopped)]
        return
    result.wrong += _beyond_the_bound(stage, result)
    if len(stopped) > result.interrupted:
        result.wrong.append(f"the watchdog did not heal {stopped}")
    allowed = ("I1", "I5", "I7") if result.stops else ()
    result.wrong += [words for words in broken if not words.startswith(allowed)]


def _beyond_the_bound(stage: Stage, result: Awakening) -> Iterator[str]:
    """One late stop, by a worker that slept right before it, and never of a load that its own look had shown it."""
    if len(result.stops) > 1:
        yield f"{len(result.stops)} late stops"
    for stop in result.stops:
        if result.before != "stop_task":
            yield f"{stop.target} was stopped late by a worker that slept before {result.before}"
        loads = [event for event in stage.aws.events if event.kind == LOAD and event.at <= stop.at]
        for table in filter(None, stop.trouble.split(",")):
            begun = max(event.at for event in loads if f"_{table.replace('.', '_')}_" in event.target)
            if result.looked is None or begun <= result.looked:
                yield f"the load of {table} was interrupted, though it had begun before the last look at it"
