"""An alarm's state from its metric's datapoints, also where some are missing."""

import pytest

from deploy_engine.local_aws.alarms.evaluating import AlarmRule, datapoints, evaluate
from deploy_engine.local_aws.alarms.series import Sample, statistic, summed_up

NOW = 1_767_600_000.0
PERIOD = 300


def _rule(needed: int = 3, missing: str = "missing", name: str = "Average") -> AlarmRule:
    return AlarmRule(name, PERIOD, 3, needed, 900.0, "GreaterThanThreshold", missing)


def _samples(pattern: str) -> list[Sample]:
    """Return one sample per sign, oldest first: X is over the threshold, 0 is not, - is no sample."""
    values = {"X": 1000.0, "0": 10.0}
    first = NOW - PERIOD * len(pattern)
    return [
        summed_up(first + PERIOD * position + 7, [values[sign]])
        for position, sign in enumerate(pattern)
        if sign in values
    ]


@pytest.mark.parametrize(
    ("pattern", "needed", "missing", "state"),
    [
        ("00XXX", 3, "missing", "ALARM"),
        ("0XXX0", 3, "missing", "OK"),
        ("0XX0X", 2, "missing", "ALARM"),
        ("-----", 3, "missing", "INSUFFICIENT_DATA"),
        ("-----", 3, "breaching", "ALARM"),
        ("-----", 3, "notBreaching", "OK"),
        ("-----", 3, "ignore", "was"),
        ("----X", 3, "missing", "ALARM"),
        ("----X", 3, "breaching", "ALARM"),
        ("----X", 3, "notBreaching", "OK"),
        ("----X", 3, "ignore", "was"),
        ("----0", 3, "ignore", "OK"),
        ("0-X-X", 2, "missing", "ALARM"),
        ("0-X--", 2, "missing", "OK"),
        ("X-X-X", 3, "notBreaching", "ALARM"),
    ],
)
def test_evaluate__datapoints_of_a_pattern__give_the_state(pattern: str, needed: int, missing: str, state: str) -> None:
    assert evaluate(_rule(needed, missing), _samples(pattern), NOW, "was").state == state


def test_evaluate__goes_off__says_how_many_datapoints_did_it() -> None:
    reason = evaluate(_rule(), _samples("00XXX"), NOW, "OK").reason
    assert reason.startswith("Threshold Crossed: 3 out of the last 3 datapoints [1000, 1000, 1000]")


def test_datapoints__period_that_is_not_over__is_not_looked_at() -> None:
    assert datapoints(_rule(), [summed_up(NOW + 10, [1000.0])], NOW + 20)[0] is None


def test_statistic__of_several_samples__counts_each_value() -> None:
    samples = [summed_up(NOW, [1.0, 5.0]), summed_up(NOW, [6.0])]
    names = ("Average", "Sum", "SampleCount", "Minimum", "Maximum")
    assert [statistic(name, samples) for name in names] == [4.0, 12.0, 3.0, 1.0, 6.0]
    assert statistic("Sum", []) is None
