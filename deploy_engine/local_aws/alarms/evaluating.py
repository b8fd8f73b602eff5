"""From a metric's samples to an alarm's state, as CloudWatch decides it.

The last ``evaluation_periods`` whole periods are looked at, and two more where data are missing among them; of the
periods that have data the newest count. What is still missing then is filled in as ``TreatMissingData`` says:

    breaching, notBreaching   as a period that is over the threshold, or is not
    missing (the default)     not at all: INSUFFICIENT_DATA if no period has data, else those decide that have some
    ignore                    the state stays as it is, where what is missing could decide it
"""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy_engine.local_aws.alarms.series import Sample, statistic

SPARE_PERIODS = 2
"""How many periods CloudWatch looks back beyond those it needs; AWS says only that there are some."""
COMPARISONS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
STATISTICS = frozenset({"Average", "Sum", "SampleCount", "Minimum", "Maximum"})


@dataclass(frozen=True)
class AlarmRule:
    """When an alarm goes off; ``period`` in seconds, ``datapoints_to_alarm`` of ``evaluation_periods``."""

    statistic: str
    period: int
    evaluation_periods: int
    datapoints_to_alarm: int
    threshold: float
    comparison: str
    missing: str = "missing"

    @property
    def seconds(self) -> int:
        """Return how far back an evaluation looks."""
        return self.period * (self.evaluation_periods + SPARE_PERIODS)


@dataclass(frozen=True)
class Verdict:
    """A state, and the reason for it in CloudWatch's manner."""

    state: str
    reason: str


def evaluate(rule: AlarmRule, samples: Sequence[Sample], now: float, current: str) -> Verdict:
    """Return the state that an alarm has at ``now``, having been in ``current``."""
    values = datapoints(rule, samples, now)
    known = [value for value in values if value is not None][: rule.evaluation_periods]
    breaching = sum(bool(COMPARISONS[rule.comparison](value, rule.threshold)) for value in known)
    absent = rule.evaluation_periods - len(known)
    needed = rule.datapoints_to_alarm
    if not known and rule.missing == "missing":
        return Verdict("INSUFFICIENT_DATA", f"Insufficient Data: {absent} datapoints were unknown.")
    if rule.missing == "missing":
        goes_off = breaching >= min(needed, len(known))
    elif rule.missing == "ignore":
        if breaching < needed <= breaching + absent:
            return Verdict(current, "Unchanged: missing data are ignored.")
        goes_off = breaching >= needed
    else:
        goes_off = breaching + (absent if rule.missing == "breaching" else 0) >= needed
    return Verdict("ALARM" if goes_off else "OK", _reason(rule, known, breaching, absent))


def datapoints(rule: AlarmRule, samples: Sequence[Sample], now: float) -> list[float | None]:
    """Return the statistic of each whole period up to ``now``, newest first; None where nothing was measured."""
    end = now - now % rule.period
    found = []
    for step in range(rule.evaluation_periods + SPARE_PERIODS):
        last = end - step * rule.period
        first = last - rule.period
        found.append(statistic(rule.statistic, [sample for sample in samples if first <= sample.at < last]))
    return found


def _reason(rule: AlarmRule, known: list[float], breaching: int, absent: int) -> str:
    shown = ", ".join(f"{value:g}" for value in known)
    filled = f" {absent} missing datapoints were treated as [{rule.missing}]." if absent else ""
    return (
        f"Threshold Crossed: {breaching} out of the last {rule.evaluation_periods} datapoints [{shown}] were over the "
        f"line ({rule.comparison} {rule.threshold:g}; {rule.datapoints_to_alarm} needed).{filled}"
    )
