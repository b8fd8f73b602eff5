"""A table with two running versions, on its page and in the list: which loads, how far, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from replication.models import TableEntry, TableStatus
from replication.services.change_requests import change_request_close
from tests.replication.beside import BARCODES, OLD, Beside
from tests.replication.conftest import Stage

Browser = Callable[[User], Client]
LIST, PAGE = "/tables/?environment=local", "/tables/local/fooddb/foodsearch/barcodes/"


@pytest.fixture
def beside(stage: Stage) -> Beside:
    """`barcodes` streams in its task, with a thousand rows, and stands a second time in `foodsearch-2`."""
    made = Beside(stage)
    made.accept(BARCODES)
    older = TableEntry.objects.get(table_name="barcodes", version=OLD)
    TableStatus.objects.create(
        entry=older, state="Table completed", full_load_rows=900, inserts=100, observed_at=timezone.now()
    )
    return made


def _loading(beside: Beside) -> None:
    """Four hundred of the thousand rows are there after eight minutes."""
    started = timezone.now() - timedelta(minutes=8)
    table: dict[str, Any] = {"state": "Full load", "full_load_rows": 400, "full_load_started_at": started}
    assert beside.see(task={"tables_loading": 1}, table=table) == []


def test_table__two_versions__shows_which_loads_how_far_and_what_is_next(beside: Beside, browser_of: Browser) -> None:
    _loading(beside)
    page = browser_of(beside.stage.people.viewer).get(PAGE).content.decode()
    newer = TableEntry.objects.get(table_name="barcodes", task__name="foodsearch-2").version
    for words in (
        f"<code>{OLD}</code> goes on in foodsearch: readers miss nothing",
        f"<code>{newer}</code> comes up beside it in foodsearch-2",
        "40 %: 400 of about 1\u202f000 rows, ends about in 1",
        f"Once {newer} is loaded and at most 20 min late, Sluice drafts the change that ends {OLD}",
        "foodsearch-2 is loading",
    ):
        assert words in page


def test_table__the_newer_has_caught_up__leads_to_the_draft_and_says_when_it_was_closed(
    beside: Beside, browser_of: Browser
) -> None:
    [draft] = beside.see()
    client = browser_of(beside.stage.people.member)
    page = client.get(PAGE).content.decode()
    assert f'<a href="/changes/{draft.number}/">#{draft.number} {draft.title}</a>' in page
    assert "waits for somebody of the team to submit it" in page
    change_request_close(actor=beside.stage.people.member, change_request=draft)
    assert "Both versions go on" in client.get(PAGE).content.decode()


def test_tables__two_versions__tell_of_each_other_in_their_lines(beside: Beside, browser_of: Browser) -> None:
    _loading(beside)
    client = browser_of(beside.stage.people.member)
    page = client.get(LIST).content.decode()
    newer = TableEntry.objects.get(table_name="barcodes", task__name="foodsearch-2").version
    assert f"goes on while {newer} loads in foodsearch-2" in page
    assert f"beside {OLD} in foodsearch" in page
    assert "40 %" in page
    beside.see()
    assert f"{newer} in foodsearch-2 has caught up" in client.get(LIST).content.decode()
