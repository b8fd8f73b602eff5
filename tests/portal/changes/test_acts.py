"""What people do with a change request."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from replication.choices import ChangeRequestState
from replication.models import ChangeRequest, Deployment
from replication.services.change_request_table_edits import change_request_edit_tables_remove
from replication.services.change_request_task_edits import change_request_edit_task_pause
from tests.portal.office import Office

Browser = Callable[[User], Client]


def _act(client: Client, name: str, change: ChangeRequest, **data: str) -> HttpResponse:
    response = client.post(reverse(f"changes:{name}", args=[change.number]), data)
    change.refresh_from_db()
    return response  # type: ignore[return-value]  # the test client's response is one, with more on it


def test_submit__a_draft_of_ones_team__is_checked(office: Office, browser_of: Browser) -> None:
    change = office.stage.draft("foodsearch.products")
    assert _act(browser_of(office.stage.people.member), "submit", change).status_code == HTTPStatus.FOUND
    assert change.state == ChangeRequestState.CHECKING


def test_submit__a_stranger__is_refused_in_words(office: Office, browser_of: Browser) -> None:
    change = office.stage.draft("foodsearch.products")
    answer = _act(browser_of(office.stage.people.stranger), "submit", change)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "You are not in team food" in answer.content.decode()


def test_approve__the_plan_that_the_page_showed__approves(office: Office, browser_of: Browser) -> None:
    change = office.in_review()
    client = browser_of(office.stage.people.reviewer)
    fingerprint = client.get(f"/changes/{change.number}/").context["box"].act.fingerprint
    _act(client, "approve", change, fingerprint=fingerprint)
    assert change.state == ChangeRequestState.APPROVED


def test_approve__another_plan_than_was_looked_at__is_refused(office: Office, browser_of: Browser) -> None:
    change = office.in_review()
    answer = _act(browser_of(office.stage.people.reviewer), "approve", change, fingerprint="0" * 64)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert change.state == ChangeRequestState.IN_REVIEW


def test_approve__the_author__is_refused(office: Office, browser_of: Browser) -> None:
    change = office.in_review()
    answer = _act(browser_of(office.stage.people.member), "approve", change, fingerprint="")
    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("name", ["request-changes", "refuse"])
def test_review__without_a_reason__comes_back_with_the_field_open_and_marked(
    office: Office, browser_of: Browser, name: str
) -> None:
    change = office.in_review()
    answer = _act(browser_of(office.stage.people.reviewer), name, change, reason="   ")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "takes a reason" in answer.content.decode()
    assert '<details class="fold" open>' in answer.content.decode()
    assert change.state == ChangeRequestState.IN_REVIEW


def test_refuse__with_a_reason__returns_it_to_its_author_who_reads_the_reason(
    office: Office, browser_of: Browser
) -> None:
    change = office.in_review()
    _act(browser_of(office.stage.people.reviewer), "refuse", change, reason="Not in this quarter.")
    assert change.state == ChangeRequestState.DRAFT
    page = browser_of(office.stage.people.member).get(f"/changes/{change.number}/").content.decode()
    assert "refused it: Not in this quarter." in page


def test_request_changes__with_a_reason__blocks_the_merge_and_says_who(office: Office, browser_of: Browser) -> None:
    change = office.in_review()
    client = browser_of(office.stage.people.reviewer)
    _act(client, "request-changes", change, reason="Also add tags.")
    lines = client.get(f"/changes/{change.number}/").context["box"].requirements
    assert [(line.state, line.detail) for line in lines if line.label == "Approvals"] == [
        ("unmet", "Rita Example asked for changes: Also add tags.")
    ]


def test_merge__an_approved_change__leads_to_its_deployment(office: Office, browser_of: Browser) -> None:
    change = office.approved()
    answer = _act(browser_of(office.stage.people.member), "merge", change)
    assert answer["location"] == reverse("deployments:detail", args=[Deployment.objects.get().pk])
    assert change.state == ChangeRequestState.MERGED


@pytest.mark.parametrize(("typed", "state"), [("", "approved"), ("brand", "approved"), ("brands", "merged")])
def test_merge__a_removal__wants_the_tables_name(office: Office, browser_of: Browser, typed: str, state: str) -> None:
    change, people = office.stage.draft(), office.stage.people
    change_request_edit_tables_remove(
        actor=people.member, change_request=change, task="foodsearch", tables=["fooddb/foodsearch/brands"]
    )
    _act(browser_of(people.member), "submit", change)
    run = office.check(change)
    _act(browser_of(people.platform), "approve", change, fingerprint=run.fingerprint)
    _act(browser_of(people.member), "merge", change, typed=typed)
    assert change.state == state


def test_merge__not_approved__is_refused_in_words(office: Office, browser_of: Browser) -> None:
    change = office.in_review()
    answer = _act(browser_of(office.stage.people.member), "merge", change)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert not Deployment.objects.exists()


def test_close__an_open_change__ends_it_and_hides_the_box(office: Office, browser_of: Browser) -> None:
    change = office.stage.draft("foodsearch.products")
    client = browser_of(office.stage.people.member)
    _act(client, "close", change)
    assert change.state == ChangeRequestState.CLOSED
    assert client.get(f"/changes/{change.number}/").context["box"] is None


def test_rerun_checks__a_judged_change__makes_a_new_run(office: Office, browser_of: Browser) -> None:
    change = office.in_review()
    before = change.check_runs.count()
    _act(browser_of(office.stage.people.member), "rerun-checks", change)
    assert change.check_runs.count() == before + 1


def test_comment__about_a_table__stands_in_the_discussion(office: Office, browser_of: Browser) -> None:
    change = office.in_review()
    client = browser_of(office.stage.people.colleague)
    answer = _act(client, "comment", change, body="Is it large?", table="fooddb/foodsearch/products")
    assert answer["location"] == f"/changes/{change.number}/#discussion"
    comment = change.comments.get()
    assert (comment.body, comment.table) == ("Is it large?", "fooddb/foodsearch/products")


@pytest.mark.parametrize("data", [{"body": " "}, {"body": "Hm", "table": "fooddb/foodsearch/elsewhere"}])
def test_comment__that_does_not_fit__is_kept_with_the_reason_beside_it(
    office: Office, browser_of: Browser, data: dict[str, str]
) -> None:
    change = office.in_review()
    answer = _act(browser_of(office.stage.people.colleague), "comment", change, **data)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'class="field-errors"' in answer.content.decode()
    assert not change.comments.exists()


def test_take_back__an_added_table__removes_it_from_the_draft(office: Office, browser_of: Browser) -> None:
    change = office.stage.draft("foodsearch.products", "foodsearch.tags")
    url = reverse("changes:take-back", args=[change.number, "foodsearch", "fooddb/foodsearch/tags"])
    client = browser_of(office.stage.people.member)
    assert client.post(url).status_code == HTTPStatus.FOUND
    groups = client.get(f"/changes/{change.number}/").context["changed"].groups
    assert [line.name for group in groups for line in group.tables] == ["fooddb/foodsearch/products"]


def test_take_back_task__a_paused_one__is_offered_and_undoes_it(office: Office, browser_of: Browser) -> None:
    change, member = office.stage.draft(), office.stage.people.member
    change_request_edit_task_pause(actor=member, change_request=change, task="foodsearch", paused=True)
    client = browser_of(member)
    [task] = client.get(f"/changes/{change.number}/").context["changed"].things
    assert browser_of(office.stage.people.stranger).post(task.url).status_code == HTTPStatus.FORBIDDEN
    client.post(task.url)
    change.refresh_from_db()
    assert change.base_revision is not None
    assert change.document_hash == change.base_revision.document_hash


@pytest.mark.parametrize(
    "name", ["submit", "approve", "request-changes", "refuse", "merge", "close", "comment", "rerun-checks"]
)
def test_acts__asked_for_by_get__do_nothing(office: Office, browser_of: Browser, name: str) -> None:
    change = office.stage.draft()
    answer = browser_of(office.stage.people.member).get(reverse(f"changes:{name}", args=[change.number]))
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
