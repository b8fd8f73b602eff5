"""What stands still although it should run: told, and started again where it was Sluice that stopped it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from deploy_engine.config import EnvironmentFile
from deploy_engine.errors import AwsUnreachable
from deploy_engine.execution.facts import STOPPED, TAG_DESIRED, TAG_RESUME_BY, TAG_RUN
from deploy_engine.execution.ports import AwsHands
from deploy_engine.live import TaskView
from replication.choices import AuditKind, DeploymentState, IncidentKind
from replication.models import AuditEvent, Deployment, Incident, Task, TaskStatus
from replication.services.deployments import team_deploy
from replication.services.incidents import incident_settle
from replication.services.standing_still import standing_still_sweep
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.plans import template
from tests.replication.conftest import Stage

TASK = "food-foodsearch"
STACK = "sluice-local-food"
TABLES = {TASK: ["foodsearch.barcodes@v202011191200", "foodsearch.brands@v202008040000"]}
OVER, LATER = "2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"


@pytest.fixture
def deployed(stage: Stage) -> Deployment:
    """The accepted config, deployed; the observer has just seen its task at rest."""
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)
    deployment.state, deployment.finished_at = DeploymentState.DONE, timezone.now()
    deployment.save()
    task = Task.objects.get(setup__team=stage.food, name="foodsearch")
    TaskStatus.objects.create(task=task, state="stopped", observed_at=timezone.now())
    return deployment


@pytest.fixture
def aws() -> FakeAws:
    """The task stands still, and nobody has left a note on it."""
    world = FakeAws(MovedClock(datetime(2026, 3, 2, tzinfo=UTC)))
    world.deployed(STACK, template(TABLES), running=False)
    return world


class Away(FakeAws):
    """It does not answer."""

    def tasks(self, names: Iterable[str], *, with_settings: bool = False) -> dict[str, TaskView]:
        raise AwsUnreachable("no answer")


def _sweep(aws: FakeAws) -> None:
    @contextmanager
    def hands(_: EnvironmentFile) -> Iterator[AwsHands]:
        yield aws

    standing_still_sweep(open_hands=hands)


def _incident() -> Incident:
    return Incident.objects.get(settled_at__isnull=True)


def test_sweep__a_finished_deployment_left_its_note__starts_the_task_and_says_so(
    deployed: Deployment, aws: FakeAws
) -> None:
    aws.live[TASK].tags[TAG_RUN] = deployed.run
    _sweep(aws)
    assert aws.live[TASK].status == "starting"
    assert TAG_RUN not in aws.live[TASK].tags
    incident = _incident()
    assert (incident.kind, incident.subject) == (IncidentKind.LEFT_STOPPED, TASK)
    assert f"Deployment {deployed.pk} stopped {TASK}" in incident.sentence
    assert AuditEvent.objects.filter(kind=AuditKind.INCIDENT_OPENED).count() == 1


def test_sweep__the_started_task_runs__settles_the_incident(deployed: Deployment, aws: FakeAws) -> None:
    aws.live[TASK].tags[TAG_RUN] = deployed.run
    _sweep(aws)
    aws.live[TASK].status = "running"
    _sweep(aws)
    incident = Incident.objects.get()
    assert "runs again" in incident.settled_reason
    assert incident.settled_by is None


def test_sweep__a_run_that_the_database_does_not_know__is_started_once_its_time_is_over(
    stage: Stage, deployed: Deployment, aws: FakeAws
) -> None:
    change = stage.in_review()
    checks = change.check_runs.count()
    aws.live[TASK].tags.update({TAG_RUN: "elsewhere", TAG_RESUME_BY: LATER})
    _sweep(aws)
    assert (aws.live[TASK].status, Incident.objects.count()) == ("stopped", 0)
    aws.live[TASK].tags[TAG_RESUME_BY] = OVER
    _sweep(aws)
    assert aws.live[TASK].status == "starting"
    assert "elsewhere, which this database does not know" in _incident().sentence
    assert change.check_runs.count() == checks + 1, "what was planned before is planned again"


def test_sweep__starting_would_overwrite__stays_stopped_and_the_incident_says_why(
    deployed: Deployment, aws: FakeAws
) -> None:
    aws.live[TASK].tags[TAG_RUN] = deployed.run
    aws.live[TASK].tables.clear()
    _sweep(aws)
    assert aws.live[TASK].status == "stopped"
    assert "would overwrite" in _incident().remedy


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"])
def test_sweep__cloudformation_at_work__starts_nothing(deployed: Deployment, aws: FakeAws, status: str) -> None:
    aws.live[TASK].tags[TAG_RUN] = deployed.run
    aws.stacks[STACK].status = status
    _sweep(aws)
    assert aws.live[TASK].status == "stopped"
    assert "CloudFormation is at work" in _incident().remedy


def test_sweep__tables_that_nobody_deployed__starts_nothing(deployed: Deployment, aws: FakeAws) -> None:
    aws.live[TASK].tags[TAG_RUN] = deployed.run
    aws.live[TASK].mapping = "{}"
    _sweep(aws)
    assert aws.live[TASK].status == "stopped"
    assert "not those of the deployed config" in _incident().remedy


def test_sweep__stopped_by_somebody_else__is_left_alone_and_told(deployed: Deployment, aws: FakeAws) -> None:
    _sweep(aws)
    assert aws.live[TASK].status == "stopped"
    assert _incident().kind == IncidentKind.STANDS_STILL


def test_sweep__noted_as_stopped_on_purpose__is_not_started(deployed: Deployment, aws: FakeAws) -> None:
    aws.live[TASK].tags.update({TAG_RUN: deployed.run, TAG_DESIRED: STOPPED})
    _sweep(aws)
    assert aws.live[TASK].status == "stopped"


def test_sweep__a_deployment_is_live__is_its_business(stage: Stage, deployed: Deployment, aws: FakeAws) -> None:
    live = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)
    live.state = DeploymentState.RUNNING
    live.save()
    aws.live[TASK].tags[TAG_RUN] = deployed.run
    _sweep(aws)
    assert (aws.live[TASK].status, Incident.objects.count()) == ("stopped", 0)


def test_sweep__late_stop_without_a_note__is_told_by_the_journal(deployed: Deployment, aws: FakeAws) -> None:
    deployed.started_at = timezone.now() - timedelta(minutes=2)
    deployed.save()
    deployed.journal.create(
        sequence=1, at=timezone.now(), kind="intent", phase="pause", sentence=f"StopReplicationTask {TASK}"
    )
    aws.live[TASK].stopped_at = timezone.now()
    _sweep(aws)
    assert aws.live[TASK].status == "starting"


def test_sweep__settled_by_a_person__is_not_told_again_before_it_runs(
    stage: Stage, deployed: Deployment, aws: FakeAws
) -> None:
    _sweep(aws)
    incident_settle(actor=stage.people.member, incident=_incident(), reason="we are moving the database")
    _sweep(aws)
    assert Incident.objects.count() == 1


def test_sweep__aws_away__is_tried_again_next_time(deployed: Deployment) -> None:
    @contextmanager
    def away(_: EnvironmentFile) -> Iterator[AwsHands]:
        yield Away(MovedClock(datetime(2026, 3, 2, tzinfo=UTC)))

    standing_still_sweep(open_hands=away)
    assert not Incident.objects.exists()
