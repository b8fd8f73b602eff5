"""What was measured, metric by metric, as alarms look at it; moments are the world's, in seconds since 1970."""

from collections.abc import Iterable
from dataclasses import dataclass

Dimensions = frozenset[tuple[str, str]]
Key = tuple[str, str, Dimensions]
"""Namespace, metric and dimensions: a metric is the same only if all of them are."""


@dataclass(frozen=True)
class Sample:
    """Some values of one metric, summed up as CloudWatch's statistic sets are."""

    at: float
    count: int
    total: float
    least: float
    most: float


def summed_up(at: float, values: list[float]) -> Sample:
    """Return the sample of some values, of which there must be one at least."""
    return Sample(at, len(values), sum(values), min(values), max(values))


def statistic(name: str, samples: Iterable[Sample]) -> float | None:
    """Return a statistic over samples, or None when there are none; raises KeyError for one that is not known."""
    found = list(samples)
    if not found:
        return None
    count, total = sum(item.count for item in found), sum(item.total for item in found)
    values = {
        "Average": total / count,
        "Sum": total,
        "SampleCount": float(count),
        "Minimum": min(item.least for item in found),
        "Maximum": max(item.most for item in found),
    }
    return values[name]
