"""Everything that the page of a deployment shows, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, assert_never

from django.db.models import Min

from deploy_engine.config.physical_names import dms_name
from deploy_engine.execution.states import State, Why
from deploy_engine.planning import Load, Plan, plan_from_record
from replication.choices import LIVE_DEPLOYMENT_STATES, DeploymentState
from replication.deployment_standing import Deed, Standing, standing_in
from replication.errors import NotFound
from replication.models import Deployment, JournalEntry, TableEntry, TableStatus, Task
from replication.policies import Decision, can_cancel, can_manage_platform, can_propose, can_retry
from replication.selectors.health import TaskHealth, task_health, task_status_of
from replication.selectors.pause_budget import PauseBudget, pause_budget

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ROLLBACK_FAILED = "UPDATE_ROLLBACK_FAILED"


@dataclass(frozen=True)
class DeedOffer:
    """Something to do about a deployment, and whether the reader may."""

    deed: Deed
    decision: Decision


@dataclass(frozen=True)
class LoadAhead:
    """A task that loads: how far it is by DMS, and since when."""

    task: str
    percent: int
    began: datetime | None


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
    standing: Standing
    deeds: tuple[DeedOffer, ...]
    """What a person can do now, the one that fits best first."""
    waiting_for_loads: tuple[LoadAhead, ...]
    """The full loads whose end an armed deployment waits for."""
    no_cancel: str
    """Why it cannot be given up, where it cannot; empty once it is over."""
    budget: PauseBudget

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """Every table that the plan makes load, in order."""
        return tuple(load for step in self.plan.steps for load in step.loads) if self.plan is not None else ()


def deployment_by_key(key: int) -> Deployment:
    """The deployment with its scope, revision and change request; raises `NotFound`."""
    found = (
        Deployment.objects.filter(pk=key)
        .select_related("environment", "team", "revision", "change_request")
        .defer("revision__document", "revision__ledger", "change_request__document")
        .first()
    )
    if found is None:
        raise NotFound(f"There is no deployment {key}.")
    return found


def deployment_page(*, actor: User, deployment: Deployment) -> DeploymentPage:
    """Read the page of `deployment` for `actor`."""
    plan = plan_from_record(deployment.plan) if deployment.plan else None
    later = Deployment.objects.filter(stack=deployment.stack, pk__gt=deployment.pk).order_by("pk").first()
    tasks = _tasks(deployment, plan)
    why = Why(deployment.record.get("why", Why.GO))
    standing = standing_in(deployment.state, deployment.phase, why, deployment.step)
    return DeploymentPage(
        deployment=deployment,
        plan=plan,
        journal=tuple(deployment.journal.order_by("sequence")),
        tasks=tasks,
        entries=_entries(deployment, plan),
        waits_for=_waits_for(deployment),
        later=later,
        standing=standing,
        waiting_for_loads=_waiting_for_loads(deployment, tasks),
        deeds=_deeds(actor, deployment, standing, later),
        no_cancel=_no_cancel(deployment, standing),
        budget=pause_budget(deployment.environment, deployment.team),
    )


def _deeds(actor: User, deployment: Deployment, standing: Standing, later: Deployment | None) -> tuple[DeedOffer, ...]:
    """What the table offers in this state, with who may do it; nothing that leads nowhere."""
    offers = []
    rollback_failed = ROLLBACK_FAILED in deployment.sentence
    for deed in standing.deeds:
        if deed is (Deed.GO_ON if rollback_failed else Deed.CONTINUE_ROLLBACK):
            continue  # another look mends no rollback, and there is none to go on with elsewhere
        if deed is Deed.CANCEL and deployment.cancel_requested_at is not None:
            continue
        if deed is Deed.TRY_AGAIN and later is not None:
            continue
        if deed is Deed.NEW_VERSION and deployment.team is None:
            continue
        offers.append(DeedOffer(deed, _may(actor, deployment, deed)))
    return tuple(offers)


def _may(actor: User, deployment: Deployment, deed: Deed) -> Decision:
    match deed:
        case Deed.CANCEL:
            return can_cancel(actor, deployment)
        case Deed.TRY_AGAIN | Deed.GO_ON:
            return can_retry(actor, deployment)
        case Deed.NEW_VERSION:
            return can_propose(actor, deployment.environment, deployment.team)
        case Deed.CONTINUE_ROLLBACK:
            return can_manage_platform(actor)
        case _:
            assert_never(deed)


def _no_cancel(deployment: Deployment, standing: Standing) -> str:
    if deployment.is_finished:
        return ""
    if deployment.cancel_requested_at is not None:
        return "It was asked to stop, and does so where nothing is left half done."
    return standing.no_cancel


def _tasks(deployment: Deployment, plan: Plan | None) -> dict[str, Task]:
    """The base stack's plan touches the tasks of every team."""
    if plan is None:
        return {}
    names = {name for step in plan.steps for name in (*step.pause, *step.resume, *step.start, *step.stay_stopped)}
    rows = Task.objects.filter(setup__environment=deployment.environment).select_related("status", "setup__team")
    if deployment.team is not None:
        rows = rows.filter(setup__team=deployment.team)
    found = {dms_name(row.setup.team.slug, row.name): row for row in rows}
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


def _waiting_for_loads(deployment: Deployment, tasks: dict[str, Task]) -> tuple[LoadAhead, ...]:
    armed = deployment.state == DeploymentState.QUEUED or deployment.phase == State.GUARD
    loading = {name: task for name, task in tasks.items() if armed and task_health(task) is TaskHealth.LOADING}
    if not loading:
        return ()
    statuses = TableStatus.objects.filter(entry__task__in=loading.values(), full_load_ended_at__isnull=True)
    began = dict(statuses.values_list("entry__task").annotate(began=Min("full_load_started_at")))
    return tuple(
        LoadAhead(name, status.full_load_percent, began.get(task.pk))
        for name, task in loading.items()
        if (status := task_status_of(task)) is not None
    )


def _waits_for(deployment: Deployment) -> Deployment | None:
    if deployment.state != DeploymentState.QUEUED:
        return None
    ahead = Deployment.objects.filter(stack=deployment.stack, pk__lt=deployment.pk)
    return ahead.filter(state__in=(*LIVE_DEPLOYMENT_STATES, DeploymentState.QUEUED)).order_by("pk").first()
