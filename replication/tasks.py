"""Celery's interface to the domain: each task fetches nothing itself and calls one service.

A message only says where to look. Whoever can write to the broker can cause a look, and nothing else.
"""

from __future__ import annotations

import threading
from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_init, worker_shutting_down
from django.db import DatabaseError, connection

from replication.database_clock import database_now
from replication.models import Deployment, Environment
from replication.services.checks import checks_run
from replication.services.deployment_ticks import deployment_tick as tick
from replication.services.engine import engine_warm_up
from replication.services.enqueue import enqueue_now
from replication.services.git_comparing import git_compare_run
from replication.services.git_export import git_export_run
from replication.services.git_push import git_push_run
from replication.services.handing_over import LONGEST_COUNTDOWN_SECONDS, deployments_hand_over
from replication.services.observing import environment_observe
from replication.services.proposals import proposals_run
from replication.services.quotas import environment_quotas_observe
from replication.services.rehearsals import PROGRAM_SECONDS, rehearsal_run
from replication.services.retired_folders import retired_folders_count
from replication.services.source_listings import source_listing_read
from replication.services.watchdog import overdue_find

log = structlog.get_logger(__name__)

EARLY_SECONDS = 0.5
REHEARSAL_MARGIN_SECONDS = 15.0
"""After its program's time is over, a rehearsal ends by itself; the worker ends it only where even that hangs."""


@worker_init.connect
def _warm_up(**_signal: Any) -> None:
    """Once, before the worker's processes are forked: so that nobody's first checks wait for libraries."""
    engine_warm_up()


@worker_shutting_down.connect
def _hand_over(**_signal: Any) -> None:
    """The worker was told to end: it finishes what it has in hand, and others go on with its deployments meanwhile.

    In a thread, for this is called within the handler of the process's signal, whatever was just going on there.
    """
    threading.Thread(target=_handed_over, daemon=True).start()


def _handed_over() -> None:
    try:
        deployments_hand_over()
    except DatabaseError as error:
        log.warning("hand_over.failed", error=str(error), remedy="the watchdog finds the rows")
    finally:
        connection.close()


@shared_task(name="replication.check_run")
def check_run(check_run_id: int) -> None:
    """Run the checks and the plan of one row."""
    checks_run(check_run_id=check_run_id)


@shared_task(name="replication.deployment_tick")
def deployment_tick(deployment_id: int) -> None:
    """Tick, and ask to be called again when the next tick is due.

    A call that comes early belongs to a second chain of messages, which ends here: one chain per deployment is enough.
    """
    due = Deployment.objects.values_list("next_tick_at", flat=True).get(pk=deployment_id)
    if due is not None and (due - database_now()).total_seconds() > EARLY_SECONDS:
        return
    wait = tick(deployment_id=deployment_id)
    if wait is not None:
        enqueue_now("replication.deployment_tick", deployment_id, countdown=min(wait, LONGEST_COUNTDOWN_SECONDS))


@shared_task(
    name="replication.rehearse",
    soft_time_limit=PROGRAM_SECONDS + REHEARSAL_MARGIN_SECONDS,
    time_limit=PROGRAM_SECONDS + 2 * REHEARSAL_MARGIN_SECONDS,
)
def rehearse(rehearsal_id: int) -> None:
    """Try one change request in a local AWS; it takes longer than any other task."""
    rehearsal_run(rehearsal_id=rehearsal_id)


@shared_task(name="replication.export_git")
def export_git() -> None:
    """Deliver what waits for git, push it on, read what is proposed on branches, and compare git with the database."""
    git_export_run()
    git_push_run()
    proposals_run()
    git_compare_run()


@shared_task(name="replication.observe_environment")
def observe_environment(environment_id: int) -> None:
    """Look at one environment for the pages."""
    environment_observe(environment_id=environment_id)
    environment_quotas_observe(environment_id=environment_id)


@shared_task(name="replication.find_retired_folders")
def find_retired_folders() -> None:
    """Have the retired folders of each environment counted, some at a time."""
    for environment_id in Environment.objects.values_list("pk", flat=True):
        enqueue_now("replication.count_retired_folders", environment_id)


@shared_task(name="replication.count_retired_folders")
def count_retired_folders(environment_id: int) -> None:
    """Count what lies in some retired folders of one environment."""
    retired_folders_count(environment_id=environment_id)


@shared_task(name="replication.read_source")
def read_source(source_id: int) -> None:
    """List the tables of one source for those who pick from them."""
    source_listing_read(source_id=source_id)


@shared_task(name="replication.reconcile")
def reconcile() -> None:
    """Hand everything that is overdue to the workers; `manage.py reconcile` does it in its own process instead."""
    overdue = overdue_find()
    for check_run_id in overdue.check_runs:
        enqueue_now("replication.check_run", check_run_id)
    for rehearsal_id in overdue.rehearsals:
        enqueue_now("replication.rehearse", rehearsal_id)
    for deployment_id in overdue.deployments:
        enqueue_now("replication.deployment_tick", deployment_id)
    if overdue.git_export:
        enqueue_now("replication.export_git")
    for environment_id in overdue.environments:
        enqueue_now("replication.observe_environment", environment_id)
