"""Picking tables from the source's own list, in a real browser, with a script and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from replication.documents import team_document_of
from replication.models import ChangeRequest
from replication.services.source_listings import source_listing_read
from tests.browser.own_server import page_of
from tests.replication.conftest import Stage, _git_repository, sent, stage
from tests.replication.listing import BARCODES, LOGS, ODD, SHOPS, TAGS, PretendSource, open_source

__all__ = ["_git_repository", "sent", "stage"]  # fixtures of the domain's tests

ADD = "/changes/add/local/food/"


@pytest.fixture
def listed(stage: Stage) -> None:
    source_listing_read(source_id=open_source(stage).pk, read=PretendSource(LOGS, BARCODES, ODD, SHOPS, TAGS))


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def member_page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, stage: Stage
) -> Iterator[Page]:
    """A page of a member, whose browser runs scripts or none."""
    with page_of(stage.people.member, browser, live_server, java_script_enabled=request.param) as page:
        yield page


@pytest.mark.usefixtures("listed")
def test_picker__ticked_here_and_after_a_search__both_are_proposed(member_page: Page) -> None:
    member_page.goto(ADD)
    member_page.get_by_label("Choose foodsearch.shops").check()
    member_page.get_by_label("Search by name").fill("tags")
    member_page.get_by_role("button", name="Search", exact=True).click()
    expect(member_page.get_by_label("Choose foodsearch.shops")).to_have_count(0)
    expect(member_page.locator("#picked-sum")).to_contain_text("1 table chosen")
    member_page.get_by_label("Choose foodsearch.tags").check()
    member_page.get_by_role("button", name="Propose these tables").click()
    expect(member_page.get_by_role("heading", level=1)).to_contain_text("Add 2 tables to foodsearch")
    tables = team_document_of(ChangeRequest.objects.get().document).tasks["foodsearch"].tables
    assert [entry.reference.table for entry in tables] == ["barcodes", "brands", "shops", "tags"]


@pytest.mark.usefixtures("listed")
def test_picker__while_choosing_with_a_script__says_at_once_how_long_it_takes(
    browser: Browser, live_server: LiveServer, stage: Stage
) -> None:
    with page_of(stage.people.member, browser, live_server) as page:
        page.goto(ADD)
        page.get_by_label("Choose foodsearch.shops").check()
        expect(page.locator("#picked-sum")).to_contain_text("about 10 s to load")
