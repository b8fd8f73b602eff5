"""Rebasing: at once where nothing meets, else side by side."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.documents import team_document_of
from replication.models import ChangeRequest
from replication.services.change_request_part_edits import change_request_edit_task_settings
from replication.services.change_request_table_edits import (
    change_request_edit_tables_add,
    change_request_edit_tables_pause,
    change_request_edit_tables_reload,
    change_request_edit_tables_remove,
)
from replication.services.change_request_task_edits import change_request_edit_task_remove
from replication.services.change_requests import change_request_submit
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.portal.hidden_fields import hidden_values
from tests.portal.office import Office

Browser = Callable[[User], Client]
BARCODES = "fooddb/foodsearch/barcodes"
KEY = f"side:tasks/foodsearch/tables/{BARCODES}"


def _accept(office: Office, change: ChangeRequest) -> None:
    change_request_submit(actor=office.stage.people.member, change_request=change)
    run = office.check(change)
    review_approve(actor=office.stage.people.platform, change_request=change, fingerprint=run.fingerprint)
    change_request_merge(actor=office.stage.people.member, change_request=change)


@pytest.fixture
def behind(office: Office) -> ChangeRequest:
    """A draft that pauses a table, which was reloaded in what was accepted since."""
    people = office.stage.people
    mine, theirs = office.stage.draft(title="Mine"), office.stage.draft(actor=people.colleague, title="Theirs")
    change_request_edit_tables_pause(actor=people.member, change_request=mine, task="foodsearch", tables=[BARCODES])
    change_request_edit_tables_add(
        actor=people.member, change_request=mine, task="foodsearch", entries=["foodsearch.tags"]
    )
    change_request_edit_tables_reload(
        actor=people.colleague, change_request=theirs, task="foodsearch", tables=[BARCODES]
    )
    _accept(office, theirs)
    mine.refresh_from_db()
    return mine


def _address(change: ChangeRequest) -> str:
    return reverse("changes:rebase", args=[change.number])


def _barcodes(change: ChangeRequest) -> tuple[str, bool]:
    change.refresh_from_db()
    tables = team_document_of(change.document).tasks["foodsearch"].tables
    return next((entry.version, entry.paused) for entry in tables if entry.source == BARCODES)


def test_rebase__nothing_meets__is_done_at_once(office: Office, browser_of: Browser) -> None:
    mine, theirs = office.stage.draft("foodsearch.tags"), office.stage.draft("foodsearch.prices")
    _accept(office, theirs)
    answer = browser_of(office.stage.people.member).post(_address(mine))
    assert answer["location"] == reverse("changes:detail", args=[mine.number])
    mine.refresh_from_db()
    assert {"fooddb/foodsearch/tags", "fooddb/foodsearch/prices"} <= {
        entry.source for entry in team_document_of(mine.document).tasks["foodsearch"].tables
    }


def test_rebase__something_meets__shows_both_sides_with_the_base(
    office: Office, browser_of: Browser, behind: ChangeRequest
) -> None:
    client = browser_of(office.stage.people.member)
    answer = client.post(_address(behind))
    assert answer["location"] == _address(behind)
    page = client.get(_address(behind))
    [card] = page.context["cards"]
    rows = {row.label: (row.base, row.theirs, row.ours) for row in card.rows}
    assert rows["paused"] == ("no", "no", "yes")
    assert rows["version"][1] > rows["version"][0] == rows["version"][2]
    assert card.accepted_by.title == "Theirs"
    words = page.content.decode()
    assert "also changed by" in words
    assert "1 change of #" in words
    assert "a check will refuse yours" not in words, "a paused table may keep an old version"


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_rebase__chosen__is_applied_and_checked_again(
    office: Office, browser_of: Browser, behind: ChangeRequest, side: str
) -> None:
    client = browser_of(office.stage.people.member)
    shown = hidden_values(client.get(_address(behind)))
    answer = client.post(_address(behind), {**shown, KEY: side})
    assert answer["location"] == reverse("changes:detail", args=[behind.number])
    assert _barcodes(behind)[1] == (side == "mine")
    assert behind.check_runs.latest("id").document_hash == behind.document_hash


def test_rebase__all_at_once__is_one_press(office: Office, browser_of: Browser, behind: ChangeRequest) -> None:
    client = browser_of(office.stage.people.member)
    shown = hidden_values(client.get(_address(behind)))
    client.post(_address(behind), {**shown, "all": "mine"})
    assert _barcodes(behind)[1]


@pytest.mark.parametrize("answers", [{}, {KEY: "both"}])
def test_rebase__nothing_chosen__says_so_and_loses_nothing(
    office: Office, browser_of: Browser, behind: ChangeRequest, answers: dict[str, str]
) -> None:
    client = browser_of(office.stage.people.member)
    shown = hidden_values(client.get(_address(behind)))
    answer = client.post(_address(behind), {**shown, **answers})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Choose whose word stands" in answer.content.decode()
    hash_before = behind.document_hash
    behind.refresh_from_db()
    assert behind.document_hash == hash_before


def test_rebase__the_draft_moved_on_while_choosing__is_shown_again(
    office: Office, browser_of: Browser, behind: ChangeRequest
) -> None:
    client = browser_of(office.stage.people.member)
    shown = hidden_values(client.get(_address(behind)))
    change_request_edit_tables_add(
        actor=office.stage.people.colleague,
        change_request=ChangeRequest.objects.get(pk=behind.pk),
        task="foodsearch",
        entries=["foodsearch.more"],
    )
    answer = client.post(_address(behind), {**shown, KEY: "mine"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.context["cards"][0].chosen == "mine"
    again = client.post(_address(behind), {**hidden_values(answer), KEY: "mine"})
    assert again.status_code == HTTPStatus.FOUND


def test_rebase__a_task_that_was_removed__is_decided_whole(office: Office, browser_of: Browser) -> None:
    people = office.stage.people
    mine, theirs = office.stage.draft("foodsearch.tags"), office.stage.draft()
    change_request_edit_task_settings(
        actor=people.member, change_request=mine, task="foodsearch", changes={"commit_rate": 5000}
    )
    change_request_edit_task_remove(actor=people.member, change_request=theirs, task="foodsearch")
    _accept(office, theirs)
    client = browser_of(people.member)
    page = client.get(_address(mine))
    [card] = page.context["cards"]
    rows = {row.label: (row.base, row.theirs, row.ours) for row in card.rows}
    assert card.words == "the task foodsearch"
    assert rows["tables"] == ("2 tables", "not there", "3 tables")
    assert rows["settings commit rate"] == ("not set", "not there", "5000")
    client.post(_address(mine), {**hidden_values(page), f"side:{card.key}": "theirs"})
    mine.refresh_from_db()
    assert "foodsearch" not in team_document_of(mine.document).tasks


def test_rebase__a_lower_version_that_meets_a_higher_one__is_warned_of(office: Office, browser_of: Browser) -> None:
    mine = office.stage.draft("foodsearch.tags v202601010000")
    theirs = office.stage.draft("foodsearch.tags v202601020000")
    _accept(office, theirs)
    page = browser_of(office.stage.people.member).get(_address(mine)).content.decode()
    assert "a check will refuse yours" in page


def test_rebase__a_removal_that_meets_a_reload__shows_that_it_is_not_there(office: Office, browser_of: Browser) -> None:
    people = office.stage.people
    mine, theirs = office.stage.draft(), office.stage.draft()
    change_request_edit_tables_remove(actor=people.member, change_request=mine, task="foodsearch", tables=[BARCODES])
    change_request_edit_tables_reload(actor=people.member, change_request=theirs, task="foodsearch", tables=[BARCODES])
    _accept(office, theirs)
    [card] = browser_of(people.member).get(_address(mine)).context["cards"]
    assert {row.ours for row in card.rows} == {"not there"}


def test_rebase__not_behind_or_not_allowed__shows_no_page(office: Office, browser_of: Browser) -> None:
    draft = office.stage.draft()
    client = browser_of(office.stage.people.member)
    assert client.get(_address(draft))["location"] == reverse("changes:detail", args=[draft.number])
    stranger = browser_of(office.stage.people.stranger)
    assert stranger.get(_address(draft)).status_code == HTTPStatus.FORBIDDEN
    assert stranger.post(_address(draft)).status_code == HTTPStatus.FORBIDDEN
