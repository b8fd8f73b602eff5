"""Where a change's tables really run already."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deploy_engine.config import document_to_json
from replication.choices import DeploymentState
from replication.documents import document_hash, team_document_of
from replication.models import Deployment, Environment, Revision
from replication.selectors.deployed_elsewhere import deployed_elsewhere
from replication.selectors.scopes import latest_revision
from tests.replication.conftest import Stage
from tests.replication.factories import EnvironmentFactory

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
