"""How long deployments keep tasks stopped, on a simulated clock, beside the least that AWS needs and boto3's waiters.

Service times are drawn with fixed seeds from the ranges that are assumed of AWS: 15–60 s to stop a task, 20–60 s to
update a stack, 20–90 s to start a task. Simulated seconds are exact; only worker time is measured on this machine.
"""

import math
import random
import statistics
import time
from dataclasses import dataclass

from botocore.loaders import create_loader

from benchmarks.measuring import Measurement
from deploy_engine.execution import State
from deploy_engine.execution.invariants import START, STOP
from tests.engine.execution.fake_world import ServiceTimes
from tests.engine.execution.scenarios import ADD, Stage

SEEDS = range(100)
CHANGED = "food-foodsearch"
IN_FLIGHT = 100


@dataclass(frozen=True)
class Pause:
    """One deployment of one more table: simulated seconds, and this machine's seconds of processor time."""

    ours: float
    floor: float
    waiters: float
    lasted: float
    worked: float


def _delay(service: str, version: str, waiter: str) -> float:
    """How often boto3's own waiter looks, in seconds."""
    model = create_loader().load_service_model(service, "waiters-2", version)
    return float(model["waiters"][waiter]["delay"])


STOPPED = _delay("dms", "2016-01-01", "ReplicationTaskStopped")
UPDATED = _delay("cloudformation", "2010-05-15", "StackUpdateComplete")


def _deployed(seed: int) -> Pause:
    dice = random.Random(seed)  # noqa: S311 repeatable times
    times = ServiceTimes(stop=dice.uniform(15, 60), update=dice.uniform(20, 60), start=dice.uniform(20, 90))
    stage = Stage(ADD)
    stage.aws.times = times
    began, worked = stage.clock.now(), time.process_time()
    tick = stage.run_to_end()
    worked = time.process_time() - worked
    paused = {event.target for event in stage.aws.events if event.kind == STOP}
    if tick.state is not State.DONE or paused != {CHANGED}:
        raise AssertionError(f"{tick.state.value}; paused were {sorted(paused)}: a task that does not change never is")
    stop, start = (next(event.at for event in stage.aws.events if event.kind == kind) for kind in (STOP, START))
    waited = math.ceil(times.stop / STOPPED) * STOPPED + math.ceil(times.update / UPDATED) * UPDATED
    return Pause(
        ours=(start - stop).total_seconds() + times.start,
        floor=times.stop + times.update + times.start,
        waiters=waited + times.start,
        lasted=(stage.clock.now() - began).total_seconds(),
        worked=worked,
    )


def pauses() -> tuple[Measurement, ...]:
    """The mean pause beside its floor, the wait added beside the waiters', and the worker's time for many at once."""
    found = [_deployed(seed) for seed in SEEDS]
    ours, floor, waiters = (
        statistics.fmean(values)
        for values in zip(*((pause.ours, pause.floor, pause.waiters) for pause in found), strict=True)
    )
    busy = IN_FLIGHT * statistics.fmean(pause.worked for pause in found)
    return (
        Measurement(
            f"mean pause of a task, {len(found)} simulated deployments", "stop + update + start", ours, floor, 1.03
        ),
        Measurement("wait added to that pause", "by boto3's waiters", ours - floor, waiters - floor, 0.125),
        Measurement(
            f"worker time of {IN_FLIGHT} deployments in flight, without AWS's client",
            "one worker's time meanwhile",
            busy,
            statistics.fmean(pause.lasted for pause in found),
            0.1,
        ),
    )


BENCHMARKS = (pauses,)
