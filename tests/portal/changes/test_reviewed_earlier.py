"""Reviews of an earlier version, and what changed since: in what is proposed, and in its plan."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.models import User
from django.test import Client

from replication.models import ChangeRequest
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.change_requests import change_request_create, change_request_submit
from replication.services.checks import checks_request
from replication.services.environment_edits import change_request_edit_environment
from replication.services.reviews import review_approve, review_request_changes
from tests.portal.office import Office
from tests.replication.factories import GlobalRoleFactory
from tests.replication.verdicts import FakeJudge, removal_effect

Browser = Callable[[User], Client]


def _page(client: Client, change: ChangeRequest, query: str = "") -> str:
    response = client.get(f"/changes/{change.number}/{query}")
    assert response.status_code == HTTPStatus.OK
    return str(response.content.decode())


def test_detail__edited_after_a_review__keeps_the_review_greyed_with_what_changed_since(
    office: Office, browser_of: Browser
) -> None:
    change, people = office.in_review(), office.stage.people
    review = review_request_changes(actor=people.reviewer, change_request=change, reason="Also add tags.")
    change_request_edit_tables_add(
        actor=people.member, change_request=change, task="foodsearch", entries=["foodsearch.tags"]
    )
    client = browser_of(people.reviewer)
    assert "of an earlier version" in _page(client, change)
    section = client.get(f"/changes/{change.number}/?show=since&review={review.pk}").context["changed"]
    assert [line.name for group in section.groups for line in group.tables] == ["fooddb/foodsearch/tags"]


def test_detail__another_plan_for_the_same_document__greys_the_review_and_says_what_the_plan_does_now(
    office: Office, browser_of: Browser
) -> None:
    change, people = office.in_review(), office.stage.people
    run = change.check_runs.latest("id")
    review = review_approve(actor=people.reviewer, change_request=change, fingerprint=run.fingerprint)
    checks_request(actor=people.member, change_request=change)
    office.stage.check(change, FakeJudge(effects=(removal_effect("fooddb/foodsearch/brands"),)))
    client = browser_of(people.reviewer)
    page = client.get(f"/changes/{change.number}/?show=since&review={review.pk}")
    [remark] = [each for each in page.context["remarks"] if each.kind == "approved"]
    assert remark.stale
    assert remark.since_url
    assert "but the plan has." in page.context["changed"].nothing
    assert "fooddb/foodsearch/brands stops being replicated." in page.context["changed"].replanned.comes


def test_detail__a_review_of_an_environments_change__shows_what_changed_since(
    office: Office, browser_of: Browser
) -> None:
    platform, other = office.stage.people.platform, GlobalRoleFactory().user
    change = change_request_create(actor=platform, environment=office.stage.environment, team=None, title="Network")
    change_request_edit_environment(actor=platform, change_request=change, changes={"network.vpc": "vpc-0000aaaa"})
    change_request_submit(actor=platform, change_request=change)
    office.stage.check(change)
    review = review_request_changes(actor=other, change_request=change, reason="Another one.")
    change_request_edit_environment(actor=platform, change_request=change, changes={"network.vpc": "vpc-0000bbbb"})
    section = browser_of(other).get(f"/changes/{change.number}/?show=since&review={review.pk}").context["changed"]
    assert section.settings == [("network/vpc", "vpc-0000aaaa", "vpc-0000bbbb")]


def test_detail__since_a_review_that_is_not_its_own__says_so(office: Office, browser_of: Browser) -> None:
    page = _page(browser_of(office.stage.people.viewer), office.in_review(), "?show=since&review=99")
    assert "not of this change request" in page
