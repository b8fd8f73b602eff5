"""Asking for checks and a plan, and running them: one row per run, on one document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from deploy_engine.config import Subject
from deploy_engine.planning import plan_to_record
from replication.choices import LIVE_CHECK_RUN_STATES, AuditKind, CheckRunState
from replication.database_clock import database_now
from replication.errors import WrongState
from replication.models import ChangeRequest, CheckRun
from replication.policies import can_request_checks, require
from replication.selectors.scopes import subject_of
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.engine import judge_with_aws
from replication.services.enqueue import enqueue_after_commit
from replication.services.service import service
from replication.services.settling import change_request_settle

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from deploy_engine.adapters.verdict import Verdict as EngineVerdict

    Judge = Callable[[Subject], EngineVerdict]

log = structlog.get_logger(__name__)

LOST_AFTER = timedelta(seconds=90)
"""A run that began longer ago than this has lost its worker (Celery's hard limit is 60 s) and is taken up again."""

WAITED_FOR = frozenset({"load.not-interrupted"})
"""Checks whose failure a deployment waits out, with all tasks running: it is merged armed, and goes by itself."""

MOST_ATTEMPTS = 3
"""So often is a run begun before it is given up as one that could not run."""


@service
def checks_request(*, actor: User, change_request: ChangeRequest) -> CheckRun:
    """Run all checks and the plan again, on the document as it is now."""
    require(can_request_checks(actor, change_request))
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    if not change_request.is_open:
        raise WrongState(f"#{change_request.number} is {change_request.state_choice.label}: its checks are over.")
    run = check_run_create(change_request=change_request, actor=actor)
    audit_write(
        actor=actor,
        kind=AuditKind.CHECKS_REQUESTED,
        change_request=change_request,
        sentence=f"{actor_name(actor)} asked for the checks of #{change_request.number} again.",
    )
    return run


def check_run_create(*, change_request: ChangeRequest, actor: User | None) -> CheckRun:
    """A new run for the document as it is now; runs that are still under way are overtaken. Part of other services."""
    now = database_now()
    for overtaken in change_request.check_runs.select_for_update().filter(state__in=LIVE_CHECK_RUN_STATES):
        overtaken.state = CheckRunState.OVERTAKEN
        overtaken.finished_at = now
        overtaken.save()
    run = CheckRun(
        change_request=change_request,
        document_hash=change_request.document_hash,
        requested_by=actor,
        requested_by_name=actor_name(actor),
        requested_at=now,
    )
    run.full_clean()
    run.save()
    enqueue_after_commit("replication.check_run", run.pk)
    return run


def checks_run(*, check_run_id: int, judge: Judge = judge_with_aws) -> None:
    """Run the checks and the plan of one row; a row that somebody else runs, or that is over, is left alone.

    AWS that cannot be reached is a verdict that blocks. Anything else that breaks off is tried again by the watchdog,
    and after `MOST_ATTEMPTS` the run says that it could not run.
    """
    run = _claim(check_run_id)
    if run is None:
        return
    try:
        verdict = judge(subject_of(run.change_request))
    except Exception as error:
        log.exception("check_run.broke_off", check_run=check_run_id)
        _give_back(run, error)
        return
    _finish(run, verdict)


@transaction.atomic
def _claim(check_run_id: int) -> CheckRun | None:
    now = database_now()
    run = (
        CheckRun.objects.select_for_update(of=("self",))
        .select_related("change_request__environment", "change_request__team")
        .get(pk=check_run_id)
    )
    lost = run.state == CheckRunState.RUNNING and run.started_at is not None and run.started_at < now - LOST_AFTER
    if run.state != CheckRunState.PENDING and not lost:
        return None
    run.state = CheckRunState.RUNNING
    run.started_at = now
    run.attempts += 1
    run.save()
    return run


@transaction.atomic
def _give_back(run: CheckRun, error: Exception) -> None:
    run = CheckRun.objects.select_for_update().get(pk=run.pk)
    if run.state != CheckRunState.RUNNING:
        return
    run.error = f"{type(error).__name__}: {error}"
    given_up = run.attempts >= MOST_ATTEMPTS
    run.state = CheckRunState.COULD_NOT_RUN if given_up else CheckRunState.PENDING
    run.finished_at = database_now() if given_up else None
    run.save()
    if given_up:
        _after(run, f"The checks of #{run.change_request_id} could not run: {run.error}")


@transaction.atomic
def _finish(run: CheckRun, verdict: EngineVerdict) -> None:
    run = CheckRun.objects.select_for_update().get(pk=run.pk)
    if run.state != CheckRunState.RUNNING:
        return
    run.state = CheckRunState.DONE
    run.finished_at = database_now()
    run.results = [result.as_json() for result in verdict.results]
    run.refusals = [finding.as_json() for finding in verdict.refusals]
    run.plan = plan_to_record(verdict.plan) if verdict.plan is not None else None
    run.fingerprint = verdict.plan.fingerprint if verdict.plan is not None else ""
    run.blocks = _blocks(verdict)
    run.error = ""
    run.save()
    words = "block it" if run.blocks else "let it pass"
    _after(run, f"The checks of #{run.change_request_id} have run and {words}.")


def _blocks(verdict: EngineVerdict) -> bool:
    """Whether it may not be merged. A full load that runs now is none of that: the deployment waits for its end."""
    if verdict.plan is None or verdict.refusals:
        return True
    return any(result.blocks and (result.could_not_run or result.check not in WAITED_FOR) for result in verdict.results)


def _after(run: CheckRun, sentence: str) -> None:
    change_request = ChangeRequest.objects.select_for_update().get(pk=run.change_request_id)
    audit_write(
        actor=None,
        kind=AuditKind.CHECKS_FINISHED,
        change_request=change_request,
        subject=run,
        sentence=sentence,
        data={"blocks": run.blocks, "fingerprint": run.fingerprint, "state": run.state},
    )
    change_request_settle(change_request=change_request)
