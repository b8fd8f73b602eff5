"""A company of any size, put together: config, changes, deployments, and what is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import User

from replication.models import ChangeRequest, Deployment, Environment, Team
from tests.portal.enormous import changes, config, record
from tests.portal.enormous.sizes import Size
from tests.replication.replaying import Replayed


@dataclass(frozen=True)
class Company:
    """What tests ask about; the rest of the company lies around it."""

    size: Size
    environment: Environment
    team: Team
    quiet: Team
    people: list[User]
    adds: ChangeRequest
    reloads: ChangeRequest
    removals: ChangeRequest
    draft: ChangeRequest
    failed: Deployment
    running: Deployment
    done: Deployment


def company(size: Size) -> Company:
    """Fill an empty database; the second time in a process, with the rows of the first."""
    made, rows = _remembered(size)
    rows.put()
    return made[-1]


@cache
def _remembered(size: Size) -> tuple[list[Company], Replayed]:
    made: list[Company] = []
    return made, Replayed(lambda: made.append(_built(size)))


def _built(size: Size) -> Company:
    environments = config.environments(size)
    teams = config.teams(size, environments)
    people = config.people(size, teams)
    big, quiet = teams[0], teams[-1]
    adds, reloads, removals = (
        changes.judged(environments[0], big, kind, people, size) for kind in ("adds", "reloads", "removals")
    )
    draft = changes.others(environments, teams[:-1], people, size)
    done, failed, running = record.deployments(environments, teams[:-1], adds, people, size)
    record.told(environments, big, people, failed, size)
    return Company(size, environments[0], big, quiet, people, adds, reloads, removals, draft, failed, running, done)
