"""Metrics of tasks and instances, and the alarms on them (`dms-facts.md` section 8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import deploy, start, stop, task
from tests.local_aws.templates import team_template

STACK, ALARM = "sluice-local-food", "sluice-local-food-foodsearch-latency"
OF_TASKS = {
    "CDCLatencySource",
    "CDCLatencyTarget",
    "CDCIncomingChanges",
    "CDCThroughputRowsSource",
    "CDCThroughputRowsTarget",
    "CDCThroughputBandwidthTarget",
    "FullLoadThroughputRowsTarget",
    "FullLoadThroughputBandwidthTarget",
    "CPUUtilization",
    "MemoryUsage",
}
OF_INSTANCES = {"CPUUtilization", "FreeableMemory", "FreeStorageSpace", "SwapUsage"}
INSTANCE = {"Name": "ReplicationInstanceIdentifier", "Value": "food-main"}


def _dimensions(aws: LocalAws) -> list[dict[str, str]]:
    number = task(aws)["ReplicationTaskArn"].rpartition(":")[2]
    return [INSTANCE, {"Name": "ReplicationTaskIdentifier", "Value": number}]


def _values(aws: LocalAws, metric: str, statistic: str, dimensions: list[dict[str, str]]) -> list[float]:
    now = datetime.fromtimestamp(aws.clock.now(), UTC)
    stat = {"Namespace": "AWS/DMS", "MetricName": metric, "Dimensions": dimensions}
    query = {"Id": "m", "MetricStat": {"Metric": stat, "Period": 300, "Stat": statistic}}
    found = aws.client("cloudwatch").get_metric_data(
        MetricDataQueries=[query], StartTime=now - timedelta(hours=3), EndTime=now
    )
    values: list[float] = found["MetricDataResults"][0]["Values"]
    return values


def _alarm(aws: LocalAws, name: str = ALARM) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    return found


def test_metrics__task_that_runs__has_all_of_them_under_the_last_part_of_its_arn(team: LocalAws) -> None:
    start(team, seconds=3600)
    listed = team.client("cloudwatch").list_metrics(Namespace="AWS/DMS")["Metrics"]
    by_dimensions: dict[frozenset[str], set[str]] = {}
    for metric in listed:
        values = frozenset(item["Value"] for item in metric["Dimensions"])
        by_dimensions.setdefault(values, set()).add(metric["MetricName"])
    of_task = frozenset(item["Value"] for item in _dimensions(team))
    assert by_dimensions == {frozenset({"food-main"}): OF_INSTANCES, of_task: OF_TASKS}


def test_metrics__latency_towards_the_lake__saws_up_to_the_batch_interval(team: LocalAws) -> None:
    start(team, seconds=3600)
    most = _values(team, "CDCLatencyTarget", "Maximum", _dimensions(team))
    least = _values(team, "CDCLatencyTarget", "Minimum", _dimensions(team))
    assert len(most) == len(least) >= 10
    assert all(40 < value <= 60 for value in most[1:])
    assert all(0 <= value < 20 for value in least[1:])
    assert all(value <= 3 for value in _values(team, "CDCLatencySource", "Maximum", _dimensions(team)))


def test_metrics__loading_then_capturing__rows_a_second_follow_what_was_loaded_and_written(team: LocalAws) -> None:
    team.source_table("sluice/food/fooddb", "foodsearch", "barcodes", rows=60_000_000)
    start(team, seconds=3600)
    loaded = _values(team, "FullLoadThroughputRowsTarget", "Average", _dimensions(team))
    assert max(loaded) > 50_000
    assert loaded[-1] == 0
    assert max(_values(team, "CDCThroughputRowsTarget", "Average", _dimensions(team))) > 0


def test_metrics__stopped_task__has_none_and_its_instance_goes_on(team: LocalAws) -> None:
    start(team)
    stop(team)
    team.advance(3600)
    assert _values(team, "CDCLatencyTarget", "Average", _dimensions(team)) == []
    memory = _values(team, "FreeableMemory", "Average", [INSTANCE])
    assert len(memory) >= 10
    assert all(value > 0.1 * 4 * 2**30 for value in memory)


def test_alarm__nothing_measured_yet__insufficient_data_then_ok_when_the_task_runs(team: LocalAws) -> None:
    assert _alarm(team)["StateValue"] == "INSUFFICIENT_DATA"
    start(team, seconds=1200)
    assert _alarm(team)["StateValue"] == "OK"


def test_alarm__task_falls_behind_and_catches_up__goes_off_and_back_and_tells_its_topic(team: LocalAws) -> None:
    start(team, seconds=1200)
    team.fault("fall-behind", name="food-foodsearch")
    team.advance(1200)
    assert _alarm(team)["StateValue"] == "OK"
    team.advance(1200)
    found = _alarm(team)
    assert found["StateValue"] == "ALARM"
    assert found["StateReason"].startswith("Threshold Crossed: 3 out of the last 3 datapoints")
    assert found["StateUpdatedTimestamp"].year == 2026
    assert [item["AlarmName"] for item in team.client("cloudwatch").describe_alarms(StateValue="ALARM")["MetricAlarms"]]
    team.clear_faults()
    team.advance(1800)
    assert _alarm(team)["StateValue"] == "OK"


def test_alarm__task_stopped__what_is_missing_counts_as_the_alarm_says(team: LocalAws) -> None:
    client = team.client("cloudwatch")
    common = {
        "Namespace": "AWS/DMS",
        "MetricName": "CDCLatencyTarget",
        "Dimensions": _dimensions(team),
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": 3,
        "Threshold": 900,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    for missing in ("breaching", "notBreaching", "missing"):
        client.put_metric_alarm(AlarmName=missing, TreatMissingData=missing, **common)
    start(team, seconds=1800)
    stop(team)
    team.advance(3600)
    states = {name: _alarm(team, name)["StateValue"] for name in ("breaching", "notBreaching", "missing")}
    assert states == {"breaching": "ALARM", "notBreaching": "OK", "missing": "INSUFFICIENT_DATA"}


def test_alarms__evaluated_for_half_a_day__keep_only_the_samples_that_they_need(team: LocalAws) -> None:
    start(team, seconds=12 * 3600)
    region = team.world.region("eu-west-1")
    assert max(len(samples) for samples in region.dms.measured.values()) <= 40


def test_alarms__stack_deleted__are_gone_and_nothing_is_measured_any_more(team: LocalAws) -> None:
    assert deploy(team, STACK, team_template({})) == "UPDATE_COMPLETE"
    team.client("cloudformation").delete_stack(StackName=STACK)
    team.advance(3600)
    assert team.world.region("eu-west-1").dms.next_metrics is None
