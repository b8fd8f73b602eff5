"""The catalogue: found by whoever reads the lake, with its owner, its path, its freshness and what is ahead."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from portal.web.catalogue.forms import key_from
from replication.models import TableEntry, TableStatus, Task, TaskStatus
from replication.selectors import catalogue
from tests.replication.conftest import Stage
from tests.replication.verdicts import FakeJudge, removal_effect

CATALOGUE = "/catalogue/"
BARCODES = "fooddb/foodsearch/barcodes"

BrowserOf = Callable[[User], Client]


def _page(client: Client, address: str = CATALOGUE) -> str:
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def _seen(stage: Stage, latency: int | None, *, state: str = "running") -> None:
    """Food's task, as it was last seen, with its tables loaded."""
    now = timezone.now()
    task = Task.objects.get(setup__team=stage.food, setup__environment=stage.environment)
    TaskStatus.objects.create(task=task, state=state, latency_seconds=latency, observed_at=now)
    for entry in task.entries.all():
        TableStatus.objects.create(entry=entry, state="Table completed", observed_at=now)


def test_catalogue__a_viewer_looks__finds_owner_contact_and_path_of_every_teams_tables(
    stage: Stage, browser_of: BrowserOf
) -> None:
    page = _page(browser_of(stage.people.viewer))
    for words in (
        BARCODES,
        'data-copy="s3://example-lake/data/fooddb_foodsearch_barcodes_v202011191200/"',
        'href="/teams/local/food/"',
        'href="mailto:food@example.com"',
        'href="/teams/local/orders/"',
        "not measured",
        "20 min promised",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("latency", "state", "words"),
    [
        (1200, "running", "fresh"),
        (1201, "running", "late"),
        (None, "running", "not measured"),
        (5, "stopped", "broken off"),
    ],
)
def test_freshness__against_the_delivery_class__is_said_as_it_is(
    stage: Stage, browser_of: BrowserOf, latency: int | None, state: str, words: str
) -> None:
    _seen(stage, latency, state=state)
    page = _page(browser_of(stage.people.viewer), f"{CATALOGUE}?q=barcodes")
    assert f"</span>{words}</span>" in page


def test_ahead__a_change_in_review_ends_a_table__is_announced_on_that_table_alone(
    stage: Stage, browser_of: BrowserOf
) -> None:
    change = stage.in_review(judge=FakeJudge(effects=(removal_effect(BARCODES),)))
    client = browser_of(stage.people.viewer)
    page = _page(client, f"{CATALOGUE}?q=barcodes")
    assert "<div>ends<br>" in page
    assert f'href="/changes/{change.number}/"' in page
    assert f'href="/changes/{change.number}/"' not in _page(client, f"{CATALOGUE}?q=brands")


@pytest.mark.parametrize(
    ("query", "fits", "does_not"),
    [
        ("?q=FOODSEARCH.bran", "brands", "barcodes"),
        ("?team=orders", "ordersdb/", "fooddb/"),
        ("?delivery=1min", "No table in local is called so", "fooddb/"),
        ("?q=unheard-of", "No table in local is called so", "fooddb/"),
    ],
)
def test_catalogue__filters_in_the_address__narrow_it(
    stage: Stage, browser_of: BrowserOf, query: str, fits: str, does_not: str
) -> None:
    page = _page(browser_of(stage.people.viewer), CATALOGUE + query)
    assert fits in page
    assert f"<code>{does_not}" not in page


def test_catalogue__paged_to_its_end__shows_each_table_once_in_order(
    stage: Stage, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "PAGE_SIZE", 1)
    client, address, seen = browser_of(stage.people.viewer), CATALOGUE, []
    while address:
        page = _page(client, address)
        seen += re.findall(r"<code>(\w+/\w+/\w+)</code>", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"{CATALOGUE}{older[1].replace('&amp;', '&')}" if older else ""
    assert seen == sorted(entry.identity for entry in TableEntry.objects.all())


@pytest.mark.parametrize("text", ["", "a/b/c", "a/b/c/d/e", "a//c/d"])
def test_key__that_no_page_wrote__is_none(text: str) -> None:
    assert key_from(text) is None
