"""What the pages read is what DMS last said, and when."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from deploy_engine.config import EnvironmentFile
from deploy_engine.errors import AwsRefused, AwsUnreachable
from deploy_engine.live import AlarmView, InstanceRoom, LatencyPoint, StackView, TableStatistics, TaskView
from replication.choices import AuditKind
from replication.models import (
    AuditEvent,
    EnvironmentStatus,
    TableEntry,
    TableStatus,
    Task,
    TaskLatency,
    TaskStatus,
    Team,
)
from replication.selectors.shift import shift_since
from replication.services.latencies import ASKED_EVERY, KEPT_FOR, OVERLAP
from replication.services.observing import environment_observe, environments_due
from tests.replication.conftest import Stage
from tests.replication.moments import travel

FOODSEARCH = TaskView("food-foodsearch", "arn:1", "running", ever_ran=True, tables_loading=1, full_load_percent=50)
BARCODES = TableStatistics("foodsearch", "barcodes", "Table completed", full_load_rows=812, inserts=3)


@dataclass
class FakeReader:
    """AWS as a test wants it."""

    tasks_there: tuple[TaskView, ...] = (FOODSEARCH,)
    away: bool = False
    latency: int | None = 41
    alarm: str | None = "OK"
    """The state of the one alarm; empty: it is not there; None: CloudWatch refuses."""
    table_state: str = BARCODES.state
    asked: list[str] = field(default_factory=list)
    since: list[datetime] = field(default_factory=list)

    def stack(self, name: str, *, with_template: bool, at_work_too: bool = True) -> StackView | None:
        if self.away:
            raise AwsUnreachable("no answer from eu-central-1")
        self.asked.append(name)
        return StackView(name, "CREATE_COMPLETE")

    def tasks(self, names: Iterable[str], *, with_settings: bool = False) -> dict[str, TaskView]:
        wanted = set(names)
        return {task.name: task for task in self.tasks_there if task.name in wanted}

    def tasks_at(self, endpoint_arns: Iterable[str]) -> dict[str, TaskView]:
        raise AssertionError("observing runs asks by name")

    def imports(self, export: str) -> tuple[str, ...]:
        raise AssertionError("observing runs asks for no imports")

    def task_tags(self, arn: str) -> dict[str, str]:
        return {}

    def table_statistics(self, task_arn: str) -> tuple[TableStatistics, ...]:
        return (replace(BARCODES, state=self.table_state),)

    def task_latencies(
        self, tasks: Iterable[tuple[str, str]], since: datetime, now: datetime
    ) -> dict[str, tuple[LatencyPoint, ...]]:
        self.since.append(since)
        if self.latency is None:
            raise AwsRefused("GetMetricData", "AccessDenied", "not authorized")
        at = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
        point = LatencyPoint(at, source=2, target=self.latency)
        return {arn: (point,) for arn, instance in tasks if instance == "food-main"}

    def alarms(self, prefix: str) -> tuple[AlarmView, ...]:
        if self.alarm is None:
            raise AwsRefused("DescribeAlarms", "AccessDenied", "not authorized")
        name, about = f"{prefix}food-task-foodsearch-source-latency", "The task foodsearch reads its source late"
        since = datetime(2026, 1, 5, 8, tzinfo=UTC)
        return (AlarmView(name, self.alarm, about, "1 datapoint", since),) if self.alarm else ()

    def prefix_occupied(self, bucket: str, prefix: str) -> bool:
        return False

    def instance_rooms(self, names: Iterable[str], now: datetime) -> dict[str, InstanceRoom]:
        raise AssertionError("observing runs asks for no room")

    def validate_template(self, body: str) -> str | None:
        return None


def _observe(stage: Stage, reader: FakeReader) -> None:
    @contextmanager
    def opened(_: EnvironmentFile) -> Iterator[FakeReader]:
        yield reader

    environment_observe(environment_id=stage.environment.pk, open_reader=opened)


def test_observe__task_and_table__are_cached_with_the_time(stage: Stage) -> None:
    _observe(stage, FakeReader())

    task = TaskStatus.objects.get(task__name="foodsearch")
    assert (task.state, task.tables_loading, task.tables_loaded, task.full_load_percent) == ("running", 1, 1, 50)
    table = TableStatus.objects.get(entry__table_name="barcodes")
    assert (table.state, table.full_load_rows, table.inserts) == ("Table completed", 812, 3)
    assert EnvironmentStatus.objects.get().reachable
    assert EnvironmentStatus.objects.get().base_stack_state == "CREATE_COMPLETE"


def test_observe__latency__is_cached_where_cloudwatch_tells_it(stage: Stage) -> None:
    _observe(stage, FakeReader())
    assert TaskStatus.objects.get(task__name="foodsearch").latency_seconds == 41
    with travel(timezone.now() + ASKED_EVERY):
        _observe(stage, FakeReader(latency=None))
    seen = TaskStatus.objects.get(task__name="foodsearch")
    assert (seen.state, seen.latency_seconds) == ("running", None)


def test_observe__within_the_period_of_the_metric__cloudwatch_is_not_asked_again(stage: Stage) -> None:
    _observe(stage, FakeReader())
    again = FakeReader(latency=99)
    _observe(stage, again)
    assert again.since == []
    assert TaskStatus.objects.get(task__name="foodsearch").latency_seconds == 41
    _observe(stage, FakeReader(tasks_there=(replace(FOODSEARCH, status="stopped"),)))
    assert TaskStatus.objects.get(task__name="foodsearch").latency_seconds is None


def test_observe__day_after_day__keeps_two_days_and_asks_for_what_is_new_only(stage: Stage) -> None:
    began = datetime(2026, 5, 1, 12, 2, tzinfo=UTC)
    reader = FakeReader()
    for hours in (0, 1, 2, 24, 49):
        with travel(began + timedelta(hours=hours), tick=False):
            _observe(stage, reader)
    points = TaskLatency.objects.get(task__name="foodsearch").points
    assert [datetime.fromtimestamp(at, UTC).hour for at, *_ in points] == [14, 12, 13]
    assert {(source, target) for _, source, target in points} == {(2, 41)}
    assert reader.since[0] == began - KEPT_FOR - OVERLAP
    assert reader.since[1] == began.replace(minute=0) - OVERLAP


def test_observe__what_dms_does_not_have__is_seen_as_absent(stage: Stage) -> None:
    _observe(stage, FakeReader())

    assert TaskStatus.objects.get(task__name="sales").state == ""
    assert TableStatus.objects.get(entry__table_name="brands").state == ""


def test_observe__again__overwrites_its_own_rows(stage: Stage) -> None:
    _observe(stage, FakeReader())
    _observe(stage, FakeReader(tasks_there=()))

    assert TaskStatus.objects.count() == Task.objects.count()
    assert TableStatus.objects.count() == TableEntry.objects.count()
    assert TaskStatus.objects.get(task__name="foodsearch").state == ""


def test_observe__aws_away__rows_stay_and_the_environment_says_so(stage: Stage) -> None:
    _observe(stage, FakeReader())
    _observe(stage, FakeReader(away=True))

    status = EnvironmentStatus.objects.get()
    assert (status.reachable, status.message) == (False, "no answer from eu-central-1")
    assert TaskStatus.objects.get(task__name="foodsearch").state == "running"


def test_environments_due__never_seen_or_long_ago__are_due(stage: Stage) -> None:
    now = timezone.now()
    assert environments_due(every_seconds=15, now=now) == [stage.environment.pk]

    _observe(stage, FakeReader())
    assert environments_due(every_seconds=15, now=now) == []
    assert environments_due(every_seconds=15, now=now + timedelta(seconds=16)) == [stage.environment.pk]


def test_environments_due__aws_away__is_asked_less_often(stage: Stage) -> None:
    _observe(stage, FakeReader(away=True))

    assert environments_due(every_seconds=15, now=timezone.now() + timedelta(seconds=60)) == []
    assert environments_due(every_seconds=15, now=timezone.now() + timedelta(seconds=91)) == [stage.environment.pk]


def test_observe__a_state_that_changed__is_in_the_record_once(stage: Stage) -> None:
    stopped = replace(FOODSEARCH, status="stopped", stop_reason="Stop Reason NORMAL")
    _observe(stage, FakeReader())
    assert not AuditEvent.objects.filter(kind=AuditKind.TASK_STATE_CHANGED).exists()

    _observe(stage, FakeReader(tasks_there=(stopped,)))
    _observe(stage, FakeReader(tasks_there=(stopped,)))

    event = AuditEvent.objects.get(kind=AuditKind.TASK_STATE_CHANGED)
    assert event.sentence == ("Task food-foodsearch was running and is stopped. DMS says: Stop Reason NORMAL")
    assert (event.team, event.data["to"]) == (stage.food, "stopped")


def test_observe__a_table_that_dms_no_longer_lists__is_in_the_record_of_the_table(stage: Stage) -> None:
    _observe(stage, FakeReader())
    _observe(stage, FakeReader(tasks_there=()))

    event = AuditEvent.objects.get(kind=AuditKind.TABLE_STATE_CHANGED)
    assert event.table == "fooddb/foodsearch/barcodes"
    assert "was “Table completed” and is “not there”" in event.sentence


def test_observe__a_task_and_a_table_that_failed__stand_among_what_broke(stage: Stage) -> None:
    begin = timezone.now()
    _observe(stage, FakeReader(alarm="OK"))
    assert shift_since(begin, seen=[]).broke == []

    failed = replace(FOODSEARCH, status="failed")
    _observe(stage, FakeReader(alarm="ALARM", tasks_there=(failed,), table_state="Table error"))
    _observe(stage, FakeReader(alarm="OK"))

    broke = {event.kind: event.data["to"] for event in shift_since(begin, seen=[]).broke}
    assert broke == {"task.failed": "failed", "table.failed": "Table error", "alarm.went_off": "ALARM"}


def test_observe__another_observer_was_quicker__tells_nothing_twice_and_keeps_its_rows(stage: Stage) -> None:
    _observe(stage, FakeReader())
    loaded = replace(FOODSEARCH, tables_loading=0, full_load_percent=100)

    class Slow(FakeReader):
        """While it is asked for the tables, another observer looks and writes."""

        def table_statistics(self, task_arn: str) -> tuple[TableStatistics, ...]:
            _observe(stage, FakeReader(tasks_there=(replace(loaded, status="stopped"),)))
            return super().table_statistics(task_arn)

    _observe(stage, Slow(tasks_there=(loaded,)))

    changes = AuditEvent.objects.filter(kind=AuditKind.TASK_STATE_CHANGED)
    assert [event.data["to"] for event in changes] == ["stopped"]
    assert TaskStatus.objects.get(task__name="foodsearch").state == "stopped"


def test_observe__an_alarm_goes_off_and_is_over__is_told_to_the_record_and_stands_among_what_is_odd(
    stage: Stage,
) -> None:
    def told() -> list[str]:
        events = AuditEvent.objects.filter(kind__startswith="alarm.").order_by("id")
        return list(events.values_list("sentence", flat=True))

    def odd(team: Team | None = None) -> list[str]:
        seen = list(EnvironmentStatus.objects.all())
        return [alarm.about for alarm in shift_since(timezone.now(), seen=seen, team=team).odd.alarms]

    about = "The task foodsearch reads its source late"
    _observe(stage, FakeReader())
    assert (told(), odd()) == ([], [])

    _observe(stage, FakeReader(alarm="ALARM"))
    _observe(stage, FakeReader(alarm="ALARM"))
    assert (told(), odd(stage.food), odd(stage.orders)) == ([f"Alarm went off: {about}."], [about], [])
    assert AuditEvent.objects.get(kind=AuditKind.ALARM_WENT_OFF).team == stage.food

    _observe(stage, FakeReader(alarm="INSUFFICIENT_DATA"))
    _observe(stage, FakeReader(alarm="OK"))
    assert (told()[1:], odd()) == ([f"Alarm is over: {about}."], [])


def test_observe__an_alarm_that_rang_is_gone__is_told(stage: Stage) -> None:
    _observe(stage, FakeReader(alarm="ALARM"))
    _observe(stage, FakeReader(alarm=""))

    newest = AuditEvent.objects.filter(kind=AuditKind.ALARM_ENDED).latest("id")
    assert newest.sentence == "Alarm is gone with what it watched: The task foodsearch reads its source late."


def test_observe__alarms_not_to_be_had__keeps_what_was_known_and_goes_on(stage: Stage) -> None:
    _observe(stage, FakeReader(alarm="ALARM"))
    _observe(stage, FakeReader(alarm=None))

    status = EnvironmentStatus.objects.get()
    assert status.reachable
    assert len(status.alarms) == 1
