"""The main job, end to end: a member adds two tables, a reviewer approves, they replicate, and History tells of it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.demo.running import RunningSluice
from tests.browser.conftest import CheckAccessibility, SignIn
from tests.journeys.aws import loaded_objects

TITLE = "Prices and shelf lives for the search index"
TABLES = ("shelf_lives", "store_prices")
BAD_LINE = "foodsearch.no spaces%"
CHECKED, DEPLOYED, LOADED = 60_000, 120_000, 60_000
"""Milliseconds that a loaded machine may take until the checks, the deployment and the loads are over."""


@dataclass
class Journey:
    """What every part of the journey needs."""

    look: CheckAccessibility
    complaints: list[str]

    def forgive(self, status: int) -> None:
        """Chromium calls an answer that refuses a form an error of the page; here it was asked for."""
        self.complaints[:] = [line for line in self.complaints if f"status of {status}" not in line]


@pytest.fixture
def journey(check_accessibility: CheckAccessibility, console_errors: list[str]) -> Journey:
    """The rules of accessibility for each page that is visited."""
    return Journey(check_accessibility, console_errors)


def test_two_tables__proposed_approved_and_deployed__replicate_and_are_told_of(
    sluice: RunningSluice, sign_in: SignIn, journey: Journey
) -> None:
    mia = sign_in("mia")
    number = _propose(mia, journey)
    _submit(mia, journey)
    _sign_out(mia, journey)

    ravi = sign_in("ravi")
    _review(ravi, journey)
    _deploy(ravi, journey)
    _see_the_loads_end(ravi, journey)

    for table in TABLES:
        assert loaded_objects(sluice, f"fooddb_foodsearch_{table}_v"), table
    _see_the_commit(sluice, number)
    _find_it_in_history(ravi, journey, number)


def _propose(page: Page, journey: Journey) -> int:
    journey.look(page)
    page.goto("/teams/local/food/")
    journey.look(page)
    page.get_by_role("link", name="Add tables").first.click()
    journey.look(page)

    good = [f"foodsearch.{table}" for table in TABLES]
    pasted = page.get_by_label("Or paste a list")
    page.locator("input[name=task][value=foodsearch]").check()
    page.get_by_label("Title of a new one").fill(TITLE)
    pasted.fill("\n".join([good[0], BAD_LINE, good[1]]))
    page.get_by_role("button", name="Propose these tables").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved yet.")
    expect(page.locator("#pasted-error")).to_contain_text("Line 2")
    expect(pasted).to_have_value("\n".join([good[0], BAD_LINE, good[1]]))
    expect(page.get_by_label("Title of a new one")).to_have_value(TITLE)
    journey.look(page)
    journey.forgive(422)

    pasted.fill("\n".join(good))
    page.get_by_role("button", name="Propose these tables").click()
    page.wait_for_url("**/changes/*/")
    expect(page.get_by_role("region", name="Summary of the plan")).to_contain_text("+2", timeout=CHECKED)
    expect(page.get_by_role("heading", name="Checks", exact=True)).to_be_visible()
    expect(page.locator("#change-live")).to_contain_text("passed")
    expect(page.get_by_role("heading", name="Stop food-foodsearch")).to_be_visible()
    for table in TABLES:
        expect(page.locator("#changes")).to_contain_text(table)
    journey.look(page)
    return int(page.url.rstrip("/").rsplit("/", 1)[-1])


def _submit(page: Page, journey: Journey) -> None:
    page.get_by_role("button", name="Submit for review").click()
    expect(_state(page)).to_contain_text("in review", timeout=CHECKED)
    journey.look(page)


def _sign_out(page: Page, journey: Journey) -> None:
    page.locator("details.menu", has_text="your menu").locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    journey.look(page)


def _review(page: Page, journey: Journey) -> None:
    page.get_by_role("link", name=TITLE).first.click()
    effects = page.get_by_role("region", name="What it does")
    expect(effects).to_contain_text("food-foodsearch")
    expect(effects).to_contain_text("No other team is affected")
    page.get_by_role("button", name="Approve this plan").click()
    expect(_state(page)).to_contain_text("approved")
    journey.look(page)


def _deploy(page: Page, journey: Journey) -> None:
    page.get_by_role("button", name="Merge and deploy to local (pauses 1 task)").click()
    page.wait_for_url("**/deployments/*/")
    journey.look(page)
    for title in ("Stop food-foodsearch", "Update the stack sluice-local-food", "Resume food-foodsearch", "Verify"):
        done = page.get_by_role("heading", name=re.compile(rf"{title}\s*, done"))
        expect(done).to_be_visible(timeout=DEPLOYED)
    expect(_state(page)).to_contain_text("done")


def _see_the_loads_end(page: Page, journey: Journey) -> None:
    for table in TABLES:
        meter = page.get_by_role("meter", name=f"fooddb/foodsearch/{table}")
        expect(meter).to_have_attribute("aria-valuenow", "100", timeout=LOADED)
    journey.look(page)
    page.goto(f"/tables/local/fooddb/foodsearch/{TABLES[0]}/")
    expect(page.get_by_text(f"data/fooddb_foodsearch_{TABLES[0]}_v").first).to_be_visible()
    journey.look(page)


def _see_the_commit(sluice: RunningSluice, number: int) -> None:
    git = ["git", "-C", str(sluice.place.git_repository), "log", "main", "-1", f"--grep=Change-Request: #{number}$"]
    shown = subprocess.run([*git, "--format=%an <%ae>%n%B"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - git, on the test's own repository
    assert shown.startswith(f"Mia Okafor <mia@example.com>\n{TITLE}\n"), shown
    assert f"Change-Request: #{number}\n" in shown
    assert "Reviewed-by: Ravi Menon <ravi@example.com>" in shown


def _find_it_in_history(page: Page, journey: Journey, number: int) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="History").click()
    journey.look(page)
    history = page.locator(".history")
    expect(history.get_by_text(f"#{number}").first).to_be_visible()
    for words in ("Mia Okafor", "Ravi Menon"):
        expect(history.locator(".event-sentence", has_text=words).first).to_be_visible()
    history.get_by_role("link", name=f"#{number}", exact=True).first.click()
    expect(_state(page)).to_contain_text("deployed")
    journey.look(page)


def _state(page: Page) -> Locator:
    return page.locator(".facts-line")
