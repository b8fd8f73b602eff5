"""Evaluates the alarms of one region whenever the local DMS has measured, and tells their topics when a state changes.

Alarms on other metrics than those that were measured here have no data: what they do is up to their TreatMissingData.
"""

from typing import TYPE_CHECKING

from deploy_engine.local_aws.alarms.evaluating import COMPARISONS, STATISTICS, AlarmRule, evaluate
from deploy_engine.local_aws.alarms.series import Key, Sample
from deploy_engine.local_aws.side import cloudwatch
from deploy_engine.local_aws.side.cloudwatch import KeptAlarm
from deploy_engine.local_aws.side.notices import publish

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

LONGEST_LOOK = 3 * 3600.0
"""Seconds for which samples are kept even if no alarm looks back so far."""


def look(region: "Region", measured: dict[Key, list[Sample]], now: float) -> bool:
    """Bring every alarm's state up to ``now`` and forget what none needs; return whether there are any alarms."""
    account = region.world.account
    kept = cloudwatch.alarms(account, region.name)
    farthest = LONGEST_LOOK
    for alarm in kept:
        if alarm.statistic not in STATISTICS or alarm.comparison not in COMPARISONS:
            continue
        rule = _rule(alarm)
        farthest = max(farthest, float(rule.seconds))
        samples = measured.get((alarm.namespace, alarm.metric, alarm.dimensions), [])
        verdict = evaluate(rule, samples, now, alarm.state)
        if verdict.state != alarm.state:
            at = region.shown(now)
            cloudwatch.set_state(account, region.name, alarm.name, verdict.state, reason=verdict.reason, at=at)
            for action in alarm.actions.get(verdict.state, []):
                subject = f'{verdict.state}: "{alarm.name}" in {region.name}'
                publish(region.side, action, subject[:100], verdict.reason)
    for key, samples in list(measured.items()):
        recent = [sample for sample in samples if sample.at >= now - farthest]
        if recent:
            measured[key] = recent
        else:
            del measured[key]
    return bool(kept)


def _rule(alarm: KeptAlarm) -> AlarmRule:
    return AlarmRule(
        statistic=alarm.statistic,
        period=alarm.period,
        evaluation_periods=alarm.evaluation_periods,
        datapoints_to_alarm=alarm.datapoints_to_alarm,
        threshold=alarm.threshold,
        comparison=alarm.comparison,
        missing=alarm.missing,
    )
