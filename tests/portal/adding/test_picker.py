"""Picking tables from the source's own list, beside those that are typed."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from deploy_engine.live import SourceTable, TableKey
from replication.documents import team_document_of
from replication.models import ChangeRequest, Source, SourceListing
from replication.selectors.source_tables import PAGE_TABLES
from replication.services.source_listings import source_listing_read
from tests.replication.conftest import Stage
from tests.replication.listing import BARCODES, LOGS, ODD, SHOPS, TAGS, PretendSource, open_source

ADD = reverse("changes:add-tables", args=["local", "food"])
Browser = Callable[[User], Client]


@pytest.fixture
def source(stage: Stage) -> Source:
    found = open_source(stage)
    source_listing_read(source_id=found.pk, read=PretendSource(LOGS, BARCODES, ODD, SHOPS, TAGS))
    return found


@pytest.fixture
def browser(stage: Stage, browser_of: Browser) -> Client:
    return browser_of(stage.people.member)


def page(response: object) -> str:
    assert isinstance(response, HttpResponse)
    assert response.status_code == HTTPStatus.OK, response.status_code
    return response.content.decode()


def look(browser: Client, *picked: str, **data: str) -> str:
    button = {} if {"page", "refresh"} & data.keys() else {"look": "1"}
    sent = {"task": "foodsearch", "where": "new", "picked_source": "fooddb", "pick": picked, **button, **data}
    return page(browser.post(ADD, sent))


@pytest.mark.usefixtures("source")
def test_picker__the_list__shows_rows_size_and_key_and_why_a_table_cannot_be_chosen(browser: Client) -> None:
    shown = page(browser.get(ADD))
    assert 'name="pick" value="foodsearch/shops"' in shown
    assert "45\u202f000" in shown
    assert 'name="pick" value="foodsearch/barcodes"' not in shown
    assert "already in" in shown
    assert "foodsearch as v202011191200" in shown
    assert 'name="pick" value="audit/logs"' not in shown
    assert "It has neither a primary key nor a replica identity" in shown
    assert "It has a name that a config cannot hold" in shown
    assert "No table is chosen yet." in shown


@pytest.mark.usefixtures("source")
def test_picker__tables_chosen_and_typed__become_one_draft(browser: Client) -> None:
    sent = {"task": "foodsearch", "where": "new", "pasted": "foodsearch.products", "pick": ["foodsearch/shops"]}
    answer = browser.post(ADD, {**sent, "picked_source": "fooddb"})
    assert answer.status_code == HTTPStatus.FOUND
    change = ChangeRequest.objects.get()
    assert change.title == "Add 2 tables to foodsearch"
    tables = [entry.source for entry in team_document_of(change.document).tasks["foodsearch"].tables]
    assert tables[-2:] == ["fooddb/foodsearch/products", "fooddb/foodsearch/shops"]


@pytest.mark.usefixtures("source")
def test_picker__while_choosing__says_how_long_the_load_takes(browser: Client) -> None:
    assert "1 table chosen, 45\u202f000 rows by the source" in look(browser, "foodsearch/shops")
    both = look(browser, "foodsearch/shops", "foodsearch/tags")
    assert "2 tables chosen" in both
    assert "about 10 s to load, up to 8 at once; 1 table not counted." in both
    assert "there is no estimate" in look(browser, "foodsearch/tags")


@pytest.mark.usefixtures("source")
def test_picker__searching__keeps_what_is_chosen_and_typed_and_proposes_nothing(browser: Client) -> None:
    shown = look(browser, "foodsearch/shops", words="TAG food", pasted="foodsearch.products")
    assert '<input type="hidden" name="pick" value="foodsearch/shops">' in shown
    assert 'name="pick" value="foodsearch/tags"' in shown
    assert "foodsearch.products</textarea>" in shown
    assert "1–1 of 1 table that fit, of 5 in all" in shown
    assert "No table of fooddb fits" in look(browser, words="nothing like it")
    assert 'value="foodsearch/tags"' not in look(browser, schema_only="audit")
    assert not ChangeRequest.objects.exists()


def test_picker__thousands_of_tables__come_page_by_page(stage: Stage, browser: Client) -> None:
    many = [SourceTable("big", f"t{number:04}", TableKey.PRIMARY, 1, 1) for number in range(5_000)]
    source_listing_read(source_id=open_source(stage).pk, read=PretendSource(*many))
    first = page(browser.get(ADD))
    assert first.count('type="checkbox" name="pick"') == PAGE_TABLES
    assert "1–50 of 5000 tables" in first
    third = look(browser, "big/t0000", page="3")
    assert 'name="pick" value="big/t0100"' in third
    assert '<input type="hidden" name="pick" value="big/t0000">' in third
    assert 'name="page" value="2"' in third
    assert 'name="page" value="4"' in third
    assert "t4999" in look(browser, page="99999")


def test_picker__no_catalogue_secret__says_so_and_the_names_can_be_typed(stage: Stage, browser: Client) -> None:
    shown = page(browser.get(ADD))
    assert "The tables of fooddb cannot be listed: no catalogue secret is named for fooddb." in shown
    assert "Read again" not in shown
    assert 'name="pasted"' in shown


def test_picker__source_is_away__says_why_and_can_be_tried_again(stage: Stage, browser: Client) -> None:
    source = open_source(stage)
    source_listing_read(source_id=source.pk, read=PretendSource(why="the database at db:5432 refuses connections"))
    shown = page(browser.get(ADD))
    assert "cannot be listed: the database at db:5432 refuses connections." in shown
    assert "Read again" in shown
    assert "being read" in look(browser, refresh="1")
    assert SourceListing.objects.get().asked_at is not None


def test_picker__first_look__asks_a_worker_and_does_not_wait(stage: Stage, browser: Client) -> None:
    open_source(stage)
    shown = page(browser.get(ADD))
    assert "The tables of fooddb are being read" in shown
    assert "Look again" in shown


@pytest.mark.usefixtures("source")
def test_picker__task_of_another_source_chosen__what_was_ticked_of_the_former_is_not_taken_along(
    browser: Client,
) -> None:
    shown = look(browser, "foodsearch/shops", picked_source="otherdb")
    assert "No table is chosen yet." in shown


@pytest.mark.usefixtures("source")
def test_picker__tables_of_another_source_proposed__nothing_is_saved(browser: Client) -> None:
    sent = {"task": "foodsearch", "where": "new", "pick": ["sales/orders"], "picked_source": "otherdb"}
    answer = browser.post(ADD, sent)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "are of another source" in answer.content.decode()
    assert not ChangeRequest.objects.exists()


@pytest.mark.usefixtures("source")
def test_picker__a_stranger_looking__is_refused(stage: Stage, browser_of: Browser) -> None:
    stranger = browser_of(stage.people.stranger)
    for button in ("look", "refresh"):
        answer = stranger.post(ADD, {"task": "foodsearch", button: "1"})
        assert answer.status_code == HTTPStatus.FORBIDDEN
