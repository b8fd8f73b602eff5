"""What somebody who comes back sees."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.utils import timezone

from replication.choices import DeploymentState
from replication.models import Task, TaskStatus
from replication.selectors.shift import shift_begin, shift_since
from replication.selectors.table_acts import TableAct
from replication.services.deployment_news import deployment_tell
from replication.services.sessions import session_opened
from tests.replication.conftest import Stage
from tests.replication.services.test_change_request_revert import BARCODES, _merged


def test_shift_begin__never_here_before__is_twelve_hours_ago(stage: Stage) -> None:
    session_opened(user=stage.people.member)

    assert timezone.now() - shift_begin(stage.people.member) > timedelta(hours=11)


def test_shift_begin__here_before__is_that_sign_in(stage: Stage) -> None:
    then = timezone.now() - timedelta(days=2)
    with time_machine.travel(then, tick=False):
        session_opened(user=stage.people.member)
    session_opened(user=stage.people.member)

    assert abs(shift_begin(stage.people.member) - then) < timedelta(seconds=1)


def test_shift__a_failed_deployment__is_under_ran_broke_and_odd(stage: Stage) -> None:
    since = timezone.now()
    revision = _merged(stage, TableAct.PAUSE, BARCODES)
    deployment = revision.deployments.get()
    deployment.state = DeploymentState.HALF
    deployment.save()
    deployment_tell(deployment_id=deployment.pk)

    shift = shift_since(since, seen=[], environment=stage.environment, team=stage.food)

    assert list(shift.changed) == [revision]
    assert list(shift.ran) == [deployment]
    assert {event.kind for event in shift.broke} == {"deployment.failed", "incident.opened"}
    assert list(shift.odd.deployments) == [deployment]
    assert [change.number for change in shift.odd.out_of_sync] == [revision.change_request_id]
    assert not shift_since(since, seen=[], team=stage.orders).ran


def test_shift__a_task_that_stands_still__is_odd_until_it_runs(stage: Stage) -> None:
    task = Task.objects.get(name="foodsearch")
    status = TaskStatus.objects.create(task=task, state="stopped", observed_at=timezone.now())

    assert [each.task for each in shift_since(timezone.now(), seen=[]).odd.tasks] == [task]
    status.state = "running"
    status.save()
    assert shift_since(timezone.now(), seen=[]).odd.nothing
