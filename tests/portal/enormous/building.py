"""A company of any size, put together: config, changes, deployments, and what is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import User

from replication.models import ChangeRequest, Deployment, Environment, Revision, Team
from replication.selectors.scopes import latest_revision
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
    approved: ChangeRequest
    merged: ChangeRequest
    of_base: ChangeRequest
    draft: ChangeRequest
    behind: ChangeRequest
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
    base = _accepted(environments[0], big)
    adds, reloads, removals = (
        changes.judged(base, people, kind=kind, count=size.changed, lines=size.lines)
        for kind in ("adds", "reloads", "removals")
    )
    approved = [
        changes.judged(base, people, kind="reloads", count=1, lines=size.lines, state="approved") for _ in range(2)
    ]
    merged = changes.merged(adds)
    behind = changes.behind(_accepted(environments[0], teams[1]), people)
    of_base = changes.of_the_base(environments[0], people)
    draft = changes.others(environments, teams[:-1], people, size)
    done, failed, running = record.deployments(environments, big, merged, people, size)
    record.told(environments, big, people, failed, size)
    small = ChangeRequest.objects.exclude(pk__in=[draft.pk]).filter(check_runs=None, team__isnull=False)
    record.in_git(Revision.objects.defer("document"), small[: size.lines], size.lines)
    return Company(
        size=size,
        environment=environments[0],
        team=big,
        quiet=quiet,
        people=people,
        adds=adds,
        reloads=reloads,
        removals=removals,
        approved=approved[0],
        merged=merged,
        of_base=of_base,
        draft=draft,
        behind=behind,
        failed=failed,
        running=running,
        done=done,
    )


def _accepted(environment: Environment, team: Team) -> Revision:
    found = latest_revision(environment, team)
    assert found is not None
    return found
