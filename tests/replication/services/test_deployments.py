"""Asking for deployments, trying them again, cancelling them."""

import pytest
from django.db import IntegrityError, transaction

from replication.choices import AuditKind, ChangeRequestState, DeploymentState
from replication.errors import NotAllowed, WrongState
from replication.models import AuditEvent, Deployment
from replication.services.deployment_news import deployment_tell
from replication.services.deployments import base_deploy, deployment_cancel, deployment_retry, team_deploy
from replication.services.merging import change_request_merge
from tests.replication.conftest import Stage
from tests.replication.services.test_merging import approved


def _merged(stage: Stage) -> Deployment:
    return change_request_merge(actor=stage.people.member, change_request=approved(stage))


def _ended(deployment: Deployment, state: DeploymentState) -> Deployment:
    deployment.state = state
    deployment.sentence = "As the test wants it."
    deployment.save()
    deployment_tell(deployment_id=deployment.pk)
    return deployment


def test_base_deploy__platform__queues_the_accepted_revision(stage: Stage) -> None:
    deployment = base_deploy(actor=stage.people.platform, environment=stage.environment)

    assert (deployment.stack, deployment.revision.number) == ("sluice-local-base", 1)
    assert deployment.approved_fingerprint == ""
    assert AuditEvent.objects.filter(kind=AuditKind.DEPLOYMENT_QUEUED, actor=stage.people.platform).count() == 1


def test_team_deploy__reviewer__is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        team_deploy(actor=stage.people.reviewer, environment=stage.environment, team=stage.food)


def test_deployments__two_live_ones_of_a_stack__are_impossible(stage: Stage) -> None:
    first, second = (
        team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food) for _ in range(2)
    )
    first.state = second.state = DeploymentState.RUNNING
    first.save()

    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


@pytest.mark.parametrize(
    ("state", "follows"),
    [
        (DeploymentState.RUNNING, ChangeRequestState.DEPLOYING),
        (DeploymentState.DONE, ChangeRequestState.DEPLOYED),
        (DeploymentState.FAILED_SAFE, ChangeRequestState.OUT_OF_SYNC),
        (DeploymentState.REFUSED, ChangeRequestState.OUT_OF_SYNC),
        (DeploymentState.STUCK, ChangeRequestState.OUT_OF_SYNC),
    ],
)
def test_deployment_tell__new_state__the_change_request_follows_once(
    stage: Stage, state: DeploymentState, follows: ChangeRequestState
) -> None:
    deployment = _ended(_merged(stage), state)
    events = AuditEvent.objects.filter(deployment=deployment).count()

    deployment_tell(deployment_id=deployment.pk)

    assert deployment.change_request is not None
    deployment.change_request.refresh_from_db()
    assert deployment.change_request.state == follows
    assert AuditEvent.objects.filter(deployment=deployment).count() == events


def test_deployment_tell__at_the_end__open_changes_of_the_scope_are_checked_again(stage: Stage) -> None:
    waiting = stage.in_review("foodsearch.prices")
    runs = waiting.check_runs.count()

    _ended(_merged(stage), DeploymentState.DONE)

    assert waiting.check_runs.count() == runs + 1


def test_retry__failed__is_a_new_deployment_under_the_same_approval(stage: Stage) -> None:
    failed = _ended(_merged(stage), DeploymentState.FAILED_SAFE)

    again = deployment_retry(actor=stage.people.colleague, deployment=failed)

    assert again.pk != failed.pk
    assert (again.revision, again.approved_fingerprint) == (failed.revision, failed.approved_fingerprint)
    assert again.change_request is not None
    again.change_request.refresh_from_db()
    assert again.change_request.state == ChangeRequestState.MERGED
    with pytest.raises(WrongState, match="tried again already"):
        deployment_retry(actor=stage.people.colleague, deployment=failed)


def test_retry__by_the_platform_team__lets_any_plan_go(stage: Stage) -> None:
    failed = _ended(_merged(stage), DeploymentState.REFUSED)

    assert deployment_retry(actor=stage.people.platform, deployment=failed).approved_fingerprint == ""


def test_retry__done__is_refused(stage: Stage) -> None:
    with pytest.raises(WrongState, match="nothing to try again"):
        deployment_retry(actor=stage.people.member, deployment=_ended(_merged(stage), DeploymentState.DONE))


def test_retry__stuck__is_looked_at_again_at_once(stage: Stage) -> None:
    stuck = _ended(_merged(stage), DeploymentState.STUCK)

    assert deployment_retry(actor=stage.people.member, deployment=stuck).pk == stuck.pk
    assert stuck.next_tick_at is not None


def test_retry__revision_was_followed__is_refused(stage: Stage) -> None:
    failed = _ended(_merged(stage), DeploymentState.FAILED_SAFE)
    change_request_merge(actor=stage.people.member, change_request=approved(stage, "foodsearch.prices"))

    with pytest.raises(WrongState, match="followed by another"):
        deployment_retry(actor=stage.people.member, deployment=failed)


def test_cancel__waiting__ends_at_once(stage: Stage) -> None:
    deployment = deployment_cancel(actor=stage.people.member, deployment=_merged(stage))

    assert (deployment.state, deployment.next_tick_at) == (DeploymentState.CANCELLED, None)
    assert "Mia Example" in deployment.sentence


def test_cancel__running__is_left_to_the_engine(stage: Stage) -> None:
    deployment = _ended(_merged(stage), DeploymentState.RUNNING)

    deployment_cancel(actor=stage.people.member, deployment=deployment)

    assert deployment.state == DeploymentState.RUNNING
    assert deployment.cancel_requested_at is not None


@pytest.mark.parametrize("act", [deployment_retry, deployment_cancel])
def test_retry_and_cancel__viewer__are_refused_and_audited(stage: Stage, act: object) -> None:
    deployment = _merged(stage)

    with pytest.raises(NotAllowed):
        act(actor=stage.people.viewer, deployment=deployment)  # type: ignore[operator]

    assert AuditEvent.objects.get(kind=AuditKind.REFUSED_ATTEMPT).deployment == deployment
