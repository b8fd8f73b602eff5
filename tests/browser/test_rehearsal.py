"""A change rehearsed by its author: in a real worker, in a local AWS of its own, shown on the change's page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from portal.demo.running import RunningSluice
from tests.browser.conftest import CheckAccessibility, SignIn

TABLE = "seasonal_prices"
CHECKED, REHEARSED = 60_000, 150_000
"""Milliseconds that a loaded machine may take until the checks, and until the rehearsal, are over."""


def test_rehearsal__of_a_table_to_be_added__says_that_it_was_simulated_what_paused_and_what_loaded(
    sluice: RunningSluice, sign_in: SignIn, check_accessibility: CheckAccessibility
) -> None:
    page = sign_in("mia")
    _propose(page)
    card = page.locator("#rehearsal")
    card.get_by_role("button", name="Rehearse").click(timeout=CHECKED)

    expect(card.get_by_role("status")).to_be_visible()
    check_accessibility(page)

    expect(card).to_contain_text("Simulated on a local AWS: the procedure works.", timeout=REHEARSED)
    expect(card).to_contain_text(re.compile(r"Paused food-foodsearch for [\d.]+\ss \(simulated\)"))
    expect(card).to_contain_text("loaded 1 table; nothing else moved. It was the very plan that is shown here.")
    expect(card).to_contain_text(re.compile(rf"data/fooddb_foodsearch_{TABLE}_v\d+/"))
    card.get_by_text("What happened").click()
    expect(card.get_by_text("Stopping food-foodsearch")).to_be_visible()
    check_accessibility(page)


def _propose(page: Page) -> None:
    page.goto("/changes/add/local/food/")
    page.locator("input[name=task][value=foodsearch]").check()
    page.get_by_label("Or paste a list").fill(f"foodsearch.{TABLE}")
    page.get_by_label("Title of a new one").fill("Prices by season")
    page.get_by_role("button", name="Propose these tables").click()
    page.wait_for_url(re.compile(r"/changes/\d+/"))
