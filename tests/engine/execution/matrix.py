"""The matrix of faults: a deployment carried out under a schedule of faults, by one worker after the other.

After a crash nobody comes before the watchdog does; a database that failed is asked again after fifteen seconds, as
the portal's ticks are. The proof is one sentence: whatever was struck, the deployment ends done (or as its scenario
says), the invariants held after every event, and everything runs that should.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from deploy_engine.execution import Limits, State, Tick
from deploy_engine.execution.invariants import standing
from tests.engine.execution.faults import Crash, DatabaseFails, Fault, Point, Process, Weather, leaves_a_mark
from tests.engine.execution.scenarios import Scenario, Stage

LIMITS = Limits(poll=10)
"""Fewer looks between the same events, so that more points are tried in the same time."""

LIVES, TICKS = 20, 400
WATCHDOG, BROKEN_WAIT = 15.0, 15.0
ADDED_BY_A_CRASH = 60.0
"""Seconds that a worker's death may add to a pause; lease, grace, watchdog: 45 (docs/reliability.md, fault 19)."""


@dataclass
class Proof:
    """What was tried: ``points`` are the places at which faults were put, ``runs`` the deployments carried out."""

    points: int = 0
    runs: int = 0
    violations: list[str] = field(default_factory=list)


def run_through(
    scenario: Scenario, schedule: Mapping[int, Fault], limits: Limits = LIMITS
) -> tuple[Stage, Tick, Weather]:
    """Carry the deployment out under these faults; after each crash another worker takes over."""
    stage, weather = stage_of(scenario, limits), Weather(schedule)
    return stage, carry_on(stage, weather), weather


def stage_of(scenario: Scenario, limits: Limits) -> Stage:
    """The scenario's beginning; where its update hangs, deadlines that are reached soon."""
    if scenario.hanging:
        limits = replace(limits, update_deadline=100, cancel_late_updates=True)
    return Stage(scenario, limits=limits)


def carry_on(stage: Stage, weather: Weather) -> Tick:
    """Carry the deployment on from where it stands; raises ``AssertionError`` for what is broken on the way."""
    seen = [-1]
    weather.events = stage.aws.events
    asked_too = weather.after_call

    def ask() -> None:
        if len(stage.aws.events) != seen[0]:
            seen[0] = len(stage.aws.events)
            broken = standing(stage.history, stage.clock.now())
            assert not broken, (broken, stage.story)
        asked_too()

    weather.after_call = ask
    for _ in range(LIVES):
        process = Process(weather, stage.aws, stage.journal)
        owner = f"worker-{stage.lives}"
        stage.lives += 1
        executor = stage.executor(owner, hands=process.hands, journal=process.journal)
        try:
            for _ in range(TICKS):
                try:
                    tick = executor.tick(stage.run)
                except DatabaseFails:
                    stage.clock.sleep(BROKEN_WAIT)
                    continue
                if tick.next_in_seconds is None:
                    return tick
                if tick.state is State.STUCK and stage.scenario.rollback_fails:
                    stage.journal.request_rollback(stage.run)
                stage.clock.sleep(tick.next_in_seconds)
        except Crash:
            stage.clock.sleep(WATCHDOG)
            continue
        raise AssertionError(f"I13: no end after {TICKS} ticks: {stage.story}")
    raise AssertionError(f"I13: no end after {LIVES} lives: {stage.story}")


def violations_under(scenario: Scenario, schedule: Mapping[int, Fault], limits: Limits = LIMITS) -> list[str]:
    """What went wrong under these faults, in words; nothing is the proof."""
    struck = ", ".join(f"{fault.value} at {number}" for number, fault in schedule.items())
    try:
        stage, tick, _ = run_through(scenario, schedule, limits)
    except AssertionError as broken:
        return [f"{scenario.name}, {struck}: {broken}"]
    return [f"{scenario.name}, {struck}: {words}" for words in _wrong_at_the_end(stage, tick)]


def _wrong_at_the_end(stage: Stage, tick: Tick) -> list[str]:
    scenario, wrong = stage.scenario, [*stage.violations(tick.state)]
    if tick.state is not scenario.ends:
        wrong.append(f"it ended {tick.state.value}")
    if stage.run_states != scenario.at_end:
        wrong.append(f"{stage.run_states} is not {scenario.at_end}")
    return [f"{'; '.join(wrong)}; {stage.story}"] if wrong else []


def pauses(stage: Stage) -> dict[str, float]:
    """The longest time that each task stood still, in seconds."""
    longest: dict[str, float] = {}
    stopped = {}
    for event in stage.aws.events:
        if event.kind == "StopReplicationTask":
            stopped[event.target] = event.at
        if event.kind == "StartReplicationTask" and event.target in stopped:
            seconds = (event.at - stopped.pop(event.target)).total_seconds()
            longest[event.target] = max(seconds, longest.get(event.target, 0.0))
    return longest


def every_single(scenario: Scenario, points: Iterable[Point], proof: Proof, limits: Limits = LIMITS) -> None:
    """One run for each point, with its fault alone."""
    for number, fault in points:
        proof.points += 1
        proof.runs += 1
        proof.violations += violations_under(scenario, {number: fault}, limits)


def pairs_of_crashes(scenario: Scenario, firsts: Iterable[Point], proof: Proof, every: int, limits: Limits) -> None:
    """For each first crash, every ``every``-th of the crashes that can follow it.

    A crash leaves nothing but AWS and the journal. So what follows on the second one is carried on from a copy of them,
    taken where it strikes, and what came before is carried out once for all.
    """
    for number, fault in firsts:
        proof.points += 1
        for second, stage in left_by_crashes(scenario, (number, fault), every, limits):
            proof.runs += 1
            try:
                wrong = _wrong_at_the_end(stage, carry_on(stage, Weather()))
            except AssertionError as broken:
                wrong = [str(broken)]
            proof.violations += [f"{scenario.name}, crashes at {number} and {second}: {words}" for words in wrong]


def left_by_crashes(scenario: Scenario, first: Point, every: int, limits: Limits) -> Iterator[tuple[int, Stage]]:
    """What the watchdog finds after each crash that can follow the first one, by the number of the last call made."""
    stage, left = stage_of(scenario, limits), []
    weather = Weather(dict([first]))

    def note() -> None:
        number = len(weather.calls) - 1
        if number > first[0] and leaves_a_mark(weather.calls[number]):
            dead = stage.copy()
            dead.clock.sleep(WATCHDOG)
            left.append((number, dead))

    weather.after_call = note
    carry_on(stage, weather)
    yield from left[first[0] % every :: every]
