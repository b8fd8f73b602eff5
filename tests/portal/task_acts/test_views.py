"""Proposing something about a whole task."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from deploy_engine.config import TeamDocument
from replication.documents import team_document_of
from replication.models import ChangeRequest
from replication.services.change_request_part_edits import (
    PartKind,
    change_request_add_part,
    change_request_edit_task_settings,
)
from replication.services.change_request_task_edits import change_request_edit_task_pause
from tests.portal.office import Office
from tests.replication.conftest import Stage

Browser = Callable[[User], Client]
NEW = reverse("changes:task-new", args=["local", "food"])
SETTINGS = reverse("changes:task-settings", args=["local", "food", "foodsearch"])
CLONE = reverse("changes:task-clone", args=["local", "food", "foodsearch"])
ANEW = reverse("changes:task-anew", args=["local", "food", "foodsearch"])
TASK = {"task": "fast", "source": "fooddb", "instance": "main", "delivery": "1min", "entries": ""}


def _act(name: str) -> str:
    return reverse("changes:task-act", args=["local", "food", "foodsearch", name])


def _post(client: Client, address: str, **answers: Any) -> HttpResponse:
    return client.post(address, {"where": "new", **answers})  # type: ignore[return-value]  # the test client's response


def _proposed() -> tuple[ChangeRequest, TeamDocument]:
    change = ChangeRequest.objects.get()
    return change, team_document_of(change.document)


def test_task_act__pause__says_what_it_means_and_proposes_it(stage: Stage, browser_of: Browser) -> None:
    client = browser_of(stage.people.member)
    assert "within the 72 h for which fooddb keeps its log" in client.get(_act("pause")).content.decode()
    _post(client, _act("pause"))
    change, document = _proposed()
    assert change.title == "Pause task foodsearch"
    assert document.tasks["foodsearch"].paused


def test_task_act__resume_of_a_running_task__is_disabled_with_the_reason_and_refused(
    stage: Stage, browser_of: Browser
) -> None:
    client = browser_of(stage.people.member)
    page = client.get(_act("resume")).content.decode()
    assert 'aria-disabled="true"' in page
    assert "It is not paused." in page
    assert _post(client, _act("resume")).status_code == HTTPStatus.CONFLICT
    assert not ChangeRequest.objects.exists()


def test_task_act__resume_in_a_draft_that_pauses_it__starts_from_the_draft(stage: Stage, browser_of: Browser) -> None:
    draft = stage.draft()
    change_request_edit_task_pause(actor=stage.people.member, change_request=draft, task="foodsearch", paused=True)
    _post(browser_of(stage.people.member), f"{_act('resume')}?where={draft.number}", where=str(draft.number))
    assert not _proposed()[1].tasks["foodsearch"].paused


def test_task_act__a_pause_that_the_draft_has_already__changes_nothing_and_says_so(
    stage: Stage, browser_of: Browser
) -> None:
    draft = stage.draft()
    change_request_edit_task_pause(actor=stage.people.member, change_request=draft, task="foodsearch", paused=True)
    answer = _post(browser_of(stage.people.member), _act("pause"), where=str(draft.number))
    assert "This would change nothing" in answer.content.decode()


@pytest.mark.parametrize(("typed", "status"), [("", 422), ("food", 422), ("foodsearch", 302)])
def test_task_act__remove__wants_the_tasks_name_typed(
    stage: Stage, browser_of: Browser, typed: str, status: int
) -> None:
    answer = _post(browser_of(stage.people.member), _act("remove"), typed=typed)
    assert answer.status_code == status
    assert ChangeRequest.objects.exists() == (status == HTTPStatus.FOUND)


@pytest.mark.parametrize(
    "address", [_act("explode"), reverse("changes:task-act", args=["local", "food", "gone", "pause"])]
)
def test_task_act__an_act_or_a_task_that_is_not_there__is_not_found(
    stage: Stage, browser_of: Browser, address: str
) -> None:
    assert browser_of(stage.people.member).get(address).status_code == HTTPStatus.NOT_FOUND


def test_task_new__with_tables__is_proposed(stage: Stage, browser_of: Browser) -> None:
    _post(browser_of(stage.people.member), NEW, **{**TASK, "entries": "stock.levels\nfooddb/stock/shops"})
    change, document = _proposed()
    task = document.tasks["fast"]
    assert change.title == "New task fast"
    assert (task.delivery.value, [entry.source for entry in task.tables]) == (
        "1min",
        ["fooddb/stock/levels", "fooddb/stock/shops"],
    )


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"task": "Fast!"}, "task", "is no slug"),
        ({"task": "foodsearch"}, "task", "There is a task foodsearch already."),
        ({"task": ""}, "task", "required"),
        ({"source": "ordersdb"}, "source", "Select a valid choice"),
        ({"delivery": "5min"}, "delivery", "Select a valid choice"),
        ({"entries": "stock.levels\nstock.%"}, "entries", "Line 2:"),
        ({"entries": "schema,table\nstock,levels\nstock,%"}, "entries", "Line 3:"),
        ({"entries": "schema,table,type\nstock,levels,view"}, "entries", "Line 2: It is a view, not a table."),
    ],
)
def test_task_new__an_answer_that_does_not_fit__is_marked_beside_its_field_and_nothing_is_saved(
    stage: Stage, browser_of: Browser, wrong: dict[str, str], field: str, words: str
) -> None:
    answer = _post(browser_of(stage.people.member), NEW, **{**TASK, **wrong})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="id_{field}_error"' in page
    assert words in page
    assert not ChangeRequest.objects.exists()


def test_task_new__what_show_tables_printed__is_read_like_on_the_add_page(stage: Stage, browser_of: Browser) -> None:
    printed = "+-----+\n| Tables_in_stock |\n+-----+\n| levels |\n| shops |\n+-----+\n2 rows in set (0.00 sec)"
    _post(browser_of(stage.people.member), NEW, **{**TASK, "entries": printed})
    assert [entry.source for entry in _proposed()[1].tasks["fast"].tables] == [
        "fooddb/stock/levels",
        "fooddb/stock/shops",
    ]


def _with_settings(stage: Stage) -> ChangeRequest:
    draft = stage.draft()
    change_request_edit_task_settings(
        actor=stage.people.member, change_request=draft, task="foodsearch", changes={"commit_rate": 5000}
    )
    return draft


def test_task_clone__first_shown__has_the_tasks_values_and_tables_under_a_free_name(
    stage: Stage, browser_of: Browser
) -> None:
    draft = _with_settings(stage)
    response = browser_of(stage.people.member).get(f"{CLONE}?where={draft.number}")
    form, page = response.context["form"], response.content.decode()
    assert form["task"].value() == "foodsearch-2"
    assert form["entries"].value() == "foodsearch.barcodes\nfoodsearch.brands"
    assert "the 1 setting that foodsearch overrides" in page


def test_task_clone__with_another_delivery_class__copies_settings_under_versions_above_the_old_ones(
    stage: Stage, browser_of: Browser
) -> None:
    draft = _with_settings(stage)
    address = f"{CLONE}?where={draft.number}"
    client = browser_of(stage.people.member)
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in ("source", "instance", "entries")}
    _post(client, address, **{**values, "where": str(draft.number), "task": "fast", "delivery": "1min"})
    document = _proposed()[1]
    clone, task = document.tasks["fast"], document.tasks["foodsearch"]
    assert (clone.settings, clone.delivery.value, clone.paused) == (task.settings, "1min", False)
    assert [entry.source for entry in clone.tables] == [entry.source for entry in task.tables]
    assert all(new.version > old.version for new, old in zip(clone.tables, task.tables, strict=True))
    last = draft.edits.last()
    assert last is not None
    assert last.sentence == "cloned the task foodsearch as fast with 2 tables"


def test_task_clone__for_another_source__reads_the_same_tables_there(stage: Stage, browser_of: Browser) -> None:
    draft = stage.draft()
    source = team_document_of(draft.document).team.sources["fooddb"].model_dump(mode="json", exclude_none=True)
    change_request_add_part(
        actor=stage.people.member, change_request=draft, kind=PartKind.SOURCE, name="second", values=source
    )
    answers = {**TASK, "source": "second", "entries": "foodsearch.barcodes", "where": str(draft.number)}
    _post(browser_of(stage.people.member), f"{CLONE}?where={draft.number}", **answers)
    assert [entry.source for entry in _proposed()[1].tasks["fast"].tables] == ["second/foodsearch/barcodes"]


def test_task_clone__of_a_task_that_is_not_there__is_not_found(stage: Stage, browser_of: Browser) -> None:
    gone = reverse("changes:task-clone", args=["local", "food", "gone"])
    assert browser_of(stage.people.member).get(gone).status_code == HTTPStatus.NOT_FOUND


def test_task_settings__first_shown__says_why_the_delivery_class_stays(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.member).get(SETTINGS).content.decode()
    assert "every ten minutes, on main" in page
    assert "every table in it reloads" in page
    assert ANEW in page


def test_task_anew__first_shown__says_that_everything_reloads_and_how_to_do_it_without_a_gap(
    stage: Stage, browser_of: Browser
) -> None:
    page = browser_of(stage.people.member).get(ANEW).content.decode()
    assert "Its 2 tables reload from scratch, each under a new version from the clock" in page
    assert f"{NEW}?source=fooddb&amp;delivery=1min" in page


def test_task_anew__another_delivery_class__supplies_the_versions_and_is_planned_in_two_steps(
    stage: Stage, browser_of: Browser
) -> None:
    _post(browser_of(stage.people.member), ANEW, delivery="1min", instance="main")
    change, document = _proposed()
    task = document.tasks["foodsearch"]
    assert (change.title, task.delivery.value) == ("Make foodsearch anew", "1min")
    assert all(entry.version > "v2025" for entry in task.tables)
    run = Office(stage).check(change)
    assert run.plan is not None
    assert (run.is_green, run.plan["flavour"]) == (True, "two-step")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"delivery": "10min", "instance": "main"}, "is delivered and runs like that already"),
        ({"delivery": "5min", "instance": "main"}, "Select a valid choice"),
    ],
)
def test_task_anew__nothing_new_or_no_such_thing__comes_back_with_the_reason(
    stage: Stage, browser_of: Browser, answers: dict[str, str], words: str
) -> None:
    answer = _post(browser_of(stage.people.member), ANEW, **answers)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_task_settings__one_changed__proposes_that_one(stage: Stage, browser_of: Browser) -> None:
    draft = stage.draft()
    change_request_edit_task_settings(
        actor=stage.people.member, change_request=draft, task="foodsearch", changes={"commit_rate": 5000}
    )
    _post(browser_of(stage.people.member), SETTINGS, where=str(draft.number), lob_max_size="64")
    settings = _proposed()[1].tasks["foodsearch"].settings
    assert settings is not None
    assert settings.model_dump(exclude_none=True) == {"commit_rate": 5000, "lob_max_size": 64}


def test_task_settings__one_emptied__is_the_default_again(stage: Stage, browser_of: Browser) -> None:
    draft = stage.draft()
    change_request_edit_task_settings(
        actor=stage.people.member, change_request=draft, task="foodsearch", changes={"commit_rate": 5000}
    )
    client, address = browser_of(stage.people.member), f"{SETTINGS}?where={draft.number}"
    assert 'value="5000"' in client.get(address).content.decode()
    _post(client, address, where=str(draft.number), commit_rate="")
    assert _proposed()[1].tasks["foodsearch"].settings is None


@pytest.mark.parametrize(
    ("answers", "words"), [({}, "No setting was changed."), ({"lob_max_size": "0"}, "greater than or equal to 1")]
)
def test_task_settings__nothing_or_out_of_bounds__is_refused(
    stage: Stage, browser_of: Browser, answers: dict[str, str], words: str
) -> None:
    answer = _post(browser_of(stage.people.member), SETTINGS, **answers)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()


def test_team_page__whoever_may_propose__finds_the_acts_of_each_task_and_others_see_why_not(
    stage: Stage, browser_of: Browser
) -> None:
    team = reverse("teams:detail", args=["local", "food"])
    member = browser_of(stage.people.member).get(team).content.decode()
    assert [link for link in (NEW, SETTINGS, CLONE, _act("pause"), _act("remove")) if link not in member] == []
    stranger = browser_of(stage.people.stranger).get(team).content.decode()
    assert stranger.count('aria-describedby="no-propose"') == 4
    assert SETTINGS not in stranger
