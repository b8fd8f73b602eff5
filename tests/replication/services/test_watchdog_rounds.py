"""The watchdog's rounds: what nobody advanced is followed to its end, and pauses are held against their budgets."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

from django.utils import timezone

from replication.choices import DeploymentState, IncidentKind
from replication.models import Deployment, Incident, Source
from replication.selectors.pause_budget import LONGEST, pause_budget
from replication.services.deployments import team_deploy
from replication.services.incidents import incident_settle
from replication.services.pause_watch import pauses_watch
from replication.services.watchdog import OVERDUE_AFTER, Watchdog
from tests.replication.conftest import Stage
from tests.replication.moments import travel


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _watchdog(waits: list[float | None], clock: Clock, ticked: list[int]) -> Watchdog:
    def tick(*, deployment_id: int) -> float | None:
        ticked.append(deployment_id)
        return waits.pop(0)

    return Watchdog(every=15, stopping=Event(), tick=tick, clock=clock)


def _overdue(stage: Stage) -> Deployment:
    return team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)


def test_watchdog__a_deployment_nobody_advanced__is_followed_at_its_own_pace(stage: Stage) -> None:
    deployment, clock, ticked = _overdue(stage), Clock(), list[int]()
    watchdog = _watchdog([2.0, 0.0, None], clock, ticked)
    with travel(timezone.now() + OVERDUE_AFTER + timedelta(seconds=1)):
        watchdog.search()
    watchdog.advance()
    watchdog.advance()
    assert ticked == [deployment.pk], "the next look is due in two seconds"
    clock.now = 2.5
    watchdog.advance()
    watchdog.advance()
    watchdog.advance()
    assert len(ticked) == 3, "at its end it is let go"


def test_watchdog__told_to_end__begins_no_further_tick(stage: Stage) -> None:
    _overdue(stage)
    ticked = list[int]()
    watchdog = _watchdog([], Clock(), ticked)
    watchdog.stopping.set()
    watchdog.follow()
    watchdog.alarm()
    watchdog.run_errands()
    assert ticked == []


def _paused(stage: Stage, since: timedelta) -> Deployment:
    deployment = _overdue(stage)
    deployment.state, deployment.paused_since = DeploymentState.RUNNING, timezone.now() - since
    deployment.save()
    return deployment


def test_pause_budget__by_the_shortest_retention__is_a_tenth_and_at_most_an_hour(stage: Stage) -> None:
    assert pause_budget(stage.environment, stage.food).time == LONGEST
    source = Source.objects.get(slug="fooddb")
    source.log_retention_hours = 2
    source.save()
    assert pause_budget(stage.environment, stage.food).time == timedelta(minutes=12)
    assert pause_budget(stage.environment, stage.orders).time == LONGEST
    assert pause_budget(stage.environment, None).time == timedelta(minutes=12), "the base stack stops all teams' tasks"


def test_pauses_watch__past_its_budget__opens_one_incident_until_the_tasks_run(stage: Stage) -> None:
    deployment = _paused(stage, LONGEST + timedelta(minutes=1))
    pauses_watch()
    pauses_watch()
    incident = Incident.objects.get()
    assert incident.kind == IncidentKind.PAUSE_BUDGET
    assert "60 minutes" in incident.sentence
    deployment.paused_since = None
    deployment.save()
    pauses_watch()
    incident.refresh_from_db()
    assert not incident.is_open


def test_pauses_watch__within_its_budget__says_nothing(stage: Stage) -> None:
    _paused(stage, timedelta(minutes=5))
    pauses_watch()
    assert not Incident.objects.exists()


def test_pauses_watch__settled_by_a_person__is_not_opened_again_for_this_deployment(stage: Stage) -> None:
    _paused(stage, LONGEST * 2)
    pauses_watch()
    incident_settle(actor=stage.people.member, incident=Incident.objects.get(), reason="we know")
    pauses_watch()
    assert Incident.objects.count() == 1
