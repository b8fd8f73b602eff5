"""Timing one piece of work beside its peer."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Measurement:
    """One line of the table: our time and the peer's, in seconds, and the ratio that we want to stay below."""

    title: str
    peer: str
    ours_seconds: float
    peer_seconds: float
    goal: float

    @property
    def ratio(self) -> float:
        """How many times the peer's time we take."""
        return self.ours_seconds / self.peer_seconds

    @property
    def met(self) -> bool:
        """Whether we do."""
        return self.ratio <= self.goal

    def as_row(self) -> str:
        """Give the line as Markdown."""
        return (
            f"| {self.title} | {self.ours_seconds * 1000:.1f} ms | {self.peer} | {self.peer_seconds * 1000:.1f} ms "
            f"| {self.ratio:.2f} | {self.goal:g} | {'yes' if self.met else 'not yet'} |"
        )


HEADER = "| what | Sluice | peer | its time | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- | --- |"


def measure(
    *, title: str, ours: Callable[[], object], peer_name: str, peer: Callable[[], object], goal: float
) -> Measurement:
    """Time both in turn, so that what else the machine does falls on both, and take the medians."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for work, spent in zip((ours, peer), times, strict=True):
            begin = time.perf_counter()
            work()
            spent.append(time.perf_counter() - begin)
    ours_seconds, peer_seconds = (statistics.median(spent) for spent in times)
    return Measurement(title, peer_name, ours_seconds, peer_seconds, goal)
