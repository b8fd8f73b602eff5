"""moto's alarms and data, reached from inside: moto evaluates no alarm and forgets no data, so both is done here.

Going through its API would parse every alarm of a fleet every few minutes for nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from moto.cloudwatch.models import Alarm, CloudWatchBackend, cloudwatch_backends

MOST_DATA = 50_000
"""Datapoints that are kept for reading back, the newest of all metrics together."""


@dataclass(frozen=True)
class KeptAlarm:
    """A metric alarm as its definition says; numbers as AWS fills them in."""

    name: str
    namespace: str
    metric: str
    dimensions: frozenset[tuple[str, str]]
    statistic: str
    period: int
    evaluation_periods: int
    datapoints_to_alarm: int
    threshold: float
    comparison: str
    missing: str
    state: str
    actions: dict[str, list[str]]


def alarms(account: str, region: str) -> list[KeptAlarm]:
    """Return the metric alarms of a region; composite ones and those on expressions are left out."""
    kept = _backend(account, region).alarms.values()
    return [_kept(alarm) for alarm in kept if alarm.metric_name and alarm.statistic]


def set_state(account: str, region: str, name: str, state: str, *, reason: str, at: float) -> None:
    """Give an alarm a state since ``at``; moto puts the one before into the alarm's history."""
    alarm = _backend(account, region).alarms[name]
    alarm.update_state(reason, "{}", state)
    alarm.state_updated_timestamp = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)


def forget_old_data(account: str, region: str) -> None:
    """Keep only the newest data."""
    data = _backend(account, region).metric_data
    del data[:-MOST_DATA]


def _backend(account: str, region: str) -> CloudWatchBackend:
    return cloudwatch_backends[account][region]


def _kept(alarm: Alarm) -> KeptAlarm:
    periods = int(alarm.evaluation_periods)
    return KeptAlarm(
        name=alarm.name,
        namespace=alarm.namespace,
        metric=alarm.metric_name,
        dimensions=frozenset((str(item.name), str(item.value)) for item in alarm.dimensions),
        statistic=alarm.statistic,
        period=int(alarm.period),
        evaluation_periods=periods,
        datapoints_to_alarm=int(alarm.datapoints_to_alarm or periods),
        threshold=float(alarm.threshold),
        comparison=alarm.comparison_operator,
        missing=alarm.treat_missing_data or "missing",
        state=alarm.state_value,
        actions={
            "OK": list(alarm.ok_actions or []),
            "ALARM": list(alarm.alarm_actions or []),
            "INSUFFICIENT_DATA": list(alarm.insufficient_data_actions or []),
        }
        if alarm.actions_enabled
        else {},
    )
