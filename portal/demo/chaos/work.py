"""What goes on meanwhile: people propose, approve and merge changes of two teams, one deployment after the other.

They act through the services that the pages call. Everything that needs a worker, they wait for.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.contrib.auth.models import User
from django.db import OperationalError, close_old_connections

from portal.demo.child import Say
from replication.choices import ChangeRequestState, DeploymentState
from replication.errors import Refused
from replication.models import ChangeRequest, Deployment, Environment, TableEntry, Team
from replication.selectors.check_runs import current_check_run
from replication.selectors.table_acts import ChosenTable, TableAct
from replication.services.change_request_propose import change_request_propose_tables
from replication.services.change_request_table_acts import change_request_act_on_tables
from replication.services.change_requests import change_request_close, change_request_create, change_request_submit
from replication.services.checks import checks_request
from replication.services.deployments import deployment_retry
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve

CHECKED_SECONDS = 180.0
DEPLOYED_SECONDS = 600.0
LOOK_SECONDS = 0.3
BUSY_SECONDS = 3.0
"""A database or a table that is busy is asked again after so long."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Crew:
    """One team at work: who proposes, and the tables that may be added, by task."""

    team: str
    author: str
    tables: tuple[tuple[str, str], ...]


FOOD = Crew(
    "food",
    "mia",
    (
        ("foodsearch", "foodsearch/allergen_groups"),
        ("nutrition", "nutrition/vitamins"),
        ("foodsearch", "foodsearch/retailers"),
        ("nutrition", "nutrition/minerals"),
        ("nutrition", "nutrition/diet_labels"),
        ("foodsearch", "foodsearch/allergen_labels"),
        ("nutrition", "nutrition/trace_elements"),
        ("nutrition", "nutrition/meal_plans"),
    ),
)
ORDERS = Crew("orders", "lena", tuple(("payments", f"public/chaos_{number}") for number in range(6)))


class GaveUp(Exception):
    """A change did not get where it should have; the message says how it stood."""


class Work:
    """One crew's changes, until it is told to stop; `finished` are the keys of its deployments."""

    def __init__(self, crew: Crew, chance: random.Random, say: Say) -> None:
        self._crew = crew
        self._chance = chance
        self._say = say
        self._to_add = list(crew.tables)
        self.finished: list[int] = []
        self.problems: list[str] = []

    def run(self, stopping: threading.Event, *, at_least: int = 0) -> None:
        """Change after change; ends at a change's end."""
        while not stopping.is_set() or len(self.finished) < at_least:
            try:
                self._one()
            except (Refused, OperationalError) as busy:
                log.info("chaos.busy", crew=self._crew.team, error=str(busy))
                stopping.wait(BUSY_SECONDS)
            except GaveUp as why:
                self.problems.append(str(why))
                return
            close_old_connections()

    def _one(self) -> None:
        change = self._propose()
        author, petra = self._user(self._crew.author), self._user("petra")
        change_request_submit(actor=author, change_request=change)
        if not self._checked(change, author):
            return
        run = current_check_run(change)
        review_approve(
            actor=petra, change_request=change, fingerprint=run.fingerprint if run is not None else "", reason="chaos"
        )
        change.refresh_from_db()
        deployment = change_request_merge(actor=author, change_request=change)
        self._deployed(deployment, petra)

    def _propose(self) -> ChangeRequest:
        author, team = self._user(self._crew.author), Team.objects.get(slug=self._crew.team)
        environment = Environment.objects.get(name="local")
        if self._to_add and self._chance.random() < 0.6:
            task, table = self._to_add.pop(0)
            return change_request_propose_tables(
                actor=author,
                environment=environment,
                team=team,
                title=f"Add {table}",
                task=task,
                entries=[table],
            )
        entries = TableEntry.objects.filter(environment=environment, task__setup__team=team, paused=False)
        entry = self._chance.choice(list(entries.select_related("task").order_by("id")))
        title = f"Reload {entry.schema_name}.{entry.table_name}"
        change = change_request_create(actor=author, environment=environment, team=team, title=title)
        chosen = [ChosenTable(entry.task.name, entry.identity)]
        return change_request_act_on_tables(actor=author, change_request=change, act=TableAct.RELOAD, tables=chosen)

    def _checked(self, change: ChangeRequest, author: User) -> bool:
        """Wait until reviewers see it. One that its checks keep sending back is closed, and gives False."""
        deadline = time.monotonic() + CHECKED_SECONDS
        while time.monotonic() < deadline:
            change.refresh_from_db()
            if change.state == ChangeRequestState.IN_REVIEW:
                return True
            if change.state == ChangeRequestState.DRAFT:  # a table of its task was loading, or a process was away
                time.sleep(BUSY_SECONDS)
                checks_request(actor=author, change_request=change)
                change.refresh_from_db()
                change_request_submit(actor=author, change_request=change)
            time.sleep(LOOK_SECONDS)
        self._say("chaos", f"#{change.number} is given up: {change.returned_reason}")
        change_request_close(actor=author, change_request=change, reason="the checks kept sending it back")
        return False

    def _deployed(self, deployment: Deployment, petra: User) -> None:
        self._until(lambda: _at_its_end(deployment), deployment)
        self._say("chaos", f"deployment {deployment.pk} ({self._crew.team}): {deployment.state_choice.label}")
        self.finished.append(deployment.pk)
        if deployment.state != DeploymentState.DONE:
            self._deployed(deployment_retry(actor=petra, deployment=deployment), petra)

    def _until(self, done: Callable[[], bool], deployment: Deployment) -> None:
        deadline = time.monotonic() + DEPLOYED_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise GaveUp(f"deployment {deployment.pk} did not end: {deployment.state}, {deployment.sentence}")
            time.sleep(LOOK_SECONDS)

    def _user(self, name: str) -> User:
        return User.objects.get(username=name)


def _at_its_end(deployment: Deployment) -> bool:
    deployment.refresh_from_db()
    return deployment.is_finished
