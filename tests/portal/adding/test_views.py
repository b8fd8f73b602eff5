"""Adding tables."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from replication.documents import team_document_of
from replication.models import ChangeRequest, Task
from tests.replication.conftest import Stage

ADD = reverse("changes:add-tables", args=["local", "food"])
Browser = Callable[[User], Client]


def _post(client: Client, **data: Any) -> HttpResponse:
    sent = {"task": "foodsearch", "where": "new", **data}
    return client.post(ADD, sent)  # type: ignore[return-value]  # the test client's response is one, with more on it


def _tables(change: ChangeRequest) -> list[str]:
    return [entry.source for entry in team_document_of(change.document).tasks["foodsearch"].tables]


def test_add_tables__first_shown__groups_the_tasks_by_source_and_fills_the_version_in(
    stage: Stage, browser_of: Browser
) -> None:
    response = browser_of(stage.people.member).get(ADD)
    page = response.content.decode()
    assert "fooddb, PostgreSQL" in page
    assert "writes every ten minutes, on instance main, 2 tables" in page
    assert page.count(f'value="{response.context["clock_version"]}"') == 4


def test_add_tables__an_unknown_team__is_not_found(stage: Stage, browser_of: Browser) -> None:
    url = reverse("changes:add-tables", args=["local", "nobody"])
    assert browser_of(stage.people.member).get(url).status_code == HTTPStatus.NOT_FOUND


def test_add_tables__rows_and_a_list__become_one_draft(stage: Stage, browser_of: Browser) -> None:
    answer = _post(
        browser_of(stage.people.member),
        schema=["foodsearch", ""],
        table=["products", ""],
        version=["", ""],
        pasted="foodsearch.tags\nfooddb/foodsearch/shops v203001010000\n",
        title="More to search",
    )
    change = ChangeRequest.objects.get()
    assert answer["location"] == reverse("changes:detail", args=[change.number])
    assert change.title == "More to search"
    assert _tables(change)[2:] == [f"fooddb/foodsearch/{name}" for name in ("products", "shops", "tags")]


def test_add_tables__no_title__says_what_is_added(stage: Stage, browser_of: Browser) -> None:
    _post(browser_of(stage.people.member), pasted="foodsearch.tags\nfoodsearch.shops")
    assert ChangeRequest.objects.get().title == "Add 2 tables to foodsearch"


def test_add_tables__to_an_open_draft__adds_to_it(stage: Stage, browser_of: Browser) -> None:
    draft = stage.draft("foodsearch.products")
    _post(browser_of(stage.people.colleague), where=str(draft.number), pasted="foodsearch.tags")
    draft.refresh_from_db()
    assert len(_tables(draft)) == 4
    assert ChangeRequest.objects.count() == 1


HOSTILE = ["%", "a.b.c", "food search.x", "foodsearch.*", "foodsearch.{{resolve:x}}", "foodsearch.<<<", "../x", "x"]


@pytest.mark.parametrize("line", [*HOSTILE, "otherdb/foodsearch/x", "foodsearch.brands", "foodsearch." + "x" * 300])
def test_add_tables__a_line_that_does_not_fit__is_marked_kept_and_nothing_is_saved(
    stage: Stage, browser_of: Browser, line: str
) -> None:
    answer = _post(browser_of(stage.people.member), pasted=f"foodsearch.products\n{line}")
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Line 2" in page
    assert "foodsearch.products\n" in page
    assert not ChangeRequest.objects.exists()


def test_add_tables__what_show_tables_printed__becomes_the_draft(stage: Stage, browser_of: Browser) -> None:
    _post(browser_of(stage.people.member), pasted="| Tables_in_foodsearch |\r\n+--+\r\n| shops |\r\n| tags |")
    change = ChangeRequest.objects.get()
    assert change.title == "Add 2 tables to foodsearch"
    assert _tables(change)[2:] == ["fooddb/foodsearch/shops", "fooddb/foodsearch/tags"]


def test_add_tables__a_rule_with_a_wildcard__is_named_and_everything_typed_is_kept(
    stage: Stage, browser_of: Browser
) -> None:
    rule = """{"rules": [{"rule-type": "selection", "rule-id": "12", "rule-action": "include",
        "object-locator": {"schema-name": "foodsearch", "table-name": "%"}}]}"""
    answer = _post(browser_of(stage.people.member), pasted=rule, schema=["foodsearch"], table=["tags"], version=[""])
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Rule 12 has a wildcard in its table-name, %." in page
    assert "object-locator" in page
    assert 'value="tags"' in page
    assert not ChangeRequest.objects.exists()


def test_add_tables__a_stranger_pasting_nonsense__is_refused_for_who_they_are(
    stage: Stage, browser_of: Browser
) -> None:
    assert _post(browser_of(stage.people.stranger), pasted="{").status_code == HTTPStatus.FORBIDDEN


def test_add_tables__a_row_that_does_not_fit__is_marked_beside_the_row(stage: Stage, browser_of: Browser) -> None:
    answer = _post(browser_of(stage.people.member), schema=["foodsearch"], table=["a%"], version=["v1"])
    page = answer.content.decode()
    assert 'id="row-error-1"' in page
    assert 'value="a%"' in page
    assert not ChangeRequest.objects.exists()


def test_add_tables__no_table_at_all__says_so(stage: Stage, browser_of: Browser) -> None:
    answer = _post(browser_of(stage.people.member), schema=[""], table=[""], version=[""])
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There is no table in the list" in answer.content.decode()


@pytest.mark.parametrize("changed", [{"task": ""}, {"task": "sales"}, {"where": "999"}, {"title": "x" * 201}])
def test_add_tables__a_choice_that_is_not_there__is_refused_beside_its_field(
    stage: Stage, browser_of: Browser, changed: dict[str, str]
) -> None:
    answer = _post(browser_of(stage.people.member), pasted="foodsearch.products", **changed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "foodsearch.products" in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_add_tables__another_row_without_a_script__keeps_what_was_typed(stage: Stage, browser_of: Browser) -> None:
    answer = _post(browser_of(stage.people.member), more="1", schema=["s"], table=["t"], version=[""], title="Mine")
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    assert page.count('class="table-row"') == 2
    assert 'value="Mine"' in page


def test_row__asked_for_by_htmx__comes_with_the_next_number(stage: Stage, browser_of: Browser) -> None:
    url = reverse("changes:add-tables-row", args=["local", "food"])
    answer = browser_of(stage.people.member).get(url, {"schema": ["a", "", "c"]})
    assert 'id="schema-4"' in answer.content.decode()


def test_add_tables__a_team_without_tasks__says_who_helps(stage: Stage, browser_of: Browser) -> None:
    for task in Task.objects.filter(setup__team=stage.food):
        task.entries.all().delete()
        task.delete()
    assert "has no task here yet" in browser_of(stage.people.member).get(ADD).content.decode()
