"""What one may not do is said in words on an accessible page, and the way on is found by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import CheckAccessibility, SignIn


def test_adding_tables__to_another_teams_task__is_refused_in_words_and_left_by_keyboard(
    sign_in: SignIn, check_accessibility: CheckAccessibility, console_errors: list[str]
) -> None:
    page = sign_in("lena")
    answer = page.goto("/changes/add/local/food/")

    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_text("You are not in team food")).to_be_visible()
    check_accessibility(page)
    console_errors.clear()  # Chromium calls the 403 an error of the page; here it was asked for

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Home · Sluice")
