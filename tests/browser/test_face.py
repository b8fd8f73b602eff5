"""The portal's face in a real browser: every component and page, light and dark, wide and narrow, keeps to WCAG AA.

These pages are served by the test's own process over a small company, so that they need no worker and no AWS.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import CheckAccessibility
from tests.browser.own_server import page_of
from tests.replication.conftest import Stage, _git_repository, sent, stage

__all__ = ["_git_repository", "sent", "stage"]  # fixtures of the domain's tests

GALLERY = Path(__file__).parent.parent / "portal" / "templates"
PAGES = (
    "/gallery/",
    "/",
    "/teams/",
    "/teams/local/food/",
    "/tables/",
    "/tables/?q=unheard-of",
    "/tables/local/fooddb/foodsearch/barcodes/",
    "/environments/",
    "/environments/local/",
    "/history/",
    "/history/since/",
    "/history/compare/?environment=local&team=food",
    "/history/as-of/?environment=local&team=food",
    "/history/retired/",
    "/history/proof/",
    "/history/revisions/2/",
    "/history/revisions/2/revert/",
    "/no-such-page/",
)
PHONE, DESK = 390, 1280


@pytest.fixture
def gallery_too(settings: Settings) -> None:
    """The gallery of components beside the portal's own pages."""
    settings.ROOT_URLCONF = "tests.portal.gallery_urls"
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], GALLERY]}]


@pytest.fixture(params=[("light", DESK), ("dark", DESK), ("light", PHONE)], ids=["light", "dark", "phone"])
def face(
    request: pytest.FixtureRequest, browser: Browser, gallery_too: None, live_server: LiveServer, stage: Stage
) -> Iterator[Page]:
    """A page of somebody who is signed in, in one theme and width."""
    scheme, width = request.param
    size = {"width": width, "height": 900}
    with page_of(stage.people.member, browser, live_server, color_scheme=scheme, viewport=size) as page:
        yield page


def test_every_page__in_each_theme_and_width__keeps_to_the_rules_and_within_the_screen(
    face: Page, check_accessibility: CheckAccessibility
) -> None:
    complaints: list[str] = []
    face.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    for address in PAGES:
        face.goto(address)
        assert complaints == [], address
        assert face.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        check_accessibility(face)
        complaints.clear()  # the rules' own script asks for styles that the policy refuses


def test_menus__opened_by_keyboard__close_on_escape_and_give_the_focus_back(face: Page) -> None:
    face.goto("/")
    menu = face.locator("details.menu").last
    menu.locator("summary").focus()
    face.keyboard.press("Enter")
    assert menu.get_attribute("open") is not None
    face.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert menu.locator("summary").evaluate("element => element === document.activeElement")


def test_theme__chosen_in_the_menu__holds_on_the_next_page(face: Page) -> None:
    face.goto("/")
    face.locator("details.menu").last.locator("summary").click()
    face.get_by_role("button", name="Dark").click()
    face.goto("/teams/")
    assert face.locator("html").get_attribute("data-bs-theme") == "dark"
