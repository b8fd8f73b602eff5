"""Whoever edits is told of the other open changes to the same, with links."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.models import ChangeRequest, TableEntry
from replication.services.change_request_part_edits import PartKind, change_request_edit_part
from replication.services.change_request_table_edits import change_request_edit_tables_reload
from tests.portal.office import Office

Browser = Callable[[User], Client]
BARCODES = "fooddb/foodsearch/barcodes"
FOOD = ["local", "food"]


@pytest.fixture
def theirs(office: Office) -> ChangeRequest:
    """Carl's draft: it reloads a table, adds another, and changes the source."""
    carl = office.stage.people.colleague
    draft = office.stage.draft("foodsearch.tags", actor=carl, title="Carl's plan")
    change_request_edit_tables_reload(actor=carl, change_request=draft, task="foodsearch", tables=[BARCODES])
    change_request_edit_part(
        actor=carl, change_request=draft, kind=PartKind.SOURCE, name="fooddb", changes={"log_retention_hours": 96}
    )
    return draft


def _page(office: Office, browser_of: Browser, address: str) -> str:
    response = browser_of(office.stage.people.member).get(address)
    return str(response.content.decode())


@pytest.mark.parametrize("act", ["reload", "pause", "remove"])
def test_table_act__somebody_changes_the_table__names_them_beside_it(
    office: Office, browser_of: Browser, theirs: ChangeRequest, act: str
) -> None:
    keys = {name: TableEntry.objects.get(table_name=name).pk for name in ("barcodes", "brands")}
    page = _page(office, browser_of, f"{reverse('changes:table-act')}?act={act}&table={keys['barcodes']}")
    assert f'also changed by <a href="/changes/{theirs.number}/">#{theirs.number} Carl&#x27;s plan</a>' in page
    assert "(Carl Example, draft)" in page
    other = _page(office, browser_of, f"{reverse('changes:table-act')}?act={act}&table={keys['brands']}")
    assert "also changed by" not in other


@pytest.mark.parametrize(
    ("address", "named"),
    [
        (reverse("changes:task-settings", args=[*FOOD, "foodsearch"]), True),
        (reverse("changes:task-act", args=[*FOOD, "foodsearch", "pause"]), True),
        (reverse("changes:part-edit", args=[*FOOD, "source", "fooddb"]), True),
        (reverse("changes:part-edit", args=[*FOOD, "instance", "main"]), False),
        (reverse("changes:task-new", args=FOOD), False),
        (reverse("changes:add-tables", args=FOOD), True),
    ],
)
def test_forms__somebody_changes_the_same__name_it_with_a_link(
    office: Office, browser_of: Browser, theirs: ChangeRequest, address: str, named: bool
) -> None:
    page = _page(office, browser_of, address)
    assert ("Also being changed" in page) is named
    assert (f'<a href="/changes/{theirs.number}/">' in page) is named


def test_forms__the_draft_that_is_edited__is_not_named_as_another(
    office: Office, browser_of: Browser, theirs: ChangeRequest
) -> None:
    address = reverse("changes:task-settings", args=[*FOOD, "foodsearch"])
    assert "Also being changed" not in _page(office, browser_of, f"{address}?where={theirs.number}")


def test_detail__another_change_of_the_same_table__is_named_with_only_that(
    office: Office, browser_of: Browser, theirs: ChangeRequest
) -> None:
    mine = office.stage.draft("foodsearch.tags", title="Mine")
    page = _page(office, browser_of, f"/changes/{mine.number}/")
    assert (
        f"#{theirs.number} Carl&#x27;s plan</a> (Carl Example, draft): fooddb/foodsearch/tags in foodsearch</p>" in page
    )
