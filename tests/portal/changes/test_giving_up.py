"""The page on which the platform team gives up runaway loads."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.models import ChangeRequest
from replication.services.change_request_table_edits import change_request_edit_tables_remove
from tests.portal.office import Office

Browser = Callable[[User], Client]
TABLE = "fooddb/foodsearch/brands"


def _removal(office: Office) -> ChangeRequest:
    change = office.stage.draft()
    change_request_edit_tables_remove(
        actor=office.stage.people.member, change_request=change, task="foodsearch", tables=[TABLE]
    )
    return change


def test_give_up__a_platform_engineer__chooses_among_what_leaves_and_sees_it_on_the_change(
    office: Office, browser_of: Browser
) -> None:
    change, client = _removal(office), browser_of(office.stage.people.platform)
    url = reverse("changes:give-up", args=[change.number])
    assert TABLE in client.get(url).content.decode()

    answer = client.post(url, {"tables": [TABLE], "reason": "it grows faster than it loads"})

    assert answer.status_code == HTTPStatus.FOUND
    page = client.get(reverse("changes:detail", args=[change.number])).content.decode()
    assert f"gives up the load of {TABLE}" in page
    assert "checked" in client.get(url).content.decode()


def test_give_up__no_reason__keeps_what_was_ticked(office: Office, browser_of: Browser) -> None:
    change = _removal(office)
    answer = browser_of(office.stage.people.platform).post(
        reverse("changes:give-up", args=[change.number]), {"tables": [TABLE], "reason": " "}
    )
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "checked" in answer.content.decode()


def test_give_up__nothing_leaves_its_folder__says_so(office: Office, browser_of: Browser) -> None:
    change = office.stage.draft("foodsearch.products")
    page = browser_of(office.stage.people.platform).get(reverse("changes:give-up", args=[change.number]))
    assert "there is no folder to be abandoned" in page.content.decode()
