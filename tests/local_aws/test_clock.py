"""The clocks: one that runs, at any speed, and one that is moved."""

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


def test_wall_clock__told_of_a_later_moment__goes_on_from_there() -> None:
    clock = WallClock()
    later = clock.now() + 3600
    clock.not_before(later)
    assert clock.now() >= later
    clock.not_before(0)
    assert clock.now() >= later
