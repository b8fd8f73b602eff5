"""Signing in, as people do it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_sign_in__anybody__finds_an_accessible_page(page: Page, check_accessibility: Callable[[Page], None]) -> None:
    page.goto("/")

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    check_accessibility(page)


def test_sign_in__member_of_a_team__reaches_home(
    sign_in: Callable[[str], Page], check_accessibility: Callable[[Page], None]
) -> None:
    page = sign_in("mia")

    expect(page).to_have_title("Home · Sluice")
    check_accessibility(page)
