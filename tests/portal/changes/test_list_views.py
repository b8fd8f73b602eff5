"""The list of change requests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.models import ChangeRequest
from replication.services.change_requests import change_request_close
from tests.portal.office import Office

LIST = reverse("changes:list")
Browser = Callable[[User], Client]


def _titles(client: Client, query: str) -> list[str]:
    return [row["change"].title for row in client.get(f"{LIST}?{query}").context["rows"]]


@pytest.fixture
def filled(office: Office) -> Office:
    """An open draft of the member, one of the colleague, and a closed one."""
    stage = office.stage
    stage.draft(title="Of the member")
    stage.draft(actor=stage.people.colleague, title="Of the colleague")
    closed = stage.draft(title="Given up")
    change_request_close(actor=stage.people.member, change_request=closed)
    return office


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Of the colleague", "Of the member"]),
        ("show=mine", ["Given up", "Of the member"]),
        ("show=all", ["Given up", "Of the colleague", "Of the member"]),
        ("state=closed", ["Given up"]),
        ("team=orders", []),
        ("environment=local&team=food&words=colleague", ["Of the colleague"]),
        ("words=%23{first}", ["Of the member"]),
        ("before=not-a-number", ["Of the colleague", "Of the member"]),
        ("before={second}", ["Of the member"]),
        ("before=99999999999999999999999999", ["Of the colleague", "Of the member"]),
    ],
)
def test_change_list__filters_in_the_address__narrow_the_rows(
    filled: Office, browser_of: Browser, query: str, titles: list[str]
) -> None:
    numbers = list(ChangeRequest.objects.order_by("number").values_list("number", flat=True))
    query = query.format(first=numbers[0], second=numbers[1])

    assert _titles(browser_of(filled.stage.people.member), query) == titles


def test_change_list__more_than_a_page__links_to_the_older_ones_and_keeps_the_filters(
    office: Office, browser_of: Browser
) -> None:
    for number in range(26):
        office.stage.draft(title=f"Change {number}")
    client = browser_of(office.stage.people.viewer)
    first = client.get(f"{LIST}?team=food")
    older = first.context["page"].older_url
    assert "team=food" in older
    assert [row["change"].title for row in client.get(LIST + older).context["rows"]] == ["Change 0"]


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "No change is under way"), ("show=mine", "You have not written"), ("team=orders", "fits these filters")],
)
def test_change_list__nothing_to_show__says_what_would_stand_there(
    office: Office, browser_of: Browser, query: str, words: str
) -> None:
    assert words in browser_of(office.stage.people.viewer).get(f"{LIST}?{query}").content.decode()
