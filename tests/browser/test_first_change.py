"""A new person's first change, counted: following only what the pages show, from sign-in to a submitted change.

`docs/measurements.md` has the figures; the pictures in order are `docs/screenshots/first-change-*.png`.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from replication.models import ChangeRequest
from replication.services.source_listings import source_listing_read
from tests.browser.judging import STILL
from tests.browser.own_server import close_all
from tests.browser.shooting import shoot
from tests.browser.walking import office
from tests.portal.office import Office
from tests.replication.conftest import _git_repository, sent, stage
from tests.replication.listing import BARCODES, LOGS, ODD, SHOPS, TAGS, PretendSource, open_source

__all__ = ["_git_repository", "office", "sent", "stage"]  # fixtures

PASSWORD = "correct horse battery"
MOST_CLICKS_TO_SUBMIT, MOST_CLICKS_TO_APPROVE = 9, 3
TABLES = ("shops", "tags")


@dataclass
class Walk:
    """Somebody's way through the pages: every click and every filled field is counted."""

    page: Page
    clicks: int = 0
    fields: int = 0
    began: float = field(default_factory=time.monotonic)
    took: float = 0.0

    def click(self, what: Locator) -> None:
        """One click on what is there to be seen."""
        what.click()
        self.clicks += 1
        self.took = time.monotonic() - self.began

    def fill(self, label: str, text: str) -> None:
        """Type into one field."""
        self.page.get_by_label(label).fill(text)
        self.fields += 1

    def sign_in(self, username: str) -> None:
        """As everybody does."""
        self.page.goto("/")
        self.fill("Username", username)
        self.fill("Password", PASSWORD)
        self.click(self.page.get_by_role("button", name="Sign in"))

    def __str__(self) -> str:
        return f"{self.clicks} clicks, {self.fields} fields, {self.took:.1f} s"


def test_first_change__by_somebody_new__is_submitted_and_approved_in_few_clicks(
    office: Office, browser: Browser, live_server: LiveServer
) -> None:
    source_listing_read(source_id=open_source(office.stage).pk, read=PretendSource(LOGS, BARCODES, ODD, SHOPS, TAGS))
    people = office.stage.people
    for person in (people.member, people.reviewer):
        person.set_password(PASSWORD)
        person.save()
    contexts = [browser.new_context(base_url=live_server.url, **STILL) for _ in range(2)]
    try:
        author = Walk(contexts[0].new_page())
        change = _first_change(author, people.member.username, office)
        reviewer = Walk(contexts[1].new_page())
        _first_review(reviewer, people.reviewer.username, change)
    finally:
        close_all(*contexts)
    sys.stdout.write(f"To a submitted change: {author}. To an approval: {reviewer}.\n")
    assert author.clicks <= MOST_CLICKS_TO_SUBMIT, author
    assert reviewer.clicks <= MOST_CLICKS_TO_APPROVE, reviewer


def _first_change(walk: Walk, username: str, office: Office) -> ChangeRequest:
    page = walk.page
    page.goto("/")
    shoot(page, "first-change-1")
    walk.sign_in(username)
    shoot(page, "first-change-2")
    walk.click(page.locator("main").get_by_role("link", name="food", exact=True).first)
    shoot(page, "first-change-3")
    walk.click(page.get_by_role("link", name="Add tables").first)
    for table in TABLES:
        walk.click(page.get_by_label(f"Choose foodsearch.{table}"))
    walk.fill("Or paste a list", "foodsearch.products")
    shoot(page, "first-change-4")
    walk.click(page.get_by_role("button", name="Propose these tables"))
    page.wait_for_url("**/changes/*/")
    shoot(page, "first-change-5")
    walk.click(page.get_by_role("button", name="Submit for review"))
    expect(page.locator(".facts-line")).to_contain_text("checking")
    change = ChangeRequest.objects.latest("number")
    office.check(change)
    return change


def _first_review(walk: Walk, username: str, change: ChangeRequest) -> None:
    page = walk.page
    walk.sign_in(username)
    shoot(page, "first-change-6")
    walk.click(page.get_by_role("link", name=f"#{change.number} ").first)
    shoot(page, "first-change-7")
    walk.click(page.get_by_role("button", name="Approve this plan"))
    expect(page.locator("#discussion")).to_contain_text("approved")
    shoot(page, "first-change-8")
