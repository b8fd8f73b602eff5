"""A small line of a task's latency over time, for `components/sparkline.html`. Pure geometry, in SVG user units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.templatetags.sluice import duration
from replication.selectors.latencies import LatencySeries

WIDTH, HEIGHT, MARGIN = 160, 36, 3
GAP_SECONDS = 900
"""Where nothing was measured for longer, the line breaks off: the task did not run, or CloudWatch was not asked."""


@dataclass(frozen=True)
class Sparkline:
    """`path` is the line in a box of `width` by `height`; `words` say it all, `now`, `most` and `over` its figures."""

    path: str
    width: int
    height: int
    words: str
    now: str
    most: str
    over: str


def draw_sparkline(series: LatencySeries | None) -> Sparkline | None:
    """The latency towards the lake; None where there is nothing to draw a line through."""
    points = [(at, target) for at, _, target in series.points if target is not None] if series is not None else []
    if series is None or len(points) < 2:
        return None
    now = "unknown" if series.target_now is None else duration(series.target_now)
    most = duration(max(target for _, target in points))
    span = duration(points[-1][0] - points[0][0])
    return Sparkline(
        path=_path(points),
        width=WIDTH,
        height=HEIGHT,
        words=f"How late changes arrive in the lake, over {span}: now {now}, at most {most}",
        now=now,
        most=most,
        over=span,
    )


def _path(points: Sequence[tuple[int, int]]) -> str:
    began, ended = points[0][0], points[-1][0]
    most = max(*(target for _, target in points), 1)
    parts: list[str] = []
    before: int | None = None
    for at, target in points:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (at - began) / (ended - began)
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * target / most
        joined = before is not None and at - before <= GAP_SECONDS
        parts.append(f"{'L' if joined else 'M'}{x:.1f} {y:.1f}" + ("" if joined else "h0.01"))
        before = at
    return "".join(parts)
