"""The watchdog: whatever a lost message, a killed worker or an absent broker left lying is found and done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Event

import structlog
from django.conf import settings

from replication.choices import CheckRunState, OutboxState, WatchdogPart
from replication.configuration import observe_seconds
from replication.database_clock import database_now
from replication.models import CheckRun, OutboxItem
from replication.services.checks import LOST_AFTER, checks_run
from replication.services.deployment_ticks import deployment_tick, deployments_due
from replication.services.forgotten_tasks import forgotten_tasks_sweep
from replication.services.git_comparing import git_compare_run
from replication.services.git_export import git_export_run
from replication.services.git_push import git_push_run
from replication.services.observing import environment_observe, environments_due
from replication.services.pause_watch import pauses_watch
from replication.services.proposals import proposals_run
from replication.services.rehearsals import rehearsal_run, rehearsals_due
from replication.services.signs_of_life import sign_of_life_give
from replication.services.standing_still import standing_still_sweep

log = structlog.get_logger(__name__)

OVERDUE_AFTER = timedelta(seconds=5)
"""Rows are the workers' for this long after they are due; then the watchdog takes them up."""

LIST_ALL_SECONDS = 300.0
"""How often all tasks of an environment are listed, known ones or not; first when the watchdog begins."""

SHORTEST_WAIT_SECONDS = 0.05


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
    now = database_now()
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
    for deployment_id in overdue.deployments:
        deployment_tick(deployment_id=deployment_id)
    for errand in errands(overdue, look=look):
        errand()
    return overdue


def errands(overdue: Overdue, *, look: bool = True) -> Iterator[Callable[[], object]]:
    """Everything overdue but the deployments, as calls: each may take seconds, a rehearsal minutes."""
    if overdue.git_export:
        yield git_export_run
    if settings.GIT_REMOTE_URL:
        yield git_push_run
        yield proposals_run
    yield git_compare_run
    for environment_id in overdue.environments if look else ():
        yield partial(environment_observe, environment_id=environment_id)
    for check_run_id in overdue.check_runs:
        yield partial(checks_run, check_run_id=check_run_id)
    for rehearsal_id in overdue.rehearsals:
        yield partial(rehearsal_run, rehearsal_id=rehearsal_id)


def alarms_watch(*, list_all: bool = True) -> None:
    """Whatever stands still for too long, or although it should run, is started again or told.

    With `list_all` also what this database knows nothing of, which costs a listing of each environment's tasks.
    """
    pauses_watch()
    standing_still_sweep()
    if list_all:
        forgotten_tasks_sweep()


@dataclass
class Watchdog:
    """The watchdog's rounds in a process of its own. It needs the database and AWS, and nothing else.

    A deployment that nobody has advanced is taken up and followed at its own pace to its end: with one look every
    `every` seconds its tasks would stand still for as many times that as it has ticks. Whoever else ticks it
    meanwhile does no harm. `stopping` ends the rounds after the tick in hand.
    """

    every: float
    stopping: Event
    tick: Callable[..., float | None] = deployment_tick
    clock: Callable[[], float] = time.monotonic
    alarms: Callable[..., None] = alarms_watch
    _due: dict[int, float] = field(default_factory=dict)

    def follow(self) -> None:
        """Deployments, until stopped."""
        next_search = self.clock()
        while not self.stopping.is_set():
            if self.clock() >= next_search:
                self.search()
                next_search = self.clock() + self.every
            self.advance()
            wait = min([next_search, *self._due.values()]) - self.clock()
            self.stopping.wait(max(wait, SHORTEST_WAIT_SECONDS))

    def search(self) -> None:
        """Take up every deployment that is overdue."""
        for deployment_id in deployments_due(database_now() - OVERDUE_AFTER):
            if deployment_id not in self._due:
                log.info("watchdog.takes_up", deployment=deployment_id)
                self._due[deployment_id] = self.clock()
        sign_of_life_give(part=WatchdogPart.DEPLOYMENTS)

    def advance(self) -> None:
        """One tick of each deployment whose time has come."""
        for deployment_id, due in list(self._due.items()):
            if self.stopping.is_set() or due > self.clock():
                continue
            wait = self.tick(deployment_id=deployment_id)
            if wait is None:
                del self._due[deployment_id]
            else:
                self._due[deployment_id] = self.clock() + min(wait, self.every)

    def alarm(self) -> None:
        """Alarms, until stopped: beside `follow`, in a thread of its own, so that neither waits for the other."""
        next_listing = self.clock()
        while not self.stopping.is_set():
            list_all = self.clock() >= next_listing
            self.alarms(list_all=list_all)
            if list_all:
                next_listing = self.clock() + LIST_ALL_SECONDS
            sign_of_life_give(part=WatchdogPart.ALARMS)
            self.stopping.wait(self.every)

    def run_errands(self) -> None:
        """Everything else that is overdue, until stopped; a rehearsal may take minutes, hence a third thread."""
        while not self.stopping.is_set():
            for errand in errands(overdue_find()):
                if self.stopping.is_set():
                    return
                errand()
            self.stopping.wait(self.every)
