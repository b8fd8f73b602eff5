"""Every page that lists or compares gives the same as a file: what its filters let through, all of it, in pieces."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from replication.selectors import keyset
from replication.selectors.exports import deployments
from replication.selectors.table_acts import TableAct
from tests.portal.enormous import FEW, MANY, Company, Size, company, sizes
from tests.portal.enormous.addresses import ADDRESSES
from tests.replication.conftest import Stage
from tests.replication.services.test_change_request_revert import BARCODES, _merged

Browser = Callable[[User], Client]
Lines = list[dict[str, str]]

NOW = timezone.now()
"""Of a test that asks twice: tasks of a deployment under way stand still ever longer."""
EVER = "since=2020-01-01T00:00"
SCOPE = f"environment={sizes.slug('place', 0)}&team={sizes.team_slug(0)}"
PAGES = {
    "tables:list": "?",
    "catalogue:list": "?",
    "changes:list": "?show=all",
    "deployments:list": "?",
    "people:list": "?",
    "history:since": f"?{EVER}",
    "history:compare": f"?{SCOPE}&{EVER}",
    "history:as-of": f"?{SCOPE}",
    "history:retired": "?",
}
"""Those whose own address gives the file, beside a table's life, and what is asked of each."""


def _csv(client: Client, address: str) -> Lines:
    response = client.get(f"{address}&export=csv")
    assert response.streaming, address
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline="")))


def _json(client: Client, address: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in client.get(f"{address}&export=jsonl").getvalue().decode().splitlines()]


def _of(size: Size) -> dict[str, tuple[int, int]]:
    """Of each page's file in a company of that size: how many lines, and how many statements they took."""
    before = transaction.savepoint()
    place: Company = company(size)
    client = Client()
    client.force_login(place.people[0])
    table = ADDRESSES["tables:detail"](place)[0].url
    found = {}
    for address in (*(f"{reverse(name)}{query}" for name, query in PAGES.items()), f"{table}?"):
        with CaptureQueriesContext(connection) as queries:
            lines = _csv(client, address)
        found[address] = len(lines), len(queries)
        assert [list(line) for line in _json(client, address)] == [list(line) for line in lines], address
    transaction.savepoint_rollback(before)
    return found


@pytest.mark.django_db
def test_every_export__few_rows_or_many__takes_equally_many_statements_and_has_them_all() -> None:
    few, many = _of(FEW), _of(MANY)
    assert {address: asked for address, (_, asked) in few.items()} == {
        address: asked for address, (_, asked) in many.items()
    }
    assert all(lines for lines, _ in few.values()), few
    tables = few[f"{reverse('tables:list')}?"][0], many[f"{reverse('tables:list')}?"][0]
    assert tables[0] >= FEW.tables
    assert tables[1] >= MANY.tables > 25, "more than a page"


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_every_export__in_small_pieces__is_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    place = company(FEW)
    client = Client()
    client.force_login(place.people[0])
    addresses = [f"{reverse(name)}{query}" for name, query in PAGES.items()]
    whole = [_csv(client, address) for address in addresses]

    monkeypatch.setattr(keyset, "PIECE", 2)
    monkeypatch.setattr(deployments, "PIECE", 1)

    assert [_csv(client, address) for address in addresses] == whole


def test_as_of__a_task__has_each_line_with_who_made_it_so_and_why(stage: Stage, browser_of: Browser) -> None:
    revision = _merged(stage, TableAct.RELOAD, BARCODES)
    address = f"{reverse('history:as-of')}?environment=local&team=food&task=foodsearch"

    lines = {line["line"]: line for line in _csv(browser_of(stage.people.viewer), address)}

    (document,) = [task for name, task in revision.document["tasks"].items() if name == "foodsearch"]
    tables = {entry["source"]: entry["version"] for entry in document["tables"]}
    assert {name: line["value"] for name, line in lines.items() if "/" in name} == tables
    barcodes = lines[BARCODES.identity]
    assert (barcodes["environment"], barcodes["team"], barcodes["task"]) == ("local", "food", "foodsearch")
    assert barcodes["author"] == "Mia Example"
    assert barcodes["title"] == revision.title
    assert barcodes["change_request"] == str(revision.change_request_id)
    assert "Petra Example" in barcodes["approved_by"]
    assert lines["delivery"]["title"] == "imported from the config repository"


def test_as_of__no_team_chosen__has_every_line_of_the_company(stage: Stage, browser_of: Browser) -> None:
    lines = _csv(browser_of(stage.people.viewer), f"{reverse('history:as-of')}?")
    assert list(dict.fromkeys(line["team"] for line in lines)) == ["base", "food", "orders"]
    assert {line["environment"] for line in lines} == {"local"}


def test_compare__a_reload__is_one_line_with_before_and_after(stage: Stage, browser_of: Browser) -> None:
    begin = timezone.now()
    revision = _merged(stage, TableAct.RELOAD, BARCODES)
    address = f"{reverse('history:compare')}?since={begin:%Y-%m-%dT%H:%M:%S.%f}"

    (line,) = _csv(browser_of(stage.people.viewer), address)

    assert (line["team"], line["task"], line["line"]) == ("food", "foodsearch", BARCODES.identity)
    assert (line["change"], line["author"]) == ("reloaded", "Mia Example")
    assert line["before"] < line["after"]
    assert line["change_request"] == str(revision.change_request_id)


def test_compare__of_another_task__is_empty_but_for_its_heading(stage: Stage, browser_of: Browser) -> None:
    begin = timezone.now()
    _merged(stage, TableAct.RELOAD, BARCODES)
    address = f"{reverse('history:compare')}?task=another&since={begin:%Y-%m-%dT%H:%M:%S.%f}&export=csv"

    text = browser_of(stage.people.viewer).get(address).getvalue().decode("utf-8-sig")

    assert text.startswith("environment,team,task,line,change,before,after,accepted_at,")
    assert len(text.splitlines()) == 1


def test_filters__in_the_address__narrow_the_file_as_they_do_the_page(stage: Stage, browser_of: Browser) -> None:
    stage.in_review("foodsearch.products", title="=1+1 looks like a formula")
    client = browser_of(stage.people.viewer)

    (change,) = _csv(client, f"{reverse('changes:list')}?words=formula")
    assert (change["title"], change["state"]) == ("'=1+1 looks like a formula", "in review")
    assert _csv(client, f"{reverse('changes:list')}?team=orders") == []
    tables = _csv(client, f"{reverse('tables:list')}?environment=local&q=barcodes")
    assert [line["table"] for line in tables] == [BARCODES.identity]
    assert [line["team"] for line in _csv(client, f"{reverse('catalogue:list')}?team=orders")] == ["orders"]
    (reviewer,) = _csv(client, f"{reverse('people:list')}?words=rita")
    assert reviewer["teams"] == "food: reviewer"


def test_table__its_life__says_who_asked_why_and_who_approved(stage: Stage, browser_of: Browser) -> None:
    _merged(stage, TableAct.RELOAD, BARCODES)
    client = browser_of(stage.people.viewer)

    newest, *_, first = _csv(client, f"{reverse('tables:detail', args=['local', *BARCODES.identity.split('/')])}?")

    assert newest["what"].startswith("Reloaded: ")
    assert (newest["who"], newest["approved_by"].partition(" (")[0]) == ("Mia Example", "Petra Example")
    assert first["what"].startswith("Added as ")


def test_since__what_the_page_groups__is_told_by_its_part(stage: Stage, browser_of: Browser) -> None:
    begin = timezone.now() - timedelta(seconds=1)
    _merged(stage, TableAct.RELOAD, BARCODES)

    lines = _csv(browser_of(stage.people.viewer), f"{reverse('history:since')}?since={begin:%Y-%m-%dT%H:%M:%S}")

    assert [line["part"] for line in lines] == ["changed", "ran"]
    assert {line["team"] for line in lines} == {"food"}


@pytest.mark.parametrize("name", [*PAGES])
def test_page__with_a_file__leads_to_it_with_its_filters_and_without_its_place(
    name: str, stage: Stage, browser_of: Browser
) -> None:
    client = browser_of(stage.people.viewer)

    page = client.get(f"{reverse(name)}?environment=local&page=1&before=99&after=a/b/c/d").content.decode()

    links = [link.replace("&amp;", "&") for link in re.findall(r'class="menu-item" href="(\?[^"]*export=[^"]*)"', page)]
    assert [link.rpartition("=")[2] for link in links] == ["csv", "jsonl"]
    for link in links:
        assert "environment=local" in link
        assert not re.search(r"[?&](page|before|after)=", link)
        assert client.get(f"{reverse(name)}{link}").streaming


@pytest.mark.parametrize("name", [*PAGES])
def test_page__asked_for_a_file_of_another_kind__is_not_found(name: str, stage: Stage, browser_of: Browser) -> None:
    asked = browser_of(stage.people.viewer).get(f"{reverse(name)}?export=xlsx")
    assert asked.status_code == HTTPStatus.NOT_FOUND


def test_filter__with_an_error__answers_with_the_page_that_says_so(stage: Stage, browser_of: Browser) -> None:
    answer = browser_of(stage.people.viewer).get(f"{reverse('changes:list')}?team=nobodys&export=csv")
    assert not answer.streaming
    assert "nobodys is not one of the available choices" in answer.content.decode()


def test_timeline__for_whom_may_not_take_it_out__says_why(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(reverse("history:timeline")).content.decode()
    assert "Export</summary>" in page
    assert 'value="jsonl"' not in page
    assert 'value="jsonl"' in browser_of(stage.people.auditor).get(reverse("history:timeline")).content.decode()


def test_every_page__with_filters_above_what_it_lists__has_the_same_way_to_its_file() -> None:
    without = {
        "templates/changes/adding/picker.html": "chooses from what a source has, which is no content of Sluice",
        "templates/settings/all.html": "finds a team, to set something of it",
    }
    pages = {
        str(path.relative_to(settings.BASE_DIR)): "components/export.html" in path.read_text()
        for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        if 'class="filters"' in path.read_text()
    }
    assert {name for name, has in pages.items() if not has} == set(without)
