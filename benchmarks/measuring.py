"""Timing one piece of work beside its peer, by processor time."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7
"""Both are worked once before that, so that what is loaded at the first use counts for neither."""


@dataclass(frozen=True)
class Measurement:
    """One line of the table: our time and the peer's, in seconds, and the ratio that we want to stay below.

    ``goal`` is None for what is told without a promise.
    """

    title: str
    peer: str
    ours_seconds: float
    peer_seconds: float
    goal: float | None

    @property
    def ratio(self) -> float:
        """How many times the peer's time we take."""
        return self.ours_seconds / self.peer_seconds

    def as_row(self) -> str:
        """Give the line as Markdown."""
        goal = "" if self.goal is None else f"{self.goal:g}"
        met = "" if self.goal is None else "yes" if self.ratio <= self.goal else "not yet"
        return (
            f"| {self.title} | {self.ours_seconds * 1000:.1f} ms | {self.peer} | {self.peer_seconds * 1000:.1f} ms "
            f"| {self.ratio:.3g} | {goal} | {met} |"
        )


HEADER = "| what | Sluice | peer | its time | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- | --- |"


def measure(
    *, title: str, ours: Callable[[], object], peer_name: str, peer: Callable[[], object], goal: float | None
) -> Measurement:
    """Time both in turn, so that what else the machine does falls on both, and take the medians.

    What is counted is this process's time on a processor, which others on a busy machine do not lengthen.
    """
    ours(), peer()
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for work, spent in zip((ours, peer), times, strict=True):
            gc.collect()
            begin = time.process_time()
            work()
            spent.append(time.process_time() - begin)
    ours_seconds, peer_seconds = (statistics.median(spent) for spent in times)
    return Measurement(title, peer_name, ours_seconds, peer_seconds, goal)
