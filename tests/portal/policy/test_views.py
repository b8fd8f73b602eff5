"""Reading, previewing and changing a review policy in the portal."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.models import TeamSetup
from tests.replication.conftest import Stage

BrowserOf = Callable[[User], Client]
ADDRESS = "/policy/local/food/"
VALUES = {
    "approvals_needed": "2",
    "approvals_risky": "1",
    "platform_approves_risky": "on",
    "risky_pause_minutes": "15",
    "risky_loads": "",
    "rehearsal": "never",
    "trial": "never",
    "freeze_windows": "fri 16:00 - mon 06:00",
    "reason": "two pairs of eyes",
}


def test_policy__anybody__reads_it_and_cannot_change_it(stage: Stage, browser_of: BrowserOf) -> None:
    assert reverse("policy:detail", args=["local", "food"]) == ADDRESS
    browser = browser_of(stage.people.member)

    assert "Approvals of a harmless change" in browser.get(ADDRESS).content.decode()
    assert browser.post(ADDRESS, VALUES).status_code == HTTPStatus.FORBIDDEN


def test_policy__changed_by_the_platform__holds_and_says_why(stage: Stage, browser_of: BrowserOf) -> None:
    browser = browser_of(stage.people.platform)

    page = browser.post(ADDRESS, VALUES, follow=True).content.decode()

    assert TeamSetup.objects.get(team=stage.food).approvals_needed == 2
    assert "two pairs of eyes" in page


def test_policy__previewed__changes_nothing(stage: Stage, browser_of: BrowserOf) -> None:
    page = browser_of(stage.people.platform).post(ADDRESS, {**VALUES, "preview": "1"}).content.decode()

    assert "What this would have done" in page
    assert TeamSetup.objects.get(team=stage.food).approvals_needed == 1


def test_policy__a_line_that_is_no_window__is_named_and_nothing_typed_is_lost(
    stage: Stage, browser_of: BrowserOf
) -> None:
    typed = {**VALUES, "freeze_windows": "fri 16:00 - mon 06:00\nchristmas"}

    response = browser_of(stage.people.platform).post(ADDRESS, typed)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = response.content.decode()
    assert "line 2: it is no window" in page
    assert "christmas</textarea>" in page
    assert "two pairs of eyes" in page
