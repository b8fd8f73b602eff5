"""Two people have the same draft open: each sees what the other did, and neither undoes it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from replication.documents import team_document_of
from replication.models import ChangeRequest, TableEntry
from replication.selectors.change_request_token import change_request_token_now
from replication.services.change_request_part_edits import PartKind, change_request_edit_part
from replication.services.change_request_table_edits import (
    change_request_edit_tables_add,
    change_request_edit_tables_reload,
)
from replication.services.change_requests import change_request_close
from tests.portal.hidden_fields import hidden_values
from tests.portal.office import Office

Browser = Callable[[User], Client]
SETTINGS = reverse("changes:task-settings", args=["local", "food", "foodsearch"])
SOURCE = reverse("changes:part-edit", args=["local", "food", "source", "fooddb"])
ADD = reverse("changes:add-tables", args=["local", "food"])
BARCODES = "fooddb/foodsearch/barcodes"


def _reload_by_carl(office: Office, draft: ChangeRequest) -> None:
    change_request_edit_tables_reload(
        actor=office.stage.people.colleague,
        change_request=ChangeRequest.objects.get(pk=draft.pk),
        task="foodsearch",
        tables=[BARCODES],
    )


def _add_by_carl(office: Office, draft: ChangeRequest, table: str = "foodsearch.tags") -> None:
    change_request_edit_tables_add(
        actor=office.stage.people.colleague,
        change_request=ChangeRequest.objects.get(pk=draft.pk),
        task="foodsearch",
        entries=[table],
    )


def test_table_act__the_table_was_reloaded_meanwhile__keeps_what_was_typed_and_offers_to_go_on_top(
    office: Office, browser_of: Browser
) -> None:
    draft, client = office.stage.draft("foodsearch.tags"), browser_of(office.stage.people.member)
    key = TableEntry.objects.get(table_name="barcodes").pk
    address = f"{reverse('changes:table-act')}?act=pause&table={key}"
    shown = hidden_values(client.get(address))
    _reload_by_carl(office, draft)
    answer = client.post(address, {**shown, "where": draft.number, "title": "Mine", "description": "Because"})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Carl Example changed <code>fooddb/foodsearch/barcodes in foodsearch</code>" in page
    assert "gave 1 table of foodsearch a new version: foodsearch.barcodes" in page
    assert "Because" in page
    assert "Put it on top of that" in page
    again = client.post(address, {**hidden_values(answer), "where": draft.number, "title": "", "description": ""})
    assert again.status_code == HTTPStatus.FOUND
    draft.refresh_from_db()
    entries = team_document_of(draft.document).tasks["foodsearch"].tables
    assert [entry.paused for entry in entries if entry.source == BARCODES] == [True]


def test_table_act__the_act_no_longer_applies__says_who_did_what(office: Office, browser_of: Browser) -> None:
    draft, client = office.stage.draft("foodsearch.tags"), browser_of(office.stage.people.member)
    keys = [TableEntry.objects.get(table_name=name).pk for name in ("barcodes", "brands")]
    address = f"{reverse('changes:table-act')}?act=reload&table={keys[0]}&table={keys[1]}"
    shown = hidden_values(client.get(f"{address}&where={draft.number}"))
    _reload_by_carl(office, draft)
    answer = client.post(address, {**shown, "where": draft.number})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Carl Example changed <code>fooddb/foodsearch/barcodes in foodsearch</code>" in page
    assert "it gets a new version there already" in page
    assert "Propose to reload 1 table" in page


def test_source_form__another_value_was_changed_meanwhile__is_told_and_never_set_back(
    office: Office, browser_of: Browser
) -> None:
    draft, client = office.stage.draft("foodsearch.tags"), browser_of(office.stage.people.member)
    address = f"{SOURCE}?where={draft.number}"
    page = client.get(address)
    sent = {**hidden_values(page), **page.context["form"].initial, "loads_at_once": 3, "where": draft.number}
    change_request_edit_part(
        actor=office.stage.people.colleague,
        change_request=ChangeRequest.objects.get(pk=draft.pk),
        kind=PartKind.SOURCE,
        name="fooddb",
        changes={"log_retention_hours": 96},
    )
    answer = client.post(address, sent)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "changed the source fooddb: log_retention_hours" in answer.content.decode()
    client.post(address, {**sent, **hidden_values(answer)})
    draft.refresh_from_db()
    source = team_document_of(draft.document).team.sources["fooddb"]
    assert (source.log_retention_hours, source.loads_at_once) == (96, 3)


def test_add_tables__others_added_meanwhile__joins_them(office: Office, browser_of: Browser) -> None:
    draft, client = office.stage.draft("foodsearch.tags"), browser_of(office.stage.people.member)
    shown = hidden_values(client.get(ADD))
    _add_by_carl(office, draft, "foodsearch.prices")
    typed = {"task": "foodsearch", "where": draft.number, "pasted": "foodsearch.more"}
    assert client.post(ADD, {**shown, **typed}).status_code == HTTPStatus.FOUND
    draft.refresh_from_db()
    tables = {entry.reference.table for entry in team_document_of(draft.document).tasks["foodsearch"].tables}
    assert {"tags", "prices", "more"} <= tables


def test_add_tables__the_same_was_added_meanwhile__says_who_beside_the_line(
    office: Office, browser_of: Browser
) -> None:
    draft, client = office.stage.draft(), browser_of(office.stage.people.member)
    shown = hidden_values(client.get(ADD))
    _add_by_carl(office, draft)
    typed = {"task": "foodsearch", "where": draft.number, "pasted": "foodsearch.more\nfoodsearch.tags"}
    answer = client.post(ADD, {**shown, **typed})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Line 2" in answer.content.decode()
    assert "Carl Example did this at" in answer.content.decode()


def test_take_back__edited_since_the_page_was_shown__is_not_taken_back_and_says_by_whom(
    office: Office, browser_of: Browser
) -> None:
    draft, client = office.stage.draft(), browser_of(office.stage.people.member)
    _reload_by_carl(office, draft)
    page = client.get(f"/changes/{draft.number}/")
    [line] = [line for group in page.context["changed"].groups for line in group.tables]
    key = TableEntry.objects.get(table_name="barcodes").pk
    carl = browser_of(office.stage.people.colleague)
    address = f"{reverse('changes:table-act')}?act=pause&table={key}"
    carl.post(address, {**hidden_values(carl.get(f"{address}&where={draft.number}")), "where": draft.number})
    answer = client.post(line.remove_url, follow=True)
    assert "Not taken back: Carl Example changed fooddb/foodsearch/barcodes" in answer.content.decode()
    draft.refresh_from_db()
    entries = team_document_of(draft.document).tasks["foodsearch"].tables
    assert [entry.paused for entry in entries if entry.source == BARCODES] == [True]


def test_submit__edited_since_the_page_was_shown__is_shown_first(office: Office, browser_of: Browser) -> None:
    draft, client = office.stage.draft("foodsearch.more"), browser_of(office.stage.people.member)
    office.check(draft)
    address = reverse("changes:submit", args=[draft.number])
    shown = hidden_values(client.get(f"/changes/{draft.number}/"))
    _add_by_carl(office, draft)
    answer = client.post(address, shown, follow=True)
    assert "Not submitted yet, for you have not seen all of it: Carl Example changed" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    client.post(address, hidden_values(answer))
    draft.refresh_from_db()
    assert draft.state == "checking"


def test_rename__renamed_meanwhile__keeps_what_was_typed(office: Office, browser_of: Browser) -> None:
    draft, client = office.stage.draft(), browser_of(office.stage.people.member)
    address = reverse("changes:rename", args=[draft.number])
    shown = hidden_values(client.get(address))
    carl = browser_of(office.stage.people.colleague)
    carl.post(address, {**hidden_values(carl.get(address)), "title": "Carl's", "description": ""})
    answer = client.post(address, {**shown, "title": "Mine", "description": "A long story"})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert [words for words in ("A long story", "it is now “Carl&#x27;s”", "Save over that") if words not in page] == []
    client.post(address, {**hidden_values(answer), "title": "Mine", "description": "A long story"})
    draft.refresh_from_db()
    assert draft.title == "Mine"


def test_detail__edited_by_somebody__says_who_and_what(office: Office, browser_of: Browser) -> None:
    draft = office.stage.draft()
    _add_by_carl(office, draft)
    page = browser_of(office.stage.people.member).get(f"/changes/{draft.number}/").content.decode()
    assert "Last edit: Carl Example added 1 table to foodsearch: foodsearch.tags" in page


def test_live__edited_by_somebody__brings_the_list_of_changes_in_the_way_it_is_looked_at(
    office: Office, browser_of: Browser
) -> None:
    draft = office.stage.draft("foodsearch.more")
    office.check(draft)
    client = browser_of(office.stage.people.member)
    poll_url = client.get(f"/changes/{draft.number}/?show=files").context["poll_url"]
    assert client.get(poll_url).status_code == HTTPStatus.NO_CONTENT
    _add_by_carl(office, draft)
    answer = client.get(poll_url)
    assert 'id="changes"' in answer.content.decode()
    assert answer.context["changed"].show == "files"
    assert "Carl Example added 1 table" in answer.content.decode()


def test_live__nothing_new__is_answered_by_few_queries(
    office: Office, browser_of: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    draft = office.approved()
    client = browser_of(office.stage.people.member)
    poll_url = client.get(f"/changes/{draft.number}/").context["poll_url"]
    with django_assert_max_num_queries(8):
        assert client.get(poll_url).status_code == HTTPStatus.NO_CONTENT


@pytest.mark.parametrize("closed", [False, True])
def test_token_now__any_state__is_the_one_of_the_page(office: Office, browser_of: Browser, closed: bool) -> None:
    change = office.approved()
    if closed:
        change_request_close(actor=office.stage.people.member, change_request=change)
    page = browser_of(office.stage.people.member).get(f"/changes/{change.number}/")
    assert ("poll_url" in page.context and bool(page.context["poll_url"])) is not closed
    live = reverse("changes:live", args=[change.number])
    answer = browser_of(office.stage.people.member).get(f"{live}?seen={change_request_token_now(change.number)}")
    assert answer.status_code == HTTPStatus.NO_CONTENT
