"""Deployments as people ask for them: created at merge, deployed again, tried again, cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from deploy_engine.execution.hurrying import hurried
from replication.choices import RETRYABLE_DEPLOYMENT_STATES, AuditKind, ChangeRequestState, DeploymentState
from replication.database_clock import database_now
from replication.deployments import record_apply, record_of
from replication.errors import NotFound, WrongState
from replication.models import ChangeRequest, Deployment, Environment, Revision, Team
from replication.policies import can_cancel, can_manage_platform, can_retry, require, standing_of
from replication.selectors.scopes import latest_revision, stack_of_scope
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.enqueue import enqueue_after_commit
from replication.services.inputs import required_text
from replication.services.moving import change_request_move
from replication.services.service import service
from replication.transitions import Act

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_TICK = "replication.deployment_tick"


def deployment_create(
    *,
    actor: User | None,
    revision: Revision,
    change_request: ChangeRequest | None,
    approved_fingerprint: str = "",
    approved_plan: dict[str, Any] | None = None,
    emergency_reason: str = "",
    given_up: Iterable[str] = (),
) -> Deployment:
    """A deployment that waits for its turn. Without a fingerprint any plan goes. Part of other services."""
    now = database_now()
    deployment = Deployment(
        run=uuid4().hex[:12],
        stack=stack_of_scope(revision.environment, revision.team),
        environment=revision.environment,
        team=revision.team,
        revision=revision,
        change_request=change_request,
        state=DeploymentState.QUEUED,
        approved_fingerprint=approved_fingerprint,
        plan=approved_plan,
        sentence="Waits to begin.",
        emergency_reason=emergency_reason,
        given_up=sorted(set(given_up)),
        requested_by=actor,
        requested_by_name=actor_name(actor),
        created_at=now,
        next_tick_at=now,
    )
    deployment.full_clean()
    deployment.save()
    audit_write(
        actor=actor,
        kind=AuditKind.DEPLOYMENT_QUEUED,
        deployment=deployment,
        sentence=f"{actor_name(actor)} asked to deploy revision {revision.number} of {_scope(deployment)}.",
        data={"run": deployment.run, "fingerprint": approved_fingerprint},
    )
    enqueue_after_commit(_TICK, deployment.pk)
    return deployment


@service
def base_deploy(*, actor: User, environment: Environment) -> Deployment:
    """Deploy the accepted base config, whatever its plan is."""
    return _deploy_accepted(actor, environment, None)


@service
def team_deploy(*, actor: User, environment: Environment, team: Team) -> Deployment:
    """Deploy a team's accepted config, whatever its plan is: for the platform team, after an import."""
    return _deploy_accepted(actor, environment, team)


def _deploy_accepted(actor: User, environment: Environment, team: Team | None) -> Deployment:
    require(can_manage_platform(actor))
    revision = latest_revision(environment, team)
    if revision is None:
        raise NotFound(f"Nothing is accepted for {environment.name}/{team.slug if team else 'base'} yet.")
    return deployment_create(actor=actor, revision=revision, change_request=None)


@service
def deployment_retry(*, actor: User, deployment: Deployment) -> Deployment:
    """Try again: a new deployment of the same revision. Whoever is of the platform team lets any plan go.

    One that is half done or stuck is not over: it is looked at again at once, and stays the same deployment.
    """
    require(can_retry(actor, deployment))
    deployment.refresh_from_db(from_queryset=Deployment.objects.select_for_update())
    if deployment.state in (DeploymentState.HALF, DeploymentState.STUCK):
        return _look_again(actor, deployment)
    if deployment.state not in RETRYABLE_DEPLOYMENT_STATES:
        raise WrongState(
            f"Deployment {deployment.pk} is {deployment.state_choice.label}: there is nothing to try again."
        )
    latest = latest_revision(deployment.environment, deployment.team)
    if latest is None or latest.pk != deployment.revision_id:
        raise WrongState(
            f"Revision {deployment.revision.number} was followed by another one; deploy that one instead.",
        )
    if latest.deployments.exclude(pk=deployment.pk).filter(pk__gt=deployment.pk).exists():
        raise WrongState(f"Deployment {deployment.pk} was tried again already.")
    change_request = deployment.change_request
    if change_request is not None and change_request.state == ChangeRequestState.OUT_OF_SYNC:
        change_request_move(
            change_request=change_request, act=Act.DEPLOYMENT_RETRY, actor=actor, reason="deployed again"
        )
    anything_goes = standing_of(actor).is_platform
    again = deployment_create(
        actor=actor,
        revision=deployment.revision,
        change_request=change_request,
        approved_fingerprint="" if anything_goes else deployment.approved_fingerprint,
        approved_plan=deployment.plan,
        emergency_reason=deployment.emergency_reason,
        given_up=deployment.given_up,
    )
    audit_write(
        actor=actor,
        kind=AuditKind.DEPLOYMENT_RETRIED,
        deployment=deployment,
        sentence=f"{actor_name(actor)} tried deployment {deployment.pk} again, as deployment {again.pk}.",
    )
    return again


def _look_again(actor: User, deployment: Deployment) -> Deployment:
    now = database_now()
    if deployment.record:
        record_apply(deployment, hurried(record_of(deployment), now))
    deployment.next_tick_at = now
    deployment.save(update_fields=["next_tick_at", "record"])
    audit_write(
        actor=actor,
        kind=AuditKind.DEPLOYMENT_RETRIED,
        deployment=deployment,
        sentence=f"{actor_name(actor)} asked deployment {deployment.pk} of {_scope(deployment)} to go on at once.",
    )
    enqueue_after_commit(_TICK, deployment.pk)
    return deployment


@service
def deployment_cancel(*, actor: User, deployment: Deployment) -> Deployment:
    """Give it up: at once while it waits; else the engine stops where nothing is left half done."""
    require(can_cancel(actor, deployment))
    deployment.refresh_from_db(from_queryset=Deployment.objects.select_for_update())
    if deployment.is_finished:
        raise WrongState(f"Deployment {deployment.pk} is {deployment.state_choice.label} already.")
    now = database_now()
    deployment.cancel_requested_at = deployment.cancel_requested_at or now
    if deployment.state == DeploymentState.QUEUED:
        deployment.state = DeploymentState.CANCELLED
        deployment.sentence = f"Cancelled by {actor_name(actor)} before it began; nothing was touched."
        deployment.finished_at = now
        deployment.next_tick_at = None
    else:
        deployment.next_tick_at = now
    deployment.save()
    audit_write(
        actor=actor,
        kind=AuditKind.DEPLOYMENT_CANCELLED,
        deployment=deployment,
        sentence=f"{actor_name(actor)} cancelled deployment {deployment.pk} of {_scope(deployment)}.",
    )
    enqueue_after_commit(_TICK, deployment.pk)
    return deployment


@service
def deployment_continue_rollback(*, actor: User, deployment: Deployment, reason: str) -> Deployment:
    """Ask CloudFormation to go on with a rollback that failed; the next tick does, where the stack still stands so.

    It is one try, without resources to skip: what is skipped is out of step with its template ever after.
    """
    require(can_manage_platform(actor))
    deployment.refresh_from_db(from_queryset=Deployment.objects.select_for_update())
    if deployment.state != DeploymentState.STUCK:
        label = deployment.state_choice.label
        raise WrongState(f"Deployment {deployment.pk} is {label}: it has no rollback to go on with.")
    said = required_text(reason, field="reason", longest=1000)
    deployment.rollback_requested_at = deployment.next_tick_at = database_now()
    deployment.save(update_fields=["rollback_requested_at", "next_tick_at"])
    audit_write(
        actor=actor,
        kind=AuditKind.ROLLBACK_CONTINUED,
        deployment=deployment,
        sentence=f"{actor_name(actor)} let the rollback of {_scope(deployment)} go on: {said}",
    )
    enqueue_after_commit(_TICK, deployment.pk)
    return deployment


def _scope(deployment: Deployment) -> str:
    return f"{deployment.environment.name}/{deployment.team.slug if deployment.team else 'base'}"
