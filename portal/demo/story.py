"""The demo's history: real change requests, run through the same services that the pages call, against the local AWS.

Nothing here writes a result: checks, plans, reviews, merges and deployments happen as they do for people.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.contrib.auth.models import User

from replication.choices import ChangeRequestState
from replication.models import ChangeRequest, CheckRun, Deployment, Environment, Team
from replication.selectors.check_runs import current_check_run
from replication.services.change_request_propose import change_request_propose_tables
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.change_requests import change_request_comment, change_request_submit
from replication.services.deployments import base_deploy, team_deploy
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve, review_request_changes
from replication.services.watchdog import reconcile_once

PATIENCE_SECONDS = 240
_ROUND_SECONDS = 0.1
NO_WORKER_RUNS = timedelta(0)

Users = Mapping[str, User]


class StoryStuck(Exception):
    """Something did not come to its end in time; the message says what, and how it stood."""


def _until(done: Callable[[], bool], describe: Callable[[], str]) -> None:
    """Do what waits, again and again, as the watchdog does, until ``done``."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise StoryStuck(describe())
        reconcile_once(overdue_after=NO_WORKER_RUNS, look=False)
        time.sleep(_ROUND_SECONDS)


def _deployed(*deployments: Deployment) -> None:
    def refreshed() -> list[Deployment]:
        return list(Deployment.objects.filter(pk__in=[deployment.pk for deployment in deployments]))

    def describe() -> str:
        return "; ".join(f"{deployment}: {deployment.state}, {deployment.sentence}" for deployment in refreshed())

    _until(lambda: all(deployment.is_finished for deployment in refreshed()), describe)


def _checked(change_request: ChangeRequest) -> CheckRun:
    def settled() -> bool:
        run = current_check_run(change_request)
        return run is not None and not run.is_live

    _until(settled, lambda: f"the checks of {change_request} did not end")
    change_request.refresh_from_db()
    run = current_check_run(change_request)
    if run is None:
        raise StoryStuck(f"the checks of {change_request} are gone")
    return run


def first_deployments(environment: Environment, *, actor: User) -> None:
    """The base stack, then every team's, side by side."""
    _deployed(base_deploy(actor=actor, environment=environment))
    teams = Team.objects.filter(setups__environment=environment).order_by("slug")
    _deployed(*[team_deploy(actor=actor, environment=environment, team=team) for team in teams])


def _proposed(  # noqa: PLR0917 - it reads as a sentence: who proposes what to whom, why, and where
    environment: Environment, author: User, team: str, title: str, why: str, task: str, tables: list[str]
) -> ChangeRequest:
    return change_request_propose_tables(
        actor=author,
        environment=environment,
        team=Team.objects.get(slug=team),
        title=title,
        description=why,
        task=task,
        entries=tables,
    )


def _shipped(change_request: ChangeRequest, reviewer: User, reason: str) -> None:
    """Approve the plan as it stands, merge and deploy."""
    run = _checked(change_request)
    if change_request.state != ChangeRequestState.IN_REVIEW:
        raise StoryStuck(f"{change_request} is {change_request.state}: {change_request.returned_reason}")
    review_approve(actor=reviewer, change_request=change_request, fingerprint=run.fingerprint, reason=reason)
    change_request.refresh_from_db()
    _deployed(change_request_merge(actor=reviewer, change_request=change_request))


def history(environment: Environment, users: Users) -> None:
    """What happened before you came: two changes shipped, one sent back and mended, one waiting for a review."""
    allergens = _proposed(
        environment,
        users["mia"],
        "food",
        "Allergen labels for the search index",
        "Search wants to filter by allergen; the labels are small and change rarely.",
        "foodsearch",
        ["foodsearch/allergen_labels", "foodsearch/allergen_groups"],
    )
    change_request_submit(actor=users["mia"], change_request=allergens)
    _shipped(allergens, users["ravi"], "Small tables, and search has waited for them.")

    refunds = _proposed(
        environment,
        users["lena"],
        "orders",
        "Refunds for the finance report",
        "Finance closes the month from the lake.",
        "payments",
        ["public/refunds"],
    )
    change_request_submit(actor=users["lena"], change_request=refunds)
    _checked(refunds)
    review_request_changes(
        actor=users["tomas"],
        change_request=refunds,
        reason="Refund reasons live in a table of their own; without it finance will ask again next month.",
    )
    refunds.refresh_from_db()
    change_request_edit_tables_add(
        actor=users["lena"], change_request=refunds, task="payments", entries=["public/refund_reasons"]
    )
    change_request_comment(actor=users["lena"], change_request=refunds, body="Right, added.")
    refunds.refresh_from_db()
    _shipped(refunds, users["tomas"], "Now it is complete.")

    waiting = _proposed(
        environment,
        users["mia"],
        "food",
        "Vitamins and minerals for the nutrition page",
        "The nutrition page shows them from next week on.",
        "nutrition",
        ["nutrition/vitamins", "nutrition/minerals"],
    )
    change_request_submit(actor=users["mia"], change_request=waiting)
    _checked(waiting)
    change_request_comment(
        actor=users["mia"], change_request=waiting, body="No hurry, but before Thursday would be good."
    )

    _proposed(
        environment,
        users["sam"],
        "fulfilment",
        "Courier shifts",
        "",
        "tracking",
        ["tracking/courier_shifts"],
    )
