"""The list of tables, and one table's life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.models import ChangeRequest, JournalEntry, TableEntry
from replication.selectors.table_acts import ChosenTable, TableAct
from replication.services.observed_changes import table_state_tell
from tests.replication.conftest import Stage
from tests.replication.services.test_change_request_revert import _merged

LIST = reverse("tables:list")
BARCODES = reverse("tables:detail", args=["local", "fooddb", "foodsearch", "barcodes"])
BEGAN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Browser = Callable[[User], Client]


def _names(client: Client, query: str) -> list[str]:
    return [line.entry.table_name for line in client.get(f"{LIST}?{query}").context["lines"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["barcodes", "brands", "orders"]),
        ("team=orders", ["orders"]),
        ("q=foodsearch.bar", ["barcodes"]),
        ("q=fooddb/foodsearch/brands", ["brands"]),
        ("state=streaming", []),
        ("delivery=10min", ["barcodes", "brands", "orders"]),
        ("after=fooddb/foodsearch/barcodes/v202011191200", ["brands", "orders"]),
        ("after=nonsense", ["barcodes", "brands", "orders"]),
    ],
)
def test_table_list__filters_in_the_address__narrow_the_rows(
    stage: Stage, browser_of: Browser, query: str, names: list[str]
) -> None:
    assert _names(browser_of(stage.people.viewer), query) == names


def test_table_list__an_unknown_word_in_a_filter__says_so_beside_its_field(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(f"{LIST}?state=flying").content.decode()
    assert "id_state_error" in page


def test_table_list__every_table__gives_its_path_to_copy(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(LIST).content.decode()
    assert 'data-copy="s3://example-lake/data/fooddb_foodsearch_barcodes_v202011191200/"' in page


def test_table_list__nothing_fits__offers_to_show_all(stage: Stage, browser_of: Browser) -> None:
    assert "No table fits" in browser_of(stage.people.viewer).get(f"{LIST}?q=unheard-of").content.decode()


def test_table_list__no_tables__says_how_to_begin(signed_in: Client) -> None:
    assert "No table is replicated here yet" in signed_in.get(LIST).content.decode()


def test_table_detail__a_table__shows_its_versions_and_its_story(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(BARCODES).content.decode()
    assert "Added as v202011191200." in page
    assert "v202001010000" in page
    assert "retired" in page


def test_table_detail__a_table_that_never_was__answers_404(stage: Stage, browser_of: Browser) -> None:
    address = reverse("tables:detail", args=["local", "fooddb", "foodsearch", "nothing"])
    assert browser_of(stage.people.viewer).get(address).status_code == HTTPStatus.NOT_FOUND


def test_table_detail__a_load_that_was_seen__is_in_its_story(stage: Stage, browser_of: Browser) -> None:
    entry = TableEntry.objects.select_related("task__setup__team", "task__setup__environment").get(
        table_name="barcodes"
    )
    values = {"state": "Table completed", "full_load_rows": 812}
    table_state_tell(entry=entry, task=entry.task, before="Full load", values=values)
    page = browser_of(stage.people.viewer).get(BARCODES).content.decode()
    assert "was “Full load” and is “Table completed”. 812 rows were loaded." in page


def test_table_detail__a_reload__says_who_asked_why_who_approved_and_how_long_tasks_were_paused(
    stage: Stage, browser_of: Browser
) -> None:
    revision = _merged(stage, TableAct.RELOAD, ChosenTable("foodsearch", "fooddb/foodsearch/barcodes"))
    change = ChangeRequest.objects.get(revision=revision)
    run = revision.deployments.get()
    journal = partial(JournalEntry.objects.create, deployment=run, kind="info", sentence="A step.")
    for number, (second, phase) in enumerate([(0, "pause"), (0, "execute"), (42, "verify")], start=1):
        journal(sequence=number, at=BEGAN + timedelta(seconds=second), phase=phase)
    client = browser_of(stage.people.auditor)

    page = client.get(BARCODES).content.decode()

    assert "Reloaded: v202011191200 became v" in page
    assert f"#{change.number} reload tables" in page
    for words in ("Mia Example asked for it", "Petra Example approved it", "Tasks were paused for 42 s."):
        assert words in page
