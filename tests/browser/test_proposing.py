"""The pages on which acts are proposed work in a real browser without a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from replication.models import ChangeRequest
from tests.browser.own_server import page_of
from tests.replication.conftest import Stage, _git_repository, sent, stage

__all__ = ["_git_repository", "sent", "stage"]  # fixtures of the domain's tests


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
