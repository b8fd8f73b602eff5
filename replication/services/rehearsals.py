"""Asking for a rehearsal, and running it: one row per rehearsal, of one document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from deploy_engine.execution.rehearsal import RehearsalOutcome, RehearsalResult
from deploy_engine.execution.rehearsed_faults import RehearsedFault, faults_of
from deploy_engine.planning import Plan
from replication.choices import LIVE_REHEARSAL_STATES, AuditKind, RehearsalState
from replication.database_clock import database_now
from replication.errors import InvalidInput, WrongState
from replication.models import ChangeRequest, Rehearsal
from replication.policies import can_rehearse, require
from replication.selectors.approvals import plan_of
from replication.selectors.check_runs import current_check_run
from replication.selectors.rehearsal_order import RehearsalOrder, rehearsal_order
from replication.selectors.rehearsals import rehearsable, rehearsal_newest
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.enqueue import enqueue_after_commit
from replication.services.inputs import input_finding
from replication.services.rehearsal_program import rehearsal_program
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Program = Callable[[RehearsalOrder, Callable[[str], None]], RehearsalResult]

log = structlog.get_logger(__name__)

PROGRAM_SECONDS = 300.0
"""How long the engine's command may take in all; it gives up by itself before that."""

LOST_AFTER = timedelta(seconds=PROGRAM_SECONDS + 60)
"""A rehearsal that began longer ago than this has lost its worker and is taken up again."""

MOST_ATTEMPTS = 2
"""Workers are lost with what kills them: a rehearsal is not begun a third time."""

_STATES = {
    RehearsalOutcome.PASSED: RehearsalState.PASSED,
    RehearsalOutcome.FAILED: RehearsalState.FAILED,
    RehearsalOutcome.COULD_NOT_RUN: RehearsalState.COULD_NOT_RUN,
}


def run_program(order: RehearsalOrder, tell: Callable[[str], None]) -> RehearsalResult:
    """The engine's command, for as long as it may take."""
    return rehearsal_program(order, tell, seconds=PROGRAM_SECONDS)


@service
def rehearsal_request(*, actor: User, change_request: ChangeRequest, fault: str = "") -> Rehearsal:
    """Try the document as it is now in a local AWS, where `fault` (`update-fails@1`) goes wrong.

    Rehearsals of earlier versions that still run are overtaken.
    """
    require(can_rehearse(actor, change_request))
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    run = current_check_run(change_request)
    possible = rehearsable(change_request, run, plan_of(run), rehearsal_newest(change_request))
    if run is None or not possible:
        raise WrongState(f"#{change_request.number} cannot be rehearsed: {possible.reason}")
    fault = _fault_read(fault, plan_of(run))
    now = database_now()
    for earlier in change_request.rehearsals.select_for_update().filter(state__in=LIVE_REHEARSAL_STATES):
        earlier.state, earlier.finished_at = RehearsalState.OVERTAKEN, now
        earlier.save()
    rehearsal = Rehearsal(
        change_request=change_request,
        check_run=run,
        document_hash=change_request.document_hash,
        fault=fault,
        requested_by=actor,
        requested_by_name=actor_name(actor),
        requested_at=now,
    )
    rehearsal.full_clean()
    rehearsal.save()
    audit_write(
        actor=actor,
        kind=AuditKind.REHEARSAL_REQUESTED,
        change_request=change_request,
        subject=rehearsal,
        sentence=f"{actor_name(actor)} asked for a rehearsal of #{change_request.number} in a local AWS"
        f"{f', with a fault: {RehearsedFault.parse(fault).sentence}' if fault else ''}.",
    )
    enqueue_after_commit("replication.rehearse", rehearsal.pk)
    return rehearsal


def _fault_read(fault: str, plan: Plan | None) -> str:
    """The fault as it is written; `InvalidInput` where it cannot strike this plan."""
    allowed = [str(each) for each in faults_of(plan)] if plan is not None else []
    if fault and fault not in allowed:
        message = f"{fault!r} cannot go wrong in this plan."
        raise InvalidInput([input_finding("fault", message, found=fault, allowed=", ".join(allowed))])
    return fault


def rehearsal_run(*, rehearsal_id: int, program: Program = run_program) -> None:
    """Run one row's rehearsal; one that somebody else runs, that is over or that was overtaken is left alone.

    Nothing that goes wrong is tried again by itself: the result says what it was, and people may ask once more.
    """
    rehearsal = _claim(rehearsal_id)
    if rehearsal is None:
        return
    try:
        order = rehearsal_order(rehearsal)
        result = None if order is None else program(order, lambda words: _tell(rehearsal_id, words))
    except Exception as error:
        log.exception("rehearsal.broke_off", rehearsal=rehearsal_id)
        _finish(rehearsal_id, None, str(error) or type(error).__name__)
        return
    _finish(rehearsal_id, result, "" if result is not None else "Its plan is gone.")


def rehearsals_due(*, late: datetime, now: datetime) -> Iterable[int]:
    """Rehearsals that nobody has begun by `late`, and those whose worker is lost."""
    pending = Rehearsal.objects.filter(state=RehearsalState.PENDING, requested_at__lte=late)
    lost = Rehearsal.objects.filter(state=RehearsalState.RUNNING, started_at__lte=now - LOST_AFTER)
    return (pending | lost).order_by("id").values_list("pk", flat=True)


def _claim(rehearsal_id: int) -> Rehearsal | None:
    with transaction.atomic():
        now = database_now()
        rehearsal = (
            Rehearsal.objects.select_for_update(of=("self",))
            .select_related("change_request__environment", "change_request__team", "check_run")
            .get(pk=rehearsal_id)
        )
        running_since = rehearsal.started_at if rehearsal.state == RehearsalState.RUNNING else None
        lost = running_since is not None and running_since <= now - LOST_AFTER
        if rehearsal.state != RehearsalState.PENDING and not lost:
            return None
        change_request = rehearsal.change_request
        if not change_request.is_open or rehearsal.document_hash != change_request.document_hash:
            rehearsal.state, rehearsal.finished_at = RehearsalState.OVERTAKEN, now
            rehearsal.save()
            return None
        given_up = rehearsal.attempts >= MOST_ATTEMPTS
        if not given_up:
            rehearsal.state, rehearsal.started_at = RehearsalState.RUNNING, now
            rehearsal.attempts += 1
            rehearsal.save()
    if given_up:
        _finish(rehearsal_id, None, f"Its worker was lost {MOST_ATTEMPTS} times.")
        return None
    return rehearsal


@transaction.atomic
def _tell(rehearsal_id: int, words: str) -> None:
    rehearsal = Rehearsal.objects.select_for_update().get(pk=rehearsal_id)
    if rehearsal.state == RehearsalState.RUNNING:
        rehearsal.progress = words[:200]
        rehearsal.save()


@transaction.atomic
def _finish(rehearsal_id: int, result: RehearsalResult | None, error: str) -> None:
    rehearsal = Rehearsal.objects.select_for_update().get(pk=rehearsal_id)
    if rehearsal.state != RehearsalState.RUNNING:
        return
    rehearsal.state = _STATES[result.outcome] if result is not None else RehearsalState.COULD_NOT_RUN
    rehearsal.result = result.as_json() if result is not None else None
    rehearsal.error = error
    rehearsal.finished_at = database_now()
    rehearsal.save()
    audit_write(
        actor=None,
        kind=AuditKind.REHEARSAL_FINISHED,
        change_request=rehearsal.change_request,
        subject=rehearsal,
        sentence=f"The simulated rehearsal of #{rehearsal.change_request_id} ended: {rehearsal.state_choice.label}.",
        data={"state": rehearsal.state, "fingerprint": result.fingerprint if result is not None else ""},
    )
