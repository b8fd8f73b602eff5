"""A latency's line: through what was measured, broken where nothing was, and said in words."""

from __future__ import annotations

from datetime import UTC, datetime

from portal.presenters.sparkline import HEIGHT, MARGIN, WIDTH, draw_sparkline
from replication.selectors.latencies import LatencySeries

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
BEGAN = int(NOON.timestamp())


def series(*points: tuple[int, int | None]) -> LatencySeries:
    """Points as (seconds after noon, latency), read at the last one."""
    last = max((at for at, _ in points), default=0)
    read_at = datetime.fromtimestamp(BEGAN + last, UTC)
    return LatencySeries(1, tuple((BEGAN + at, 1, target) for at, target in points), read_at)


def test_draw_sparkline__some_points__spans_the_box_and_says_the_figures() -> None:
    line = draw_sparkline(series((0, 0), (300, 600), (600, 41)))
    assert line is not None
    assert line.path.startswith(f"M{MARGIN:.1f} {HEIGHT - MARGIN:.1f}")
    assert f"L{WIDTH / 2:.1f} {MARGIN:.1f}" in line.path
    assert line.path.count("L") == 2
    assert line.words == "How late changes arrive in the lake, over 10 min: now 41 s, at most 10 min"


def test_draw_sparkline__nothing_measured_for_long__breaks_off() -> None:
    line = draw_sparkline(series((0, 1), (300, 1), (7_200, 1), (7_500, 1)))
    assert line is not None
    assert (line.path.count("M"), line.path.count("L")) == (2, 2)


def test_draw_sparkline__always_the_same_or_nothing__does_not_divide_by_it() -> None:
    line = draw_sparkline(series((0, 0), (300, None), (600, 0)))
    assert line is not None
    assert line.path.count("L") == 1


def test_draw_sparkline__no_two_points__is_none() -> None:
    assert draw_sparkline(None) is None
    assert draw_sparkline(series()) is None
    assert draw_sparkline(series((0, 5), (300, None))) is None
