"""The card "Rehearsal" on a change request's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from deploy_engine.execution.rehearsal import RehearsalResult
from portal.web.changes.rehearsal import RehearsalCard, elsewhere_line
from replication.models import ChangeRequest, Rehearsal
from replication.selectors.deployed_elsewhere import DeployedElsewhere, WatchedTask
from replication.selectors.latencies import LatencySeries
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.change_requests import change_request_close
from replication.services.rehearsals import rehearsal_request, rehearsal_run
from tests.portal.office import Office
from tests.portal.pretend_aws import PretendAws
from tests.replication.rehearsing import FAILED, NOT_INSTALLED, PASSED, FakeProgram

Browser = Callable[[User], Client]


@pytest.fixture
def change(office: Office) -> ChangeRequest:
    """A draft with a plan."""
    draft = office.stage.draft("foodsearch.products")
    office.check(draft)
    return draft


def _rehearsed(office: Office, change: ChangeRequest, result: RehearsalResult = PASSED) -> Rehearsal:
    rehearsal = rehearsal_request(actor=office.stage.people.member, change_request=change)
    rehearsal_run(rehearsal_id=rehearsal.pk, program=FakeProgram(result))
    rehearsal.refresh_from_db()
    return rehearsal


def _card(client: Client, change: ChangeRequest) -> tuple[RehearsalCard, str]:
    response = client.get(reverse("changes:detail", args=[change.number]))
    text = response.content.decode()
    return response.context["rehearsal"], text[text.index('id="rehearsal"') : text.index('id="changes"')]


def test_card__never_rehearsed__offers_it_and_says_what_it_proves(
    office: Office, change: ChangeRequest, browser_of: Browser
) -> None:
    card, text = _card(browser_of(office.stage.people.reviewer), change)
    assert (card.badge, card.may.allowed, card.label) == (None, True, "Rehearse")
    assert "It proves the procedure, not the capacity" in text
    assert reverse("changes:rehearse", args=[change.number]) in text


SINCE = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (None, "How late foodsearch is there was not measured yet."),
        (
            [(0, 2, 600), (300, 5, 60), (600, 1, 41)],
            "foodsearch there, over the last 10 min: the latency into the lake is 41 s now, and was 10 min at most; "
            "at the source 1 s now, 5 s at most.",
        ),
        ([(0, None, 600)], "foodsearch there: the latency into the lake is not known now, and was 10 min at most."),
    ],
    ids=["never", "measured", "long-ago"],
)
def test_latency_words__of_a_task_elsewhere__say_now_and_the_most(
    points: list[tuple[int, int | None, int | None]] | None, words: str
) -> None:
    series = None
    if points is not None:
        moved = tuple((int(SINCE.timestamp()) + at, source, target) for at, source, target in points)
        series = LatencySeries(1, moved, SINCE + timedelta(minutes=20))
    place = DeployedElsewhere("sandbox", 1, SINCE, 2, synced=True, watched=(WatchedTask("foodsearch", series),))
    assert elsewhere_line(place).latencies == (words,)


def test_card__passed__says_that_it_was_simulated_what_paused_and_what_loaded(
    office: Office, change: ChangeRequest, browser_of: Browser
) -> None:
    _rehearsed(office, change)
    card, text = _card(browser_of(office.stage.people.viewer), change)
    assert "Simulated on a local AWS: the procedure works." in text
    assert card.summary == (
        "Paused food-foodsearch for 18\N{NO-BREAK SPACE}s (simulated); loaded 1 table; nothing else moved."
    )
    assert "It was the very plan that is shown here." in text
    assert "data/products/" in text
    assert [(line.at, line.text) for line in card.story] == [("14 s", "Stopping food-foodsearch")]
    assert '<details class="fold">' in text


@pytest.mark.parametrize("result", [FAILED, NOT_INSTALLED], ids=["failed", "could-not-run"])
def test_card__went_wrong__puts_the_problem_first_and_claims_nothing(
    office: Office, change: ChangeRequest, browser_of: Browser, result: RehearsalResult
) -> None:
    _rehearsed(office, change, result)
    card, text = _card(browser_of(office.stage.people.member), change)
    assert card.problems[0].startswith(result.problems[0].removesuffix("."))
    assert text.index(card.problems[0]) < text.index("It proves the procedure")
    assert "the procedure works." not in text
    assert card.label == "Rehearse again"


def test_card__another_plan_in_the_copy__is_warned_of(
    office: Office, change: ChangeRequest, browser_of: Browser
) -> None:
    _rehearsed(office, change, replace(PASSED, plan_differences=("it has 2 steps, not 1",)))
    card, text = _card(browser_of(office.stage.people.member), change)
    assert card.warnings == ("The plan in the copy was not quite this one: it has 2 steps, not 1.",)
    assert "the very plan" not in text


def test_card__edited_since__is_of_an_earlier_version(
    office: Office, change: ChangeRequest, browser_of: Browser
) -> None:
    _rehearsed(office, change)
    change_request_edit_tables_add(
        actor=office.stage.people.member, change_request=change, task="foodsearch", entries=["foodsearch.tags"]
    )
    card, text = _card(browser_of(office.stage.people.member), change)
    assert card.stale
    assert "the rehearsal of an earlier version" in text
    assert "the very plan" not in text
    assert (card.may.allowed, card.may.reason) == (False, "Its plan is still being made.")
    assert 'aria-disabled="true"' in text


def test_card__checks_gave_no_plan_or_reader_is_a_stranger__says_why_not(
    office: Office, change: ChangeRequest, browser_of: Browser
) -> None:
    card, _ = _card(browser_of(office.stage.people.stranger), change)
    assert card.may.reason == "Only team food and the platform team rehearse this change."
    other = office.stage.draft("foodsearch.tags")
    office.check(other, PretendAws(away="connection refused"))
    card, _ = _card(browser_of(office.stage.people.member), other)
    assert card.may.reason == "There is no plan that could be rehearsed."


def test_card__closed_and_never_rehearsed__is_not_there(
    office: Office, change: ChangeRequest, browser_of: Browser
) -> None:
    change_request_close(actor=office.stage.people.member, change_request=change)
    page = browser_of(office.stage.people.member).get(reverse("changes:detail", args=[change.number]))
    assert page.context["rehearsal"] is None
    assert 'id="rehearsal"' not in page.content.decode()


def test_rehearse__pressed__waits_for_a_worker_and_the_page_asks_for_news(
    office: Office, change: ChangeRequest, browser_of: Browser
) -> None:
    client = browser_of(office.stage.people.member)
    answer = client.post(reverse("changes:rehearse", args=[change.number]))
    assert answer["location"] == f"/changes/{change.number}/#rehearsal"
    page = client.get(f"/changes/{change.number}/")
    assert page.context["rehearsal"].running == "Waits for a worker"
    assert client.get(page.context["poll_url"]).status_code == HTTPStatus.NO_CONTENT

    rehearsal_run(rehearsal_id=change.rehearsals.get().pk, program=FakeProgram())

    news = client.get(page.context["poll_url"])
    assert "the procedure works" in news.content.decode()
    assert 'hx-trigger="every 10s"' in news.content.decode()


def test_rehearse__a_stranger_or_by_get__is_refused(office: Office, change: ChangeRequest, browser_of: Browser) -> None:
    url = reverse("changes:rehearse", args=[change.number])
    assert browser_of(office.stage.people.stranger).post(url).status_code == HTTPStatus.FORBIDDEN
    assert browser_of(office.stage.people.member).get(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert not change.rehearsals.exists()
