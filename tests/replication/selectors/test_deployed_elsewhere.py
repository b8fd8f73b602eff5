"""Where a change's tables really run already."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime, timedelta

import pytest

from deploy_engine.config import document_to_json
from replication.choices import DeploymentState
from replication.documents import document_hash, team_document_of
from replication.models import Deployment, Environment, Revision, Task, TaskLatency
from replication.selectors.deployed_elsewhere import deployed_elsewhere
from replication.selectors.scopes import latest_revision
from tests.replication.conftest import Stage
from tests.replication.factories import EnvironmentFactory, TeamSetupFactory
from tests.replication.moments import travel

BARCODES, PRODUCTS = "fooddb/foodsearch/barcodes", "fooddb/foodsearch/products"
AT = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Environment:
    """Another environment."""
    return EnvironmentFactory(name="sandbox")


def _revision(stage: Stage, environment: Environment, number: int) -> Revision:
    """Food's accepted document, accepted in `environment` too."""
    accepted = latest_revision(stage.environment, stage.food)
    assert accepted is not None
    document = document_to_json(team_document_of(accepted.document))
    return Revision.objects.create(
        environment=environment,
        team=stage.food,
        number=number,
        document=document,
        document_hash=document_hash(document),
        title="As in local",
        author_name="Mia",
        created_at=AT,
    )


def _deployment(revision: Revision, state: DeploymentState) -> Deployment:
    return Deployment.objects.create(
        run=f"run{revision.pk}",
        stack=f"sluice-{revision.environment.name}-food",
        environment=revision.environment,
        team=revision.team,
        revision=revision,
        state=state,
        requested_by_name="Mia",
        created_at=AT,
        finished_at=AT,
    )


def test_deployed_elsewhere__done_in_a_sandbox__is_told_with_its_date(stage: Stage, sandbox: Environment) -> None:
    deployment = _deployment(_revision(stage, sandbox, 1), DeploymentState.DONE)
    (found,) = deployed_elsewhere(stage.draft(), [BARCODES])
    assert (found.environment, found.deployment, found.at, found.synced) == ("sandbox", deployment.pk, AT, True)


def _task_in(stage: Stage, environment: Environment) -> Task:
    """Food's task `foodsearch` with its table barcodes, in another environment too."""
    here = Task.objects.get(setup__environment=stage.environment, name="foodsearch")
    setup = TeamSetupFactory(environment=environment, team=stage.food)
    source, instance = copy(here.source), copy(here.replication_instance)
    for row in (source, instance):
        row.pk, row.setup = None, setup
    source.environment = environment
    source.save()
    instance.save()
    task = Task.objects.create(
        setup=setup, name="foodsearch", source=source, replication_instance=instance, delivery=here.delivery
    )
    entry = here.entries.get(table_name="barcodes")
    entry.pk, entry.task, entry.environment = None, task, environment
    entry.save()
    return task


def test_deployed_elsewhere__latency_was_measured_there__is_told_from_the_deployment_on(
    stage: Stage, sandbox: Environment
) -> None:
    _deployment(_revision(stage, sandbox, 1), DeploymentState.DONE)
    task, began = _task_in(stage, sandbox), int(AT.timestamp())
    points = [[began - 300, 1, 9_000], [began, 2, 60], [began + 300, 5, 600], [began + 600, 1, 41]]
    TaskLatency.objects.create(task=task, points=points, asked_at=AT)
    with travel(AT + timedelta(minutes=12)):
        (found,) = deployed_elsewhere(stage.draft(), [BARCODES])
        (watched,) = found.watched
        assert watched.name == "foodsearch"
        assert watched.latency is not None
        assert (watched.latency.target_now, watched.latency.target_most) == (41, 600)
        assert (watched.latency.source_now, watched.latency.source_most) == (1, 5)
    with travel(AT + timedelta(hours=2)):
        (found,) = deployed_elsewhere(stage.draft(), [BARCODES])
        assert found.watched[0].latency is not None
        assert found.watched[0].latency.target_now is None, "what was measured long ago says nothing of now"


def test_deployed_elsewhere__never_measured_there__says_nothing_of_latency(stage: Stage, sandbox: Environment) -> None:
    _deployment(_revision(stage, sandbox, 1), DeploymentState.DONE)
    _task_in(stage, sandbox)
    (found,) = deployed_elsewhere(stage.draft(), [BARCODES])
    assert [watched.latency for watched in found.watched] == [None]


def test_deployed_elsewhere__a_newer_revision_waits_there__is_not_synced(stage: Stage, sandbox: Environment) -> None:
    _deployment(_revision(stage, sandbox, 1), DeploymentState.DONE)
    _revision(stage, sandbox, 2)
    assert [found.synced for found in deployed_elsewhere(stage.draft(), [BARCODES])] == [False]


@pytest.mark.parametrize(
    ("tables", "state"),
    [
        ([], DeploymentState.DONE),
        ([BARCODES, PRODUCTS], DeploymentState.DONE),
        ([BARCODES], DeploymentState.FAILED_SAFE),
    ],
    ids=["no-tables", "not-all-of-them", "never-done"],
)
def test_deployed_elsewhere__nothing_to_tell__is_empty(
    stage: Stage, sandbox: Environment, tables: list[str], state: DeploymentState
) -> None:
    _deployment(_revision(stage, sandbox, 1), state)
    assert deployed_elsewhere(stage.draft(), tables) == ()


def test_deployed_elsewhere__the_changes_own_environment__does_not_count(stage: Stage) -> None:
    accepted = latest_revision(stage.environment, stage.food)
    assert accepted is not None
    _deployment(accepted, DeploymentState.DONE)
    assert deployed_elsewhere(stage.draft(), [BARCODES]) == ()
