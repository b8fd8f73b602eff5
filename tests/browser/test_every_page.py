"""Every page of the portal, in light, in dark and on a phone, keeps to WCAG AA and within the screen.

They are served by the test's own process over rows alone, so that they need no worker and no AWS. An address that
nobody has named in `tests.browser.pages` fails: whoever adds a page adds it there.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from portal.addresses import ADDRESSES
from tests.browser.judging import STILL, judge
from tests.browser.own_server import page_of, sign_in_as
from tests.browser.pages import FOR_STRANGERS, FRAGMENTS, OF_A_COMPANY, in_each_state, names_of
from tests.portal.enormous import FEW, company
from tests.portal.office import Office
from tests.replication.conftest import Stage, _git_repository, sent, stage

__all__ = ["_git_repository", "sent", "stage"]  # fixtures of the domain's tests

GALLERY = Path(__file__).parent.parent / "portal" / "templates"


@pytest.fixture
def gallery_too(settings: Settings) -> None:
    """The gallery of components beside the portal's own pages."""
    settings.ROOT_URLCONF = "tests.portal.gallery_urls"
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], GALLERY]}]


def _visit(page: Page, address: str, name: str = "") -> list[str]:
    complaints: list[str] = []

    def listen(message: object) -> None:
        complaints.append(str(message))

    page.on("pageerror", listen)
    page.goto(address)
    policy = [text for text in complaints if "Content Security" in text]
    wrong = [*policy, *complaints, *judge(page)]
    page.remove_listener("pageerror", listen)
    return [f"{address} {name}\n  {each}" for each in wrong]


def test_every_page__of_a_company_with_the_longest_names__keeps_to_the_rules_and_within_the_screen(
    browser: Browser, gallery_too: None, live_server: LiveServer
) -> None:
    place = company(FEW)
    names = names_of(place)
    wrong: list[str] = []
    with page_of(place.people[0], browser, live_server, **STILL) as page:
        for address in OF_A_COMPANY:
            wrong += _visit(page, address.format(**names))
        page.context.clear_cookies()
        for address in FOR_STRANGERS.values():
            wrong += _visit(page, address.format(**names))
    assert wrong == [], "\n".join(wrong)


def test_every_state__of_changes_and_deployments__keeps_to_the_rules_and_within_the_screen(
    browser: Browser, stage: Stage, live_server: LiveServer
) -> None:
    wrong: list[str] = []
    with page_of(stage.people.member, browser, live_server, **STILL) as page:
        for name, who, address in in_each_state(Office(stage)):
            sign_in_as(who, page.context, live_server)
            wrong += _visit(page, address, name)
    assert wrong == [], "\n".join(wrong)


def test_map_of_addresses__each_that_answers_with_a_page__is_looked_at() -> None:
    anything = defaultdict(lambda: "1", table="a/b/c")
    visited = {
        resolve(address.format_map(anything).partition("?")[0]).view_name
        for address in OF_A_COMPANY
        if address not in {"/no-such-page/", "/gallery/"}
    }
    answers = {name for name, access in ADDRESSES.items() if access.look is not None}
    unseen = answers - visited - set(FOR_STRANGERS) - set(FRAGMENTS)
    assert not unseen, f"tests/browser/pages.py needs an address to look at for {sorted(unseen)}"
