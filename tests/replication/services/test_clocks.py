"""A process whose clock is an hour off (time_machine moves it, the database's stays): due is what the database says."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from replication.choices import CheckRunState, DeploymentState, IncidentKind
from replication.database_clock import database_now
from replication.models import CheckRun, Deployment, Incident
from replication.services.deployment_ticks import deployment_tick, deployments_due
from replication.services.deployments import deployment_cancel, team_deploy
from replication.services.pause_watch import pauses_watch
from replication.services.watchdog import overdue_find
from tests.replication.conftest import Stage

OFF = [timedelta(hours=1), timedelta(hours=-1)]
A_MOMENT = timedelta(seconds=30)


def _deploy(stage: Stage) -> Deployment:
    return team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)


@pytest.mark.parametrize("off", OFF, ids=["fast", "slow"])
def test_deployment__asked_for_where_the_clock_is_off__is_due_at_once(stage: Stage, off: timedelta) -> None:
    with time_machine.travel(timezone.now() + off):
        deployment = _deploy(stage)
    assert deployment.pk in deployments_due(database_now())
    assert abs(deployment.created_at - database_now()) < A_MOMENT


@pytest.mark.parametrize("off", OFF, ids=["fast", "slow"])
def test_watchdog__its_clock_is_off__takes_nothing_up_that_is_not_overdue(stage: Stage, off: timedelta) -> None:
    _deploy(stage)
    change = stage.in_review()
    CheckRun.objects.filter(change_request=change).update(state=CheckRunState.RUNNING, started_at=database_now())
    with time_machine.travel(timezone.now() + off):
        found = overdue_find()
    assert (found.deployments, found.check_runs) == ((), ())


@pytest.mark.parametrize("off", OFF, ids=["fast", "slow"])
def test_watchdog__its_clock_is_off__finds_what_is_overdue(stage: Stage, off: timedelta) -> None:
    deployment = _deploy(stage)
    Deployment.objects.filter(pk=deployment.pk).update(next_tick_at=database_now() - timedelta(seconds=10))
    with time_machine.travel(timezone.now() + off):
        found = overdue_find()
    assert found.deployments == (deployment.pk,)


@pytest.mark.parametrize("off", OFF, ids=["fast", "slow"])
def test_pause_watch__its_clock_is_off__alarms_neither_early_nor_late(stage: Stage, off: timedelta) -> None:
    deployment = _deploy(stage)
    deployment.state, deployment.paused_since = DeploymentState.RUNNING, database_now() - timedelta(minutes=1)
    deployment.save()
    with time_machine.travel(timezone.now() + off):
        pauses_watch()
    assert not Incident.objects.exists()
    deployment.paused_since = database_now() - timedelta(days=30)
    deployment.save()
    with time_machine.travel(timezone.now() + off):
        pauses_watch()
    assert Incident.objects.get().kind == IncidentKind.PAUSE_BUDGET


@pytest.mark.parametrize("off", OFF, ids=["fast", "slow"])
def test_tick__of_a_worker_whose_clock_is_off__sets_the_next_one_by_the_databases(stage: Stage, off: timedelta) -> None:
    first, second = _deploy(stage), _deploy(stage)
    Deployment.objects.filter(pk=first.pk).update(state=DeploymentState.RUNNING)
    with time_machine.travel(timezone.now() + off):
        deployment_tick(deployment_id=second.pk)
        deployment_cancel(actor=stage.people.platform, deployment=first)
    for key in (first.pk, second.pk):
        due = Deployment.objects.get(pk=key).next_tick_at
        assert due is not None
        assert abs(due - database_now()) < A_MOMENT
