"""Advancing a deployment: a short tick each time, by whoever comes along; the row and AWS are all that is remembered.

A deployment waits in *queued* until the older ones of its stack are over. Then a fresh plan is made and held against
the approved one; only if it does nothing that was not approved does the engine take it on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from deploy_engine.config import Subject
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import State, Why
from deploy_engine.planning import EffectKind, Plan, plan_from_record, plan_to_record
from replication.choices import TERMINAL_DEPLOYMENT_STATES, DeploymentState
from replication.database_clock import database_now
from replication.deployments import record_apply
from replication.models import Deployment
from replication.selectors.carried import plans_approved_with
from replication.selectors.scopes import subject_of_deployment
from replication.services.deployment_news import deployment_tell
from replication.services.engine import executor_tick, failures, judge_with_aws
from replication.services.enqueue import enqueue_after_commit
from replication.services.successors import half_give_way

if TYPE_CHECKING:
    from deploy_engine.adapters.verdict import Verdict as EngineVerdict

    Judge = Callable[[Subject], EngineVerdict]
    Ticker = Callable[[Deployment], float | None]

log = structlog.get_logger(__name__)

WAIT_FOR_TURN = timedelta(seconds=5)
WAIT_FOR_WORLD = timedelta(seconds=10)
"""Between two looks at a world that is not ready: AWS away, a full load running, the stack busy."""

PASSING_CHECKS = frozenset({"load.not-interrupted", "stack.stable", "base.deployed"})
"""Checks whose failure goes away by itself: the deployment waits instead of ending."""

HARMLESS = frozenset({EffectKind.PAUSE, EffectKind.RESUME, EffectKind.DELETE_STACK})
BROKEN_TICK_WAIT = timedelta(seconds=15)
BROKEN_TICKS_UNTIL_STUCK = 5
"""After so many ticks in a row that broke off, people are told that it needs one of them; ticks go on."""


def deployment_tick(
    *,
    deployment_id: int,
    judge: Judge = judge_with_aws,
    ticker: Ticker = executor_tick,
) -> float | None:
    """One tick; gives after how many seconds the next one is due, or None when nothing is left to do."""
    deployment = Deployment.objects.select_related("environment", "team", "revision", "change_request").get(
        pk=deployment_id
    )
    if deployment.is_finished:
        deployment_tell(deployment_id=deployment_id)
        return None
    try:
        wait = ticker(deployment) if deployment.record else _begin(deployment, judge)
    except Exception as error:
        log.exception("deployment_tick.broke_off", deployment=deployment_id)
        wait = _broke_off(deployment_id, error)
    deployment_tell(deployment_id=deployment_id)
    return wait


def _begin(deployment: Deployment, judge: Judge) -> float | None:
    older = _older(deployment, (deployment.stack,))
    if older is not None and not half_give_way(half=older, successor=deployment):
        return _wait(deployment, WAIT_FOR_TURN, _waits_for(older, deployment))
    verdict = judge(subject_of_deployment(deployment))
    if verdict.plan is None or verdict.blocks:
        return _blocked(deployment, verdict)
    surprise = surprise_of(deployment, verdict.plan)
    if surprise:
        return _refuse(deployment, surprise)
    older = _older(deployment, verdict.plan.claims)
    if older is not None:
        return _wait(deployment, WAIT_FOR_TURN, _waits_for(older, deployment))
    return _hand_over(deployment, verdict.plan)


def _older(deployment: Deployment, stacks: tuple[str, ...]) -> Deployment | None:
    """The first older deployment that is not over and needs one of ``stacks``: its own, or as the base every team's.

    The journal keeps any two from touching a stack at once; this keeps the order, so that none waits for ever.
    """
    older = Deployment.objects.select_related("team").filter(environment=deployment.environment, pk__lt=deployment.pk)
    for other in older.exclude(state__in=TERMINAL_DEPLOYMENT_STATES).order_by("id"):
        wide = other.plan.get("locks", ()) if other.team is None and other.plan else ()
        if not {other.stack, *wide}.isdisjoint(stacks):
            return other
    return None


def _waits_for(older: Deployment, deployment: Deployment) -> str:
    if older.stack == deployment.stack:
        return f"Waits for deployment {older.pk} of the same stack."
    if older.team is None:
        return f"Waits for deployment {older.pk} of the base stack, which stops the tasks of every team."
    return f"Waits for deployment {older.pk} of {older.team.slug}: this one stops the tasks of every team."


def _blocked(deployment: Deployment, verdict: EngineVerdict) -> float | None:
    wrong = [result for result in verdict.results if result.blocks and not result.could_not_run]
    said = [finding for result in wrong for finding in result.findings] or failures(verdict)
    reasons = [finding.message for finding in (*said, *verdict.refusals)] or ["a check blocks it"]
    passing = all(result.check in PASSING_CHECKS for result in wrong)
    if passing and (wrong or verdict.could_not_run):
        return _wait(deployment, WAIT_FOR_WORLD, f"Waits: {reasons[0]}")
    return _refuse(deployment, f"Refused before anything was touched: {reasons[0]}")


def surprise_of(deployment: Deployment, fresh: Plan) -> str:
    """What the fresh plan does that nobody approved, in a sentence; empty where there is nothing such.

    The same fingerprint is always fine. A plan that went stale because an older deployment of the stack ended meanwhile
    may do less than what was approved, never more.
    """
    if not deployment.approved_fingerprint or fresh.fingerprint == deployment.approved_fingerprint:
        return ""
    approved = [plan_from_record(deployment.plan)] if deployment.plan else []
    approved += plans_approved_with(deployment)
    known = {(effect.kind, effect.task, effect.table) for plan in approved for effect in plan.side_effects}
    for effect in fresh.side_effects:
        if effect.kind not in HARMLESS and (effect.kind, effect.task, effect.table) not in known:
            return (
                f"Refused before anything was touched: the plan is no longer the approved one. New in it: "
                f"{effect.message}"
            )
    return ""


@transaction.atomic
def _hand_over(deployment: Deployment, plan: Plan) -> float:
    """Give the deployment to the engine; the next tick is the engine's."""
    row = Deployment.objects.select_for_update().get(pk=deployment.pk)
    if row.record or row.is_finished:
        return 0.0
    now = database_now()
    row.plan = plan_to_record(plan)
    message = "Waits to begin."
    record_apply(row, DeploymentRecord(row.run, plan, State.QUEUED, 0, Why.GO, now, now, message=message))
    row.save()
    enqueue_after_commit("replication.deployment_tick", row.pk)
    return 0.0


@transaction.atomic
def _wait(deployment: Deployment, time: timedelta, sentence: str) -> float:
    row = Deployment.objects.select_for_update().get(pk=deployment.pk)
    if not row.is_finished:
        row.sentence = sentence
        row.next_tick_at = database_now() + time
        row.save()
    return time.total_seconds()


@transaction.atomic
def _refuse(deployment: Deployment, sentence: str) -> None:
    row = Deployment.objects.select_for_update().get(pk=deployment.pk)
    if not row.is_finished:
        row.state = DeploymentState.REFUSED
        row.sentence = sentence
        row.finished_at = database_now()
        row.next_tick_at = None
        row.save()


@transaction.atomic
def _broke_off(deployment_id: int, error: Exception) -> float:
    """A tick that raised is a defect, or the database's trouble: try again, and keep what was said for people."""
    row = Deployment.objects.select_for_update().get(pk=deployment_id)
    row.attempts += 1
    if row.attempts >= BROKEN_TICKS_UNTIL_STUCK and row.state == DeploymentState.RUNNING:
        row.state = DeploymentState.STUCK
    row.sentence = f"The last tick broke off and is tried again: {type(error).__name__}: {error}"
    row.next_tick_at = database_now() + BROKEN_TICK_WAIT
    row.save()
    return BROKEN_TICK_WAIT.total_seconds()


def deployments_due(now: datetime) -> list[int]:
    """Keys of the deployments whose next tick is due, the oldest first, and of those whose end was not told yet."""
    due = Deployment.objects.filter(next_tick_at__lte=now).exclude(state__in=TERMINAL_DEPLOYMENT_STATES)
    untold = Deployment.objects.filter(state__in=TERMINAL_DEPLOYMENT_STATES).exclude(
        told_state__in=TERMINAL_DEPLOYMENT_STATES
    )
    return [*due.order_by("next_tick_at").values_list("pk", flat=True), *untold.values_list("pk", flat=True)]
