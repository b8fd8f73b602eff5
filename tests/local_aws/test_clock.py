"""The clocks: one that runs, at any speed, and one that is moved."""

import time

import pytest

from deploy_engine.local_aws.clock import ManualClock, WallClock


def test_manual_clock__moved__stands_where_it_was_moved_to() -> None:
    clock = ManualClock(100.0)
    clock.advance(2.5)
    assert clock.now() == 102.5
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)


def test_wall_clock__speed_changed__never_jumps_back() -> None:
    clock = WallClock(speed=1000)
    before = clock.now()
    clock.set_speed(1)
    assert clock.now() >= before
    assert clock.speed == 1
    with pytest.raises(ValueError, match="above zero"):
        clock.set_speed(0)


def test_wall_clock__restarted_from_a_later_moment__goes_on_from_there() -> None:
    clock = WallClock()
    later = clock.now() + 3600
    clock.go_on(later, [])
    assert clock.now() >= later
    clock.go_on(0, clock.stretches)
    assert clock.now() >= later


def test_wall_clock__ran_fast__shows_times_that_are_not_ahead_of_the_machine() -> None:
    began = time.time()
    clock = WallClock(speed=10_000)
    time.sleep(0.05)
    early = clock.now()
    clock.set_speed(1)
    late = clock.now()
    assert late - began > 400
    assert began - 1 <= clock.shown(early) <= clock.shown(late) <= time.time() + 1


def test_wall_clock__any_speeds__shown_times_keep_the_order_of_moments() -> None:
    clock = WallClock(speed=1000)
    moments = [clock.now() - 50]
    for speed in (40, 0.5, 3000, 1):
        moments.append(clock.now())
        clock.set_speed(speed)
        time.sleep(0.01)
        moments.append(clock.now())
    shown = [clock.shown(moment) for moment in moments]
    assert shown == sorted(shown)
    assert all(abs(clock.moment(clock.shown(moment)) - moment) < 0.01 for moment in moments)


def test_wall_clock__restarted__shows_moments_from_before_as_it_did() -> None:
    first = WallClock(speed=5000)
    time.sleep(0.02)
    moment = first.now()
    second = WallClock()
    second.go_on(first.now(), first.stretches)
    assert second.shown(moment) == first.shown(moment)
    assert first.shown(moment) <= second.shown(second.now()) <= time.time() + 1
