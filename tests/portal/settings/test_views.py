"""The settings: everything that is set stands one click away, for each role as far as it goes."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.models import User
from django.test import Client

from tests.replication.conftest import Stage

SETTINGS = "/settings/"

BrowserOf = Callable[[User], Client]


def _page(client: Client, address: str = SETTINGS) -> str:
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def test_settings__for_the_platform_team__lead_to_each_thing_that_is_set(stage: Stage, browser_of: BrowserOf) -> None:
    page = _page(browser_of(stage.people.platform))
    for address in (
        "/people/?team=food",
        "/people/new/",
        "/policy/local/food/",
        "/changes/parts/local/food/",
        "/environments/local/",
        "/environments/new/",
        "/environments/local/teams/new/",
        "/notices/",
        "/notices/deliveries/",
        "/history/proof/",
    ):
        assert f'href="{address}"' in page, address


def test_settings__for_a_viewer__may_be_read_and_offer_nothing_that_is_refused(
    stage: Stage, browser_of: BrowserOf
) -> None:
    page = _page(browser_of(stage.people.viewer))
    assert "3 people" in page
    assert "1 may review" in page
    assert "the platform team changes it" in page
    for address in ("/people/new/", "/environments/new/", "/environments/local/teams/new/", "/notices/deliveries/"):
        assert f'href="{address}"' not in page, address


def test_settings__a_word_is_looked_for__lists_the_teams_that_fit(stage: Stage, browser_of: BrowserOf) -> None:
    client = browser_of(stage.people.viewer)
    assert "/policy/local/orders/" not in _page(client, f"{SETTINGS}?q=foo")
    assert "No team is called so here" in _page(client, f"{SETTINGS}?q=nobody")
