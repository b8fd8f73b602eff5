"""Simulated time beside this machine's, and when a rehearsal is given up."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from deploy_engine.adapters.rehearsal.local_aws_process import LocalAwsProcess
from deploy_engine.adapters.rehearsal.simulated_clock import RehearsalGivenUp, SimulatedClock, limits_at
from deploy_engine.execution.limits import Limits

SPEED = 1000.0


@pytest.fixture
def clock() -> SimulatedClock:
    now = time.monotonic()
    process = LocalAwsProcess("http://127.0.0.1:9", now=1_767_600_000.0, measured=now)
    return SimulatedClock(process, SPEED, deadline=now + 60, parent=os.getppid())


def test_clock__times_that_are_told__stand_at_their_simulated_moments_and_back(clock: SimulatedClock) -> None:
    told = clock.began + timedelta(seconds=2)
    assert clock.simulated(told) - clock.began == timedelta(seconds=2000)
    assert clock.told(clock.simulated(told)) == told


def test_clock__sleeps__for_that_long_in_simulated_time(clock: SimulatedClock) -> None:
    before = clock.now()
    clock.sleep(10)
    assert timedelta(seconds=10) <= clock.now() - before < timedelta(seconds=5 * SPEED)


def test_clock__deadline_over_or_nobody_waits__gives_up_in_words(clock: SimulatedClock) -> None:
    with pytest.raises(RehearsalGivenUp, match="took too long"):
        replace(clock, deadline=0).sleep(1)
    with pytest.raises(RehearsalGivenUp, match="is gone"):
        replace(clock, parent=-1).sleep(1)


def test_limits_at__a_fast_clock__keeps_real_what_bounds_this_machine() -> None:
    limits = limits_at(SPEED)
    assert limits.lease / SPEED == Limits().lease
    assert limits.stop_deadline == Limits().stop_deadline
