"""What the portal's face does in a real browser: menus by keyboard, and a theme that holds.

That every page keeps to WCAG AA is `test_every_page.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.own_server import page_of
from tests.replication.conftest import Stage, _git_repository, sent, stage

__all__ = ["_git_repository", "sent", "stage"]  # fixtures of the domain's tests


@pytest.fixture
def face(browser: Browser, live_server: LiveServer, stage: Stage) -> Iterator[Page]:
    """A page of somebody who is signed in."""
    with page_of(stage.people.member, browser, live_server) as page:
        yield page


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
