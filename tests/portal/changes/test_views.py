"""The change request page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.models import ChangeRequest
from replication.services.change_request_table_edits import (
    change_request_edit_tables_pause,
    change_request_edit_tables_reload,
    change_request_edit_tables_remove,
)
from replication.services.change_requests import change_request_comment, change_request_create, change_request_submit
from replication.services.environment_edits import change_request_edit_environment
from replication.services.reviews import review_approve
from tests.portal.office import Office
from tests.portal.pretend_aws import PretendAws

Browser = Callable[[User], Client]
PLANNER = "arn:aws:iam::111122223333:role/other-planner"


def _page(client: Client, change: ChangeRequest, query: str = "") -> str:
    response = client.get(reverse("changes:detail", args=[change.number]) + query)
    assert response.status_code == HTTPStatus.OK
    return str(response.content.decode())


def test_detail__in_review__says_what_the_plan_does_before_any_difference(office: Office, browser_of: Browser) -> None:
    page = _page(browser_of(office.stage.people.reviewer), office.in_review("foodsearch.products", "foodsearch.tags"))
    marks = [
        "+2",
        "pauses 1 task",
        "effects-heading",
        "steps-heading",
        "Stop food-foodsearch",
        "checks-heading",
        "passed",
    ]
    places = [page.index(mark) for mark in [*marks, "changes-heading", "discussion-heading", "Approve this plan"]]
    assert places == sorted(places)


def test_detail__in_review__offers_approval_to_a_reviewer_and_tells_the_author_why_not(
    office: Office, browser_of: Browser
) -> None:
    change, people = office.in_review(), office.stage.people
    assert browser_of(people.reviewer).get(f"/changes/{change.number}/").context["box"].act.enabled
    act = browser_of(people.member).get(f"/changes/{change.number}/").context["box"].act
    assert not act.enabled
    assert act.reason.startswith("Reviews of this change are given by")


def test_detail__approved__names_the_environment_and_what_pauses_on_its_one_button(
    office: Office, browser_of: Browser
) -> None:
    page = _page(browser_of(office.stage.people.member), office.approved())
    assert "Merge and deploy to local (pauses 1 task)" in page
    assert page.count('class="btn btn-main"') == 1


def test_detail__a_reload__is_told_in_two_steps_with_what_it_costs(office: Office, browser_of: Browser) -> None:
    people, change = office.stage.people, office.stage.draft("foodsearch.products")
    change_request_edit_tables_reload(
        actor=people.member, change_request=change, task="foodsearch", tables=["fooddb/foodsearch/barcodes"]
    )
    change_request_submit(actor=people.member, change_request=change)
    run = office.check(change)
    assert run.plan is not None, run.refusals
    page = _page(browser_of(people.reviewer), change)
    marks = [
        "two steps",
        "fooddb/foodsearch/barcodes reloads from scratch",
        "food-foodsearch pauses twice",
        "Update the stack, step 1 of 2",
        "takes out until the next step",
        "Prepare step 2",
        "brings back under its new version",
    ]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)


def test_detail__a_failed_check__stands_first_with_its_remedy(office: Office, browser_of: Browser) -> None:
    change = office.in_review(judge=PretendAws(occupied=True))
    response = browser_of(office.stage.people.member).get(f"/changes/{change.number}/")
    failed = response.context["judged"].checks.failed
    assert [check.id for check in failed] == ["s3.no-overwrite"]
    assert failed[0].findings[0].remedy
    assert "It came back to its author" in response.content.decode()


def test_detail__aws_away__says_it_once_and_offers_to_run_the_checks_again(office: Office, browser_of: Browser) -> None:
    change = office.in_review(judge=PretendAws(away="connection refused"))
    response = browser_of(office.stage.people.member).get(f"/changes/{change.number}/")
    failed = response.context["judged"].checks.failed
    assert "checks could not run" in failed[0].title
    assert sum("connection refused" in finding.message for check in failed for finding in check.findings) <= 2
    assert reverse("changes:rerun-checks", args=[change.number]) in response.content.decode()


def test_detail__a_table_that_is_removed__has_to_be_typed(office: Office, browser_of: Browser) -> None:
    change = office.stage.draft()
    change_request_edit_tables_remove(
        actor=office.stage.people.member,
        change_request=change,
        task="foodsearch",
        tables=["fooddb/foodsearch/brands"],
    )
    client = browser_of(office.stage.people.member)
    client.post(reverse("changes:submit", args=[change.number]))
    office.check(change)
    page = client.get(f"/changes/{change.number}/").context["judged"]
    assert [count.number for count in page.summary.counts] == [0, 0, 0, 1]
    assert page.effects.calm == ""


def test_detail__a_table_that_pauses__is_said_so_and_nothing_has_to_be_typed(
    office: Office, browser_of: Browser
) -> None:
    change, people = office.stage.draft(), office.stage.people
    change_request_edit_tables_pause(
        actor=people.member, change_request=change, task="foodsearch", tables=["fooddb/foodsearch/brands"]
    )
    change_request_submit(actor=people.member, change_request=change)
    run = office.check(change)
    review_approve(actor=people.platform, change_request=change, fingerprint=run.fingerprint)
    client = browser_of(people.member)
    page = client.get(f"/changes/{change.number}/")
    box, summary = page.context["box"], page.context["judged"].summary
    assert (box.act.label, box.act.typed, box.act.danger) == (
        "Merge and deploy to local (pauses 1 task)",
        "",
        False,
    )
    assert ("‖", 1) in [(count.symbol, count.number) for count in summary.counts]
    words = page.content.decode()
    assert "fooddb/foodsearch/brands pauses: it leaves food-foodsearch, and comes back only by a new load" in words
    assert "takes out, paused" in words
    answer = client.post(reverse("changes:merge", args=[change.number]))
    assert answer["location"].startswith("/deployments/")


def test_detail__a_change_of_the_environment__counts_its_values(office: Office, browser_of: Browser) -> None:
    platform = office.stage.people.platform
    change = change_request_create(actor=platform, environment=office.stage.environment, team=None, title="Network")
    change_request_edit_environment(
        actor=platform, change_request=change, changes={"network.vpc": "vpc-0000aaaa", "roles.planner": PLANNER}
    )
    office.stage.check(change)
    summary = browser_of(platform).get(f"/changes/{change.number}/").context["judged"].summary
    assert summary is not None
    assert ("~", 2, "settings") in [(count.symbol, count.number, count.noun) for count in summary.counts]


@pytest.mark.parametrize(
    ("show", "words"),
    [
        ("tables", "fooddb/foodsearch/products"),
        ("files", "environments/local/teams/food/tasks/foodsearch.json"),
        ("mappings", "TableMappings"),
        ("template", "local/food.template.json"),
        ("nonsense", "Take back"),
    ],
)
def test_detail__each_tab__shows_the_change_in_its_way(
    office: Office, browser_of: Browser, show: str, words: str
) -> None:
    page = _page(browser_of(office.stage.people.member), office.in_review(), f"?show={show}")
    assert words in page[page.index('id="changes"') :]


def test_detail__a_table_that_was_commented_on__leads_to_the_form_for_it(office: Office, browser_of: Browser) -> None:
    change, member = office.in_review("foodsearch.products", "foodsearch.tags"), office.stage.people.member
    change_request_comment(actor=member, change_request=change, body="Why?", table="fooddb/foodsearch/tags")
    client = browser_of(member)
    lines = client.get(f"/changes/{change.number}/").context["changed"].groups[0].tables
    assert [(line.name, line.comments) for line in lines] == [
        ("fooddb/foodsearch/products", 0),
        ("fooddb/foodsearch/tags", 1),
    ]
    page = client.get(f"/changes/{change.number}/{lines[1].comment_url.split('#')[0]}")
    assert page.context["comment_form"]["table"].value() == "fooddb/foodsearch/tags"


def test_detail__a_comment_with_markup__is_shown_as_text(office: Office, browser_of: Browser) -> None:
    change = office.in_review()
    change_request_comment(actor=office.stage.people.member, change_request=change, body="<script>alert(1)</script>")
    assert "<script>alert(1)" not in _page(browser_of(office.stage.people.viewer), change)


def test_detail__an_unknown_number__is_not_found(office: Office, browser_of: Browser) -> None:
    client = browser_of(office.stage.people.viewer)
    assert client.get("/changes/404/").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/changes/99999999999999999999999/").status_code == HTTPStatus.NOT_FOUND


def test_live__while_checks_run__answers_nothing_to_who_has_seen_it_and_the_parts_to_who_has_not(
    office: Office, browser_of: Browser
) -> None:
    change = office.stage.draft("foodsearch.products")
    client = browser_of(office.stage.people.member)
    poll_url = client.get(f"/changes/{change.number}/").context["poll_url"]
    assert client.get(poll_url).status_code == HTTPStatus.NO_CONTENT
    office.check(change)
    answer = client.get(poll_url)
    assert answer.status_code == HTTPStatus.OK
    assert 'hx-trigger="every 10s"' in answer.content.decode()
    assert 'id="changes"' not in answer.content.decode()
    assert 'hx-swap-oob="true"' in answer.content.decode()


def test_rename__a_title__is_kept_and_shown(office: Office, browser_of: Browser) -> None:
    change = office.stage.draft()
    client = browser_of(office.stage.people.member)
    answer = client.post(reverse("changes:rename", args=[change.number]), {"title": "Better", "description": "Because"})
    assert answer.status_code == HTTPStatus.FOUND
    assert "Better" in _page(client, change)


def test_rename__no_title__keeps_what_was_typed(office: Office, browser_of: Browser) -> None:
    change = office.stage.draft()
    answer = browser_of(office.stage.people.member).post(
        reverse("changes:rename", args=[change.number]), {"title": " ", "description": "A long story"}
    )
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "A long story" in answer.content.decode()


def test_rename__a_stranger__is_refused_in_words(office: Office, browser_of: Browser) -> None:
    change = office.stage.draft()
    answer = browser_of(office.stage.people.stranger).get(reverse("changes:rename", args=[change.number]))
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "You are not in team food" in answer.content.decode()


def test_detail__any__shows_how_full_the_limits_are_and_what_the_change_adds(
    office: Office, browser_of: Browser
) -> None:
    change = office.in_review("foodsearch.products")
    page = browser_of(office.stage.people.reviewer).get(f"/changes/{change.number}/")
    meters = {meter.label: meter for meter in page.context["limits"]}
    assert set(meters) == {"Template", "Resources", "Table mappings of food-foodsearch"}
    assert "kB of 1 MB (+" in meters["Template"].words
    assert meters["Resources"].words.endswith("of 500 resources")
    assert "by this change" in meters["Table mappings of food-foodsearch"].words
