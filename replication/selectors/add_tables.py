"""What somebody can choose from who adds tables: the team's tasks, and the change requests that are still open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Count

from replication.choices import OPEN_STATES
from replication.documents.units import is_table
from replication.errors import NotFound
from replication.models import ChangeRequest, Task, TeamSetup
from replication.policies import Decision, can_propose
from replication.selectors.open_changes import OpenChange, touching, what_they_change, without_documents

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class AddTablesOptions:
    """The tasks by source and name; open change requests, newest first; and whether the actor may add at all."""

    setup: TeamSetup
    tasks: tuple[Task, ...]
    open_changes: tuple[ChangeRequest, ...]
    allowed: Decision

    @cached_property
    def others(self) -> tuple[OpenChange, ...]:
        """The open change requests with the tables that they change."""
        return touching(what_they_change(self.open_changes), is_table)


def table_count(task: Task) -> int:
    """How many tables a task of the options has."""
    count: int = task.__dict__["table_count"]
    return count


def add_tables_options(*, actor: User, environment: str, team: str) -> AddTablesOptions:
    """The choices in one team and environment, by name; raises `NotFound` where the team has nothing there."""
    setup = (
        TeamSetup.objects.filter(environment__name=environment, team__slug=team)
        .select_related("environment", "team")
        .first()
    )
    if setup is None:
        raise NotFound(f"Team {team} is not set up in {environment}.")
    tasks = (
        Task.objects.filter(setup=setup)
        .select_related("source__environment", "source__setup__team", "replication_instance")
        .annotate(table_count=Count("entries"))
        .order_by("source__slug", "name")
    )
    open_changes = without_documents(
        ChangeRequest.objects.filter(environment=setup.environment, team=setup.team, state__in=OPEN_STATES)
    ).select_related("environment", "team")
    return AddTablesOptions(setup, tuple(tasks), tuple(open_changes), can_propose(actor, setup.environment, setup.team))
