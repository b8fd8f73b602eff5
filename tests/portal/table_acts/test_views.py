"""Acts on tables: chosen in a list, confirmed, proposed as one change request."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from replication.documents import team_document_of
from replication.models import ChangeRequest, TableEntry, Task
from replication.selectors.table_acts import ChosenTable, TableAct
from replication.services.change_request_table_acts import change_request_act_on_tables
from replication.services.change_request_task_edits import change_request_edit_task_add
from tests.portal.office import Office
from tests.replication.conftest import Stage

Browser = Callable[[User], Client]
BARCODES, BRANDS = "barcodes", "brands"


def _address(act: str, *names: str, **more: Any) -> str:
    keys = [TableEntry.objects.get(table_name=name).pk for name in names]
    return f"{reverse('changes:table-act')}?{urlencode({'act': act, 'table': keys, **more}, doseq=True)}"


def _confirm(client: Client, address: str, **answers: Any) -> HttpResponse:
    """Look at the page, and post what it would post."""
    page = client.get(address)
    agreed = page.context["agreed"] if page.status_code == HTTPStatus.OK else ""
    sent = {"where": "new", "agreed": agreed, **answers}
    return client.post(address, sent)  # type: ignore[return-value]  # the test client's response is one, with more on it


def _tables(change: ChangeRequest, task: str = "foodsearch") -> dict[str, str]:
    file = team_document_of(change.document).tasks[task]
    return {entry.reference.table: "paused" if entry.paused else entry.version for entry in file.tables}


def _pause(stage: Stage, change: ChangeRequest, name: str) -> None:
    table = ChosenTable("foodsearch", f"fooddb/foodsearch/{name}")
    change_request_act_on_tables(actor=stage.people.member, change_request=change, act=TableAct.PAUSE, tables=[table])


def _second_task(stage: Stage, change: ChangeRequest, name: str = "fast") -> None:
    change_request_edit_task_add(
        actor=stage.people.member, change_request=change, task=name, source="fooddb", instance="main", delivery="1min"
    )


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("reload", ["into a new folder", "Readers of the lake keep the old version", "made from the clock"]),
        ("pause", ["taken out of its task", "only by a full load"]),
        ("move", ["no other task reads fooddb"]),
        ("remove", ["Replication ends", "Type barcodes to confirm", "never deletes"]),
        ("resume", ["it is not paused", "Nothing of this can be done here"]),
    ],
)
def test_table_act__first_shown__says_in_words_what_it_means(
    stage: Stage, browser_of: Browser, act: str, words: list[str]
) -> None:
    page = browser_of(stage.people.member).get(_address(act, BARCODES)).content.decode()
    assert [word for word in words if word not in page] == []


def test_table_act__two_tables_reloaded__become_one_draft_named_by_what_it_does(
    stage: Stage, browser_of: Browser
) -> None:
    answer = _confirm(browser_of(stage.people.member), _address("reload", BARCODES, BRANDS))
    change = ChangeRequest.objects.get()
    assert answer["location"] == reverse("changes:detail", args=[change.number])
    assert change.title == "Reload 2 tables in foodsearch"
    assert {"v202011191200", "v202008040000"} & set(_tables(change).values()) == set()
    assert change.edits.count() == 1


def test_table_act__a_reload_that_was_proposed__is_planned_in_two_steps(stage: Stage, browser_of: Browser) -> None:
    _confirm(browser_of(stage.people.member), _address("reload", BARCODES))
    change = ChangeRequest.objects.get()
    run = Office(stage).check(change)
    assert run.is_green
    assert run.plan is not None
    assert run.plan["flavour"] == "two-step"
    page = browser_of(stage.people.member).get(f"/changes/{change.number}/").content.decode()
    assert "Take back" in page


def test_table_act__all_tables_of_a_task__need_no_list_of_keys(stage: Stage, browser_of: Browser) -> None:
    address = f"{reverse('changes:table-act')}?act=pause&task={Task.objects.get(name='foodsearch').pk}"
    _confirm(browser_of(stage.people.member), address)
    assert _tables(ChangeRequest.objects.get()) == {BARCODES: "paused", BRANDS: "paused"}


def test_table_act__into_an_open_draft__adds_to_it(stage: Stage, browser_of: Browser) -> None:
    draft = stage.draft("foodsearch.products")
    _confirm(browser_of(stage.people.colleague), _address("pause", BRANDS), where=str(draft.number))
    draft.refresh_from_db()
    assert _tables(draft)[BRANDS] == "paused"
    assert ChangeRequest.objects.count() == 1


def test_table_act__a_draft_that_holds_the_tables_otherwise__is_asked_again_with_the_reason(
    stage: Stage, browser_of: Browser
) -> None:
    draft = stage.draft()
    _pause(stage, draft, BRANDS)
    client, address = browser_of(stage.people.member), _address("pause", BARCODES, BRANDS)
    answer = _confirm(client, address, where=str(draft.number), title="Mine")
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Look again" in page
    assert "Cannot pause: it is paused already." in page
    assert 'value="Mine"' in page
    again = answer.context["agreed"]  # type: ignore[attr-defined]  # the test client adds it
    client.post(address, {"where": str(draft.number), "agreed": again})
    draft.refresh_from_db()
    assert _tables(draft) == {BARCODES: "paused", BRANDS: "paused"}


@pytest.mark.parametrize(
    ("names", "typed", "count"),
    [((BRANDS,), "", 2), ((BRANDS,), "brand", 2), ((BRANDS,), "brands", 1), ((BARCODES, BRANDS), "2", 0)],
)
def test_table_act__remove__wants_the_name_or_the_number_typed(
    stage: Stage, browser_of: Browser, names: tuple[str, ...], typed: str, count: int
) -> None:
    answer = _confirm(browser_of(stage.people.member), _address("remove", *names), typed=typed)
    if count == 2:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "to confirm that replication ends" in answer.content.decode()
        assert not ChangeRequest.objects.exists()
    else:
        assert len(_tables(ChangeRequest.objects.get())) == count


def test_table_act__move_in_a_draft_with_another_task__loads_it_there(stage: Stage, browser_of: Browser) -> None:
    draft = stage.draft()
    _second_task(stage, draft)
    address = _address("move", BRANDS, where=draft.number)
    _confirm(browser_of(stage.people.member), address, where=str(draft.number), target="fast")
    draft.refresh_from_db()
    assert list(_tables(draft, "fast")) == [BRANDS]
    assert list(_tables(draft)) == [BARCODES]


def test_table_act__move_without_a_target__asks_for_it_beside_the_choice(stage: Stage, browser_of: Browser) -> None:
    draft = stage.draft()
    _second_task(stage, draft)
    _second_task(stage, draft, "slow")
    address = _address("move", BRANDS, where=draft.number)
    answer = _confirm(browser_of(stage.people.member), address, where=str(draft.number))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="target-error"' in answer.content.decode()


@pytest.mark.parametrize(
    ("names", "words"),
    [((), "No table was chosen"), ((BARCODES, "orders"), "more than one team or environment")],
)
def test_table_act__a_selection_that_fits_no_change_request__is_refused_in_words_and_kept(
    stage: Stage, browser_of: Browser, names: tuple[str, ...], words: str
) -> None:
    answer = browser_of(stage.people.platform).get(_address("reload", *names))
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in page
    for name in names:
        key = TableEntry.objects.get(table_name=name).pk
        assert f"act=reload&amp;environment=local&amp;table={key}" in page


def test_table_act__tables_that_left_meanwhile__are_said_to_be_gone(stage: Stage, browser_of: Browser) -> None:
    address = f"{reverse('changes:table-act')}?act=reload&table=99999&table=x&table={'9' * 40}"
    assert "is replicated any more" in browser_of(stage.people.member).get(address).content.decode()


def test_table_act__an_unknown_act__is_not_found(stage: Stage, browser_of: Browser) -> None:
    answer = browser_of(stage.people.member).get(_address("explode", BARCODES))
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("address", ["/tables/", "/teams/local/food/"])
def test_lists_of_tables__whoever_may_propose__finds_boxes_and_acts(
    stage: Stage, browser_of: Browser, address: str
) -> None:
    key = TableEntry.objects.get(table_name=BARCODES).pk
    box = f'name="table" value="{key}"'
    member = browser_of(stage.people.member).get(address).content.decode()
    assert box in member
    assert 'name="act" value="reload"' in member
    assert box not in browser_of(stage.people.stranger).get(address).content.decode()


def test_page_of_a_table__for_others__shows_the_acts_disabled_with_the_reason(
    stage: Stage, browser_of: Browser
) -> None:
    address = reverse("tables:detail", args=["local", "fooddb", "foodsearch", BARCODES])
    page = browser_of(stage.people.stranger).get(address).content.decode()
    assert page.count('aria-disabled="true"') == 4
    assert "You are not in team food" in page
    assert "act=reload" in browser_of(stage.people.member).get(address).content.decode()


def test_table_act__reload__offers_both_ways_and_says_what_each_means(stage: Stage, browser_of: Browser) -> None:
    draft = stage.draft()
    _second_task(stage, draft)
    page = browser_of(stage.people.member).get(_address("reload", BARCODES, where=draft.number)).content.decode()
    for words in (
        "In place",
        "stands still until it is loaded again",
        "Without a gap, in fast",
        "Without a gap, in a new task",
        "Sluice drafts the change that ends the old one",
        'value="foodsearch-2"',
    ):
        assert words in page


def test_table_act__reload_without_a_gap__proposes_a_second_entry_and_is_planned_in_one_step(
    stage: Stage, browser_of: Browser
) -> None:
    client = browser_of(stage.people.member)
    _confirm(client, _address("reload", BARCODES), target="+", new_task="foodsearch-2")
    change = ChangeRequest.objects.get()
    assert change.title == "Reload barcodes without a gap in foodsearch-2"
    assert set(_tables(change)) == {BARCODES, BRANDS}
    assert set(_tables(change, "foodsearch-2")) == {BARCODES}
    run = Office(stage).check(change)
    assert (run.is_green, run.plan is not None and run.plan["flavour"]) == (True, "single-step")
    assert "loads a second time" in client.get(f"/changes/{change.number}/").content.decode()


def test_table_act__reload_without_a_gap_under_a_name_that_is_taken__comes_back_with_the_reason_at_the_name(
    stage: Stage, browser_of: Browser
) -> None:
    client = browser_of(stage.people.member)
    answer = _confirm(client, _address("reload", BARCODES), target="+", new_task="foodsearch")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There is a task foodsearch already" in answer.content.decode()
    assert ChangeRequest.objects.count() == 0
