"""What journeys share: a page for each person of the small company, and walking without a mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.judging import PHONE, STILL
from tests.browser.own_server import close_all, context_of
from tests.portal.office import Office
from tests.replication.conftest import Stage

MOST_STEPS = 80
PATIENCE_MILLISECONDS = 20_000

AsPerson = Callable[..., Page]

_FOCUS_SHOWS = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const style = getComputedStyle(here), inner = getComputedStyle(here.closest("label") ?? here);
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const onScreen = box.bottom > 0 && box.top < window.innerHeight;
  return onScreen && (ringed || inner.outlineStyle !== "none");
}"""


@pytest.fixture
def office(stage: Stage) -> Office:
    """The small company with its change requests, judged over a pretended AWS."""
    return Office(stage)


@pytest.fixture
def as_person(browser: Browser, live_server: LiveServer, stage: Stage) -> Iterator[AsPerson]:
    """Give a function that opens a page in which somebody is signed in; `phone`: on a phone."""
    opened: list[BrowserContext] = []

    def open_one(person: User, *, phone: bool = False) -> Page:
        options = dict(STILL)
        if phone:
            options |= {"viewport": {"width": PHONE, "height": 780}, "has_touch": True}
        context = context_of(person, browser, live_server, **options)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        opened.append(context)
        return context.new_page()

    yield open_one
    close_all(*opened)


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus; at each step it is seen where the focus is."""
    target = wanted.first.element_handle()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        assert page.evaluate(_FOCUS_SHOWS), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
        if page.evaluate("wanted => wanted === document.activeElement", target):
            return
    raise AssertionError(f"{MOST_STEPS} steps of Tab did not reach {wanted}")


def within_the_phone(page: Page) -> None:
    """Nothing of the page lies beside the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
