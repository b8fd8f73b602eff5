"""The ways that people go through a change request, in a real browser.

The test's own process serves the pages, and plays the worker: the real checks and planner over a pretended AWS.
The whole way through a worker and a local AWS is walked by `test_two_tables.py`.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from replication.choices import ChangeRequestState
from replication.documents import team_document_of
from replication.models import ChangeRequest, Deployment
from replication.services.change_request_table_edits import (
    change_request_edit_tables_pause,
    change_request_edit_tables_reload,
)
from replication.services.change_requests import change_request_submit
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.browser.walking import AsPerson, as_person, office, tab_to, within_the_phone
from tests.portal.office import Office
from tests.replication.conftest import _git_repository, sent, stage

__all__ = ["_git_repository", "as_person", "office", "sent", "stage"]  # fixtures

BARCODES, BRANDS = "fooddb/foodsearch/barcodes", "fooddb/foodsearch/brands"


def _expect_state(page: Page, state: str) -> None:
    expect(page.locator(".facts-line")).to_contain_text(state)


def _judged(office: Office, change: ChangeRequest, *pages: Page) -> None:
    """The worker is done with the newest checks, and the pages show it."""
    change.refresh_from_db()
    office.check(change)
    for page in pages:
        page.reload()


def _newest() -> ChangeRequest:
    return ChangeRequest.objects.latest("number")


def test_refused__with_a_reason__is_amended_approved_loses_the_approval_and_is_approved_again(
    office: Office, as_person: AsPerson
) -> None:
    people = office.stage.people
    change = office.in_review("foodsearch.products", "foodsearch.shops")
    rita, mia = as_person(people.reviewer), as_person(people.member)

    rita.goto("/")
    rita.get_by_role("link", name=f"#{change.number} ").first.click()
    rita.locator("summary", has_text="Refuse").click()
    rita.get_by_label("Why? The author reads this.").locator("visible=true").fill("Shops are read from elsewhere.")
    rita.get_by_role("button", name="Refuse").click()

    mia.goto("/")
    mia.get_by_role("link", name=f"#{change.number} ").first.click()
    expect(mia.get_by_text("Shops are read from elsewhere.").first).to_be_visible()
    mia.get_by_role("button", name="Take back fooddb/foodsearch/shops").click()
    expect(mia.locator("#changes")).not_to_contain_text("fooddb/foodsearch/shops")
    mia.get_by_role("button", name="Submit for review").click()
    _expect_state(mia, "checking")
    _judged(office, change, rita)
    rita.get_by_role("button", name="Approve this plan").click()
    _expect_state(rita, "approved")

    mia.goto(f"/changes/add/local/food/?to={change.number}")
    mia.get_by_label("Or paste a list").fill("foodsearch.tags")
    mia.get_by_role("radio", name="foodsearch").check()
    mia.get_by_role("button", name="Propose these tables").click()
    _judged(office, change, mia, rita)
    expect(mia.locator("#verdict")).to_contain_text("0 of 1")
    expect(rita.locator(".remark.is-stale").last).to_contain_text("approved")
    rita.get_by_role("button", name="Approve this plan").click()
    _expect_state(rita, "approved")


def test_reload__in_place_and_without_a_gap__become_the_changes_that_their_words_promise(
    office: Office, as_person: AsPerson
) -> None:
    mia = as_person(office.stage.people.member)
    for way, sign in (("In place", "two steps"), ("Without a gap, in a new task", "nothing pauses")):
        mia.goto("/tables/?q=barcodes")
        mia.get_by_label(f"Choose {BARCODES}").check()
        mia.get_by_role("button", name="Reload").click()
        mia.get_by_role("radio", name=way).check()
        mia.get_by_role("radio", name="A new one").check() if mia.get_by_role(
            "radio", name="A new one"
        ).count() else None
        mia.get_by_role("button", name="Propose to reload 1 table").click()
        mia.wait_for_url("**/changes/*/")
        _judged(office, _newest(), mia)
        expect(mia.get_by_role("region", name="Summary of the plan")).to_contain_text(sign)


def test_conflict__two_changed_the_same_table__is_rebased_side_by_side(office: Office, as_person: AsPerson) -> None:
    people = office.stage.people
    mine, theirs = office.stage.draft(title="Mine"), office.stage.draft(actor=people.colleague, title="Theirs")
    for change, who, edit in (
        (mine, people.member, change_request_edit_tables_pause),
        (theirs, people.colleague, change_request_edit_tables_reload),
    ):
        edit(actor=who, change_request=change, task="foodsearch", tables=[BARCODES])
    change_request_submit(actor=people.colleague, change_request=theirs)
    run = office.check(theirs)
    review_approve(actor=people.platform, change_request=theirs, fingerprint=run.fingerprint)
    change_request_merge(actor=people.member, change_request=theirs)

    mia = as_person(people.member)
    mia.goto(f"/changes/{mine.number}/")
    expect(mia.get_by_text("1 revision was accepted since this began.")).to_be_visible()
    mia.get_by_role("button", name="Rebase").click()
    sides = mia.get_by_role("region", name="Both sides of")
    expect(sides.get_by_role("columnheader")).to_contain_text(["When it began", "Accepted since", f"#{mine.number}"])
    mia.get_by_label("Keep mine").check()
    mia.get_by_role("button", name="Rebase with these choices").click()
    mia.wait_for_url(f"**/changes/{mine.number}/")
    expect(mia.get_by_text("accepted since this began")).to_have_count(0)
    mine.refresh_from_db()
    entries = {entry.source: entry for entry in team_document_of(mine.document).tasks["foodsearch"].tables}
    assert entries[BARCODES].paused


def test_draft__edited_by_two_people__keeps_the_work_of_both(office: Office, as_person: AsPerson) -> None:
    people = office.stage.people
    draft = office.stage.draft("foodsearch.products")
    mia, carl = as_person(people.member), as_person(people.colleague)
    mia.goto(f"/changes/tasks/local/food/foodsearch/settings/?where={draft.number}")
    mia.get_by_label("Tables loaded at once").fill("4")
    carl.goto(f"/changes/add/local/food/?to={draft.number}")
    carl.get_by_role("radio", name="foodsearch").check()
    carl.get_by_label("Or paste a list").fill("foodsearch.tags")
    carl.get_by_role("button", name="Propose these tables").click()
    carl.wait_for_url(f"**/changes/{draft.number}/")
    mia.get_by_role("button", name="Propose these settings").click()
    mia.wait_for_url(f"**/changes/{draft.number}/")

    draft.refresh_from_db()
    task = team_document_of(draft.document).tasks["foodsearch"]
    assert {"fooddb/foodsearch/products", "fooddb/foodsearch/tags"} <= {entry.source for entry in task.tables}
    assert task.settings is not None
    expect(mia.locator("#changes")).to_contain_text("fooddb/foodsearch/tags")
    expect(mia.locator(".last-edit")).to_contain_text("Mia")


def test_risky_change__approved_by_a_reviewer__needs_the_platform_team_and_the_name_of_what_goes(
    office: Office, as_person: AsPerson
) -> None:
    people = office.stage.people
    mia, rita, petra = as_person(people.member), as_person(people.reviewer), as_person(people.platform)
    mia.goto("/tables/?q=brands")
    mia.get_by_label(f"Choose {BRANDS}").check()
    mia.get_by_role("button", name="Remove").click()
    typed = mia.get_by_label("to confirm")
    if typed.count():
        typed.fill("brands")
    mia.get_by_role("button", name="Propose to remove 1 table").click()
    mia.wait_for_url("**/changes/*/")
    change = _newest()
    mia.get_by_role("button", name="Submit for review").click()
    _expect_state(mia, "checking")
    _judged(office, change, mia)

    rita.goto(mia.url)
    rita.get_by_role("button", name="Approve this plan").click()
    _expect_state(rita, "in review")
    expect(rita.locator("#verdict")).to_contain_text("platform team")
    petra.goto(mia.url)
    petra.get_by_role("button", name="Approve this plan").click()
    _expect_state(petra, "approved")

    mia.reload()
    mia.get_by_label("to confirm").fill("brands")
    mia.get_by_role("button", name="Merge and deploy to local").click()
    mia.wait_for_url("**/deployments/*/")
    assert Deployment.objects.get().change_request_id == change.number


def test_emergency__by_the_platform_team__goes_without_review_and_says_so_for_ever(
    office: Office, as_person: AsPerson
) -> None:
    change = office.in_review("foodsearch.products")
    petra = as_person(office.stage.people.platform)
    petra.goto(f"/changes/{change.number}/")
    petra.locator("summary", has_text="Merge without a review").click()
    petra.get_by_label("Why can it not wait for a reviewer?").fill("The lake is wrong since noon.")
    petra.get_by_role("button", name="Merge and deploy without a review").click()
    petra.wait_for_url("**/deployments/*/")
    expect(petra.get_by_text("It went without a review: The lake is wrong since noon.")).to_be_visible()
    petra.goto(f"/changes/{change.number}/")
    expect(petra.get_by_text("Merged in an emergency, without a review")).to_be_visible()
    petra.goto("/history/")
    expect(petra.locator(".event-sentence", has_text="The lake is wrong since noon.").first).to_be_visible()


def test_keyboard__without_a_mouse__proposes_submits_and_approves_tables(office: Office, as_person: AsPerson) -> None:
    people = office.stage.people
    mia, rita = as_person(people.member), as_person(people.reviewer)
    mia.goto("/")
    tab_to(mia, mia.locator("main").get_by_role("link", name="food", exact=True))
    mia.keyboard.press("Enter")
    mia.wait_for_url("**/teams/local/food/")
    tab_to(mia, mia.get_by_role("link", name="Add tables"))
    mia.keyboard.press("Enter")
    mia.wait_for_url("**/changes/add/**")
    tab_to(mia, mia.get_by_role("radio", name="foodsearch"))
    mia.keyboard.press("Space")
    tab_to(mia, mia.get_by_label("Or paste a list"))
    mia.keyboard.type("foodsearch.products")
    tab_to(mia, mia.get_by_role("button", name="Propose these tables"))
    mia.keyboard.press("Enter")
    mia.wait_for_url("**/changes/*/")
    tab_to(mia, mia.get_by_role("button", name="Submit for review"))
    mia.keyboard.press("Enter")
    _expect_state(mia, "checking")
    change = _newest()
    _judged(office, change)
    assert change.state == ChangeRequestState.IN_REVIEW

    rita.goto("/")
    tab_to(rita, rita.get_by_role("link", name=f"#{change.number} "))
    rita.keyboard.press("Enter")
    rita.wait_for_url("**/changes/*/")
    tab_to(rita, rita.get_by_role("button", name="Approve this plan"))
    rita.keyboard.press("Enter")
    _expect_state(rita, "approved")


def test_change__on_a_phone__is_found_read_approved_and_merged(office: Office, as_person: AsPerson) -> None:
    change = office.in_review("foodsearch.products")
    rita = as_person(office.stage.people.reviewer, phone=True)
    rita.goto("/")
    within_the_phone(rita)
    rita.get_by_role("link", name=f"#{change.number} ").first.tap()
    expect(rita.get_by_role("region", name="What it does")).to_contain_text("food-foodsearch")
    within_the_phone(rita)
    rita.get_by_role("button", name="Approve this plan").tap()
    rita.get_by_role("button", name="Merge and deploy to local").tap()
    rita.wait_for_url("**/deployments/*/")
    within_the_phone(rita)
