"""The watchdog: whatever a lost message, a killed worker or an absent broker left lying is found and done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.utils import timezone

from replication.choices import CheckRunState, OutboxState
from replication.configuration import observe_seconds
from replication.models import CheckRun, OutboxItem
from replication.services.checks import LOST_AFTER, checks_run
from replication.services.deployment_ticks import deployment_tick, deployments_due
from replication.services.git_export import git_export_run
from replication.services.observing import environment_observe, environments_due
from replication.services.rehearsals import rehearsal_run, rehearsals_due

log = structlog.get_logger(__name__)

OVERDUE_AFTER = timedelta(seconds=5)
"""Rows are the workers' for this long after they are due; then the watchdog takes them up."""


@dataclass(frozen=True)
class Overdue:
    """Keys of rows that nobody has taken up."""

    check_runs: tuple[int, ...]
    deployments: tuple[int, ...]
    git_export: bool
    environments: tuple[int, ...]
    rehearsals: tuple[int, ...]


def overdue_find(*, overdue_after: timedelta = OVERDUE_AFTER) -> Overdue:
    """What lies about now."""
    now = timezone.now()
    late = now - overdue_after
    pending = CheckRun.objects.filter(state=CheckRunState.PENDING, requested_at__lte=late)
    lost = CheckRun.objects.filter(state=CheckRunState.RUNNING, started_at__lte=now - LOST_AFTER)
    return Overdue(
        check_runs=tuple((pending | lost).order_by("id").values_list("pk", flat=True)),
        deployments=tuple(deployments_due(late)),
        git_export=OutboxItem.objects.filter(state=OutboxState.PENDING, next_attempt_at__lte=late).exists(),
        environments=tuple(environments_due(every_seconds=observe_seconds(), now=now)),
        rehearsals=tuple(rehearsals_due(late=late, now=now)),
    )


def reconcile_once(*, overdue_after: timedelta = OVERDUE_AFTER, look: bool = True) -> Overdue:
    """One pass in this process, without broker and worker; gives what was found.

    Where no worker runs, such as in a seeding, `overdue_after` is nothing: whatever is due is done. Without `look`
    environments are not looked at for the pages, where nobody reads any.
    """
    overdue = overdue_find(overdue_after=overdue_after)
    for check_run_id in overdue.check_runs:
        checks_run(check_run_id=check_run_id)
    for rehearsal_id in overdue.rehearsals:
        rehearsal_run(rehearsal_id=rehearsal_id)
    for deployment_id in overdue.deployments:
        deployment_tick(deployment_id=deployment_id)
    if overdue.git_export:
        git_export_run()
    for environment_id in overdue.environments if look else ():
        environment_observe(environment_id=environment_id)
    return overdue
