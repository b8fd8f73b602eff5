"""Celery's interface: one chain of ticks per deployment."""

from datetime import timedelta

import pytest
from celery.signals import worker_shutting_down
from django.utils import timezone

from portal.celery_settings import beat_schedule
from replication.choices import DeploymentState
from replication.models import AuditChain, Deployment
from replication.services.deployments import team_deploy
from replication.services.handing_over import deployments_hand_over
from replication.tasks import check_run, deployment_tick, export_git
from tests.replication.conftest import Sent, Stage
from tests.replication.moments import travel


@pytest.fixture
def deployment(stage: Stage) -> Deployment:
    """A deployment behind an older one: its ticks need no AWS."""
    return [team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food) for _ in range(2)][
        1
    ]


def test_deployment_tick__due__asks_to_be_called_again(deployment: Deployment, sent: Sent) -> None:
    deployment_tick(deployment.pk)

    assert sent == [("replication.deployment_tick", (deployment.pk,))]


def test_deployment_tick__early__ends_its_chain(deployment: Deployment, sent: Sent) -> None:
    deployment.next_tick_at = timezone.now() + timedelta(seconds=4)
    deployment.save()

    deployment_tick(deployment.pk)

    assert sent == []


def test_worker__told_to_end__hands_its_live_deployments_over(deployment: Deployment, sent: Sent) -> None:
    deployment.state, deployment.next_tick_at = DeploymentState.RUNNING, timezone.now() + timedelta(seconds=2)
    deployment.save()
    sent.clear()

    assert deployments_hand_over() == 1
    assert sent == [("replication.deployment_tick", (deployment.pk,))], "those that wait for their turn are not paused"


def test_worker__celery_tells_it_to_end__that_is_heard() -> None:
    assert "_hand_over" in {receiver.__name__ for receiver in worker_shutting_down._live_receivers(None)}


def test_check_run__overtaken__is_nothing(stage: Stage) -> None:
    run = stage.draft("foodsearch.products").check_runs.get()
    run.state = "overtaken"
    run.save()

    check_run(run.pk)

    run.refresh_from_db()
    assert run.results == []


def test_export_git__carried_by_the_beat__anchors_the_audit_of_a_day_without_a_merge(stage: Stage) -> None:
    carried = next(each for each in beat_schedule.values() if each["task"] == export_git.name)
    export_git()
    stage.draft("foodsearch.products")
    chain = AuditChain.objects.get(name="local")
    assert chain.sequence > chain.anchored_sequence

    with travel(timezone.now() + timedelta(days=1, seconds=float(carried["schedule"]))):
        export_git()

    chain.refresh_from_db()
    assert chain.sequence == chain.anchored_sequence
