"""Everything that the page of a deployment shows, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_engine.config.physical_names import dms_name
from deploy_engine.planning import Load, Plan, plan_from_record
from replication.choices import LIVE_DEPLOYMENT_STATES, DeploymentState
from replication.errors import NotFound
from replication.models import Deployment, JournalEntry, TableEntry, Task
from replication.policies import Decision, can_cancel, can_manage_platform, can_retry

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ROLLBACK_FAILED = "UPDATE_ROLLBACK_FAILED"
RETRYABLE: tuple[str, ...] = (DeploymentState.REFUSED, DeploymentState.FAILED_SAFE, DeploymentState.CANCELLED)
"""Ends after which the same revision may be deployed again."""


@dataclass(frozen=True)
class DeploymentPage:
    """The run, its plan and journal, its tasks and tables as they were last seen, and what fits now."""

    deployment: Deployment
    plan: Plan | None
    journal: tuple[JournalEntry, ...]
    tasks: dict[str, Task]
    """The plan's tasks by DMS name, as far as they are still in the config; `status` joined."""
    entries: dict[str, TableEntry]
    """The tables that the plan loads, by identity; `status` and `task.status` joined."""
    waits_for: Deployment | None
    later: Deployment | None
    retry: Decision
    cancel: Decision
    continue_rollback: Decision

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """Every table that the plan makes load, in order."""
        return tuple(load for step in self.plan.steps for load in step.loads) if self.plan is not None else ()


def deployment_by_key(key: int) -> Deployment:
    """The deployment with its scope, revision and change request; raises `NotFound`."""
    found = (
        Deployment.objects.filter(pk=key)
        .select_related("environment", "team", "revision", "change_request")
        .defer("revision__document", "revision__ledger", "change_request__document", "record")
        .first()
    )
    if found is None:
        raise NotFound(f"There is no deployment {key}.")
    return found


def deployment_page(*, actor: User, deployment: Deployment) -> DeploymentPage:
    """Read the page of `deployment` for `actor`."""
    plan = plan_from_record(deployment.plan) if deployment.plan else None
    later = Deployment.objects.filter(stack=deployment.stack, pk__gt=deployment.pk).order_by("pk").first()
    return DeploymentPage(
        deployment=deployment,
        plan=plan,
        journal=tuple(deployment.journal.order_by("sequence")),
        tasks=_tasks(deployment, plan),
        entries=_entries(deployment, plan),
        waits_for=_waits_for(deployment),
        later=later,
        retry=_retry(actor, deployment, later),
        cancel=_cancel(actor, deployment),
        continue_rollback=_continue_rollback(actor, deployment),
    )


def _continue_rollback(actor: User, deployment: Deployment) -> Decision:
    """Offered while CloudFormation stands in a rollback that failed, which the engine's sentence says."""
    if deployment.state != DeploymentState.STUCK or ROLLBACK_FAILED not in deployment.sentence:
        return Decision(False, "")
    return can_manage_platform(actor)


def _tasks(deployment: Deployment, plan: Plan | None) -> dict[str, Task]:
    if plan is None or deployment.team is None:
        return {}
    names = {name for step in plan.steps for name in (*step.pause, *step.resume, *step.start, *step.stay_stopped)}
    rows = Task.objects.filter(setup__team=deployment.team, setup__environment=deployment.environment)
    found = {dms_name(deployment.team.slug, row.name): row for row in rows.select_related("status")}
    return {name: row for name, row in sorted(found.items()) if name in names}


def _entries(deployment: Deployment, plan: Plan | None) -> dict[str, TableEntry]:
    if plan is None or deployment.team is None:
        return {}
    wanted = {(load.table, load.version) for step in plan.steps for load in step.loads}
    rows = TableEntry.objects.filter(
        task__setup__team=deployment.team,
        environment=deployment.environment,
        version__in={version for _, version in wanted},
    ).select_related("status", "task__status")
    return {row.identity: row for row in rows if (row.identity, row.version) in wanted}


def _waits_for(deployment: Deployment) -> Deployment | None:
    if deployment.state != DeploymentState.QUEUED:
        return None
    ahead = Deployment.objects.filter(stack=deployment.stack, pk__lt=deployment.pk)
    return ahead.filter(state__in=(*LIVE_DEPLOYMENT_STATES, DeploymentState.QUEUED)).order_by("pk").first()


def _retry(actor: User, deployment: Deployment, later: Deployment | None) -> Decision:
    if deployment.state not in RETRYABLE:
        return Decision(False, "")
    if later is not None:
        return Decision(False, f"Deployment {later.pk} came after it.")
    return can_retry(actor, deployment)


def _cancel(actor: User, deployment: Deployment) -> Decision:
    if deployment.is_finished:
        return Decision(False, "")
    if deployment.cancel_requested_at is not None:
        return Decision(False, "It was asked to stop, and does so where nothing is left half done.")
    if deployment.state == DeploymentState.HALF or (deployment.state == DeploymentState.STUCK and deployment.step):
        return Decision(False, "Its first step is done; it goes on to the last one.")
    return can_cancel(actor, deployment)
