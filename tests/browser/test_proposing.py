"""The pages on which acts are proposed, in a real browser: they keep to WCAG AA, and work without a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from replication.models import ChangeRequest, Task
from tests.browser.conftest import CheckAccessibility
from tests.browser.own_server import page_of
from tests.browser.test_face import _git_repository, face, gallery_too, sent, stage
from tests.replication.conftest import Stage

__all__ = ["_git_repository", "face", "gallery_too", "sent", "stage"]  # fixtures of the other tests

PAGES = (
    "/changes/tables/?act=reload&task={task}",
    "/changes/tables/?act=remove&task={task}",
    "/changes/tables/?act=move&task={task}",
    "/changes/tables/?act=pause",
    "/changes/tasks/local/food/new/",
    "/changes/tasks/local/food/foodsearch/settings/",
    "/changes/tasks/local/food/foodsearch/remove/",
    "/changes/tasks/local/food/foodsearch/resume/",
    "/changes/parts/local/food/",
    "/changes/parts/local/food/source/fooddb/",
    "/changes/parts/local/food/instance/",
)


def test_proposing_pages__in_each_theme_and_width__keep_to_the_rules_and_within_the_screen(
    face: Page, stage: Stage, check_accessibility: CheckAccessibility
) -> None:
    stage.draft("foodsearch.products")
    task = Task.objects.get(name="foodsearch").pk
    for address in PAGES:
        face.goto(address.format(task=task))
        assert face.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        check_accessibility(face)


@pytest.fixture
def plain_page(browser: Browser, live_server: LiveServer, stage: Stage) -> Iterator[Page]:
    """A page of a member whose browser runs no scripts."""
    with page_of(stage.people.member, browser, live_server, java_script_enabled=False) as page:
        yield page


def test_reload__ticked_in_the_list_without_a_script__becomes_a_change_request(plain_page: Page) -> None:
    plain_page.goto("/tables/")
    plain_page.get_by_label("Choose fooddb/foodsearch/barcodes").check()
    plain_page.get_by_label("Choose fooddb/foodsearch/brands").check()
    plain_page.get_by_role("button", name="Reload").click()
    expect(plain_page.get_by_text("Readers of the lake keep the old version")).to_be_visible()
    plain_page.get_by_role("button", name="Propose to reload 2 tables").click()
    expect(plain_page.get_by_role("heading", level=1)).to_contain_text("Reload 2 tables in foodsearch")
    assert ChangeRequest.objects.count() == 1
