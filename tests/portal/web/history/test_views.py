"""The timeline, and a revision's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from portal.web.history.forms import moment_from, moment_text
from replication.models import Revision
from replication.selectors.check_runs import current_check_run
from replication.selectors.timeline import Moment
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage

TIMELINE = reverse("history:timeline")
Browser = Callable[[User], Client]


def _merged(stage: Stage) -> Revision:
    change = stage.in_review("foodsearch.products", title="Add products")
    run = current_check_run(change)
    assert run is not None
    review_approve(
        actor=stage.people.reviewer, change_request=change, fingerprint=run.fingerprint, reason="Looks small."
    )
    change.refresh_from_db()
    return change_request_merge(actor=stage.people.member, change_request=change).revision


def test_timeline__a_merged_change__tells_who_did_what_and_leads_to_the_revision(
    stage: Stage, browser_of: Browser
) -> None:
    revision = _merged(stage)
    page = browser_of(stage.people.auditor).get(TIMELINE).content.decode()
    assert "Rita Example approved" in page
    assert "Mia Example merged" in page
    assert reverse("history:revision", args=[revision.pk]) in page


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("team=food", True),
        ("team=orders", False),
        ("kind=change_request", True),
        ("kind=deployment", False),
        ("person=Mia+Example", True),
        ("person=Sluice", False),
        ("table=fooddb/foodsearch/unheard-of", False),
        ("environment=local", True),
    ],
)
def test_timeline__filters_in_the_address__narrow_the_events(
    stage: Stage, browser_of: Browser, query: str, there: bool
) -> None:
    draft = stage.draft("foodsearch.products", title="Add products")
    page = browser_of(stage.people.auditor).get(f"{TIMELINE}?{query}").content.decode()
    assert (f"opened #{draft.number}" in page) is there


def test_timeline__filtered_by_a_table__shows_the_change_that_brought_it(stage: Stage, browser_of: Browser) -> None:
    _merged(stage)
    page = browser_of(stage.people.auditor).get(f"{TIMELINE}?table=fooddb/foodsearch/products").content.decode()
    assert "Mia Example merged" in page
    assert "came with the import" not in page


def test_timeline__a_place_in_time__survives_the_address() -> None:
    moment = Moment(datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=UTC), 42)
    assert moment_from(moment_text(moment)) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-23T12:00:00", "2026-11-23T12:00:00+00:00,x", "'; --"])
def test_timeline__no_place_in_time__begins_at_the_newest(stage: Stage, browser_of: Browser, text: str) -> None:
    response = browser_of(stage.people.auditor).get(TIMELINE, {"before": text})
    assert response.status_code == HTTPStatus.OK
    assert "came with the import" in response.content.decode()


def test_timeline__nothing_happened__says_what_would_stand_there(signed_in: Client) -> None:
    assert "History has not begun" in signed_in.get(TIMELINE).content.decode()


def test_revision__after_a_merge__shows_tables_files_people_and_reasons(stage: Stage, browser_of: Browser) -> None:
    revision = _merged(stage)
    page = browser_of(stage.people.auditor).get(reverse("history:revision", args=[revision.pk])).content.decode()
    for words in ("fooddb/foodsearch/products", "tasks/foodsearch.json", "Mia Example", "Rita Example", "Looks small."):
        assert words in page


def test_revision__of_the_base_stack__shows_its_settings(stage: Stage, browser_of: Browser) -> None:
    revision = Revision.objects.get(team=None)
    page = browser_of(stage.people.auditor).get(reverse("history:revision", args=[revision.pk])).content.decode()
    assert "What it began with" in page
    assert "environment/region" in page
