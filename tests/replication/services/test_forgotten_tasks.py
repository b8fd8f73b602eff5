"""Tasks whose note is of a run that the database does not know, found by listing, for it may not know them either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from deploy_engine.config import EnvironmentFile
from deploy_engine.errors import AwsUnreachable
from deploy_engine.execution.facts import STOPPED, TAG_DESIRED, TAG_FENCE, TAG_RESUME_BY, TAG_RUN
from deploy_engine.live import TaskView
from replication.choices import DeploymentState, IncidentKind
from replication.models import Incident, Team
from replication.services.deployments import team_deploy
from replication.services.engine import Janitor
from replication.services.forgotten_tasks import forgotten_tasks_sweep
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.plans import template
from tests.replication.conftest import Stage

KNOWN, UNKNOWN = "food-foodsearch", "lost-orders"
OVER, LATER = "2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"


class Account(FakeAws):
    """It lists its tasks, and counts what it is asked."""

    asked: int = 0
    listed: int = 0
    away: bool = False

    def every_task(self) -> tuple[TaskView, ...]:
        self.listed += 1
        if self.away:
            raise AwsUnreachable("no answer")
        return tuple(self.tasks(list(self.live)).values())

    def task_tags(self, arn: str) -> dict[str, str]:
        self.asked += 1
        return super().task_tags(arn)


@pytest.fixture
def aws() -> Account:
    """Two teams' tasks stand still; a run that nobody knows has noted itself on both, and is overdue."""
    world = Account(MovedClock(datetime(2026, 3, 2, tzinfo=UTC)))
    for name in (KNOWN, UNKNOWN):
        tables = {name: ["foodsearch.barcodes@v202011191200"]}
        world.deployed(f"sluice-local-{name.partition('-')[0]}", template(tables), running=False)
        world.live[name].tags.update({TAG_RUN: "before-the-backup", TAG_RESUME_BY: OVER})
    return world


def _sweep(aws: Account) -> None:
    @contextmanager
    def janitor(_: EnvironmentFile) -> Iterator[Janitor]:
        yield Janitor(aws, aws)

    forgotten_tasks_sweep(open_janitor=janitor)


def test_forgotten_tasks__nothing_was_ever_deployed_here__are_started_and_told(stage: Stage, aws: Account) -> None:
    _sweep(aws)
    assert {task.status for task in aws.live.values()} == {"starting"}
    assert not any(TAG_RUN in task.tags for task in aws.live.values())
    told = {incident.subject: incident for incident in Incident.objects.all()}
    assert told[KNOWN].team == stage.food
    assert (told[UNKNOWN].team, Team.objects.filter(slug="lost").exists()) == (None, False)
    assert told[UNKNOWN].kind == IncidentKind.LEFT_STOPPED
    assert "before-the-backup, which this database does not know" in told[UNKNOWN].sentence


def test_forgotten_tasks__they_run_again_or_are_gone__the_incidents_are_settled(stage: Stage, aws: Account) -> None:
    _sweep(aws)
    aws.live[KNOWN].status = "running"
    del aws.live[UNKNOWN]
    _sweep(aws)
    assert {incident.settled_reason for incident in Incident.objects.all()} == {
        "it runs again",
        "there is no such task any more",
    }


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {TAG_RUN: "at-work", TAG_RESUME_BY: LATER},
        {TAG_RUN: "at-work"},
        {TAG_RUN: "x", TAG_RESUME_BY: OVER, TAG_DESIRED: STOPPED},
    ],
    ids=["no note", "still in time", "no time", "meant to stand still"],
)
def test_forgotten_tasks__nobody_owes_it_a_start__is_left_alone(
    stage: Stage, aws: Account, tags: dict[str, str]
) -> None:
    for task in aws.live.values():
        task.tags = dict(tags)
    _sweep(aws)
    assert {task.status for task in aws.live.values()} == {"stopped"}
    assert not Incident.objects.exists()


def test_forgotten_tasks__starting_would_overwrite__stays_stopped_and_is_told(stage: Stage, aws: Account) -> None:
    aws.live[UNKNOWN].tables.clear()
    _sweep(aws)
    assert aws.live[UNKNOWN].status == "stopped"
    assert "would overwrite" in Incident.objects.get(subject=UNKNOWN).remedy


def test_forgotten_tasks__a_live_deployment_holds_the_stack__is_its_business(stage: Stage, aws: Account) -> None:
    live = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)
    live.state = DeploymentState.RUNNING
    live.save()
    _sweep(aws)
    assert (aws.live[KNOWN].status, aws.live[UNKNOWN].status) == ("stopped", "starting")


def test_forgotten_tasks__of_the_running_ones__no_tags_are_asked(stage: Stage, aws: Account) -> None:
    aws.live[KNOWN].status = "running"
    _sweep(aws)
    assert (aws.listed, aws.asked) == (1, 1)


def test_forgotten_tasks__aws_away__is_tried_again_next_time(stage: Stage, aws: Account) -> None:
    aws.away = True
    _sweep(aws)
    assert not Incident.objects.exists()


@override_settings(REPLICATION_FENCED_ENVIRONMENTS=("local",))
def test_forgotten_tasks__where_aws_fences_late_calls_off__bear_the_watchdogs_fence(stage: Stage, aws: Account) -> None:
    aws.live[UNKNOWN].tags[TAG_FENCE] = "before-the-backup.0"
    _sweep(aws)
    assert aws.live[UNKNOWN].status == "starting"
    assert aws.live[UNKNOWN].tags == {TAG_FENCE: "watchdog"}
