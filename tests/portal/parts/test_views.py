"""A team's sources and instances."""

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
from tests.portal.hidden_fields import hidden_values
from tests.replication.conftest import Stage

Browser = Callable[[User], Client]
PARTS = reverse("changes:parts", args=["local", "food"])
FOODDB = reverse("changes:part-edit", args=["local", "food", "source", "fooddb"])
MAIN = reverse("changes:part-edit", args=["local", "food", "instance", "main"])
NEW_INSTANCE = reverse("changes:part-new", args=["local", "food", "instance"])
SOURCE = {
    "engine": "postgres",
    "database": "food",
    "secret": "sluice/food/fooddb",
    "log_retention_hours": "72",
    "loads_at_once": "8",
}
INSTANCE = {"class": "dms.t3.medium", "storage_gb": "50", "engine_version": "3.5.4"}


def _post(client: Client, address: str, **answers: Any) -> HttpResponse:
    return client.post(address, {"where": "new", **answers})  # type: ignore[return-value]  # the test client's response


def _document() -> TeamDocument:
    return team_document_of(ChangeRequest.objects.get().document)


def test_parts__anybody__sees_them_with_the_tasks_that_stand_on_them(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(PARTS).content.decode()
    assert "sluice/food/fooddb" in page
    assert "foodsearch" in page
    assert page.count('aria-describedby="no-edit"') == 4
    assert "You are not in team food" in page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "source",
            ["under sluice/food/", "needs the platform team", "host, user and password", 'placeholder="sluice/food/'],
        ),
        ("instance", ["It costs by the hour", "Such as dms.t3.medium"]),
    ],
)
def test_part_new__first_shown__guides_whoever_has_not_done_it_before(
    stage: Stage, browser_of: Browser, kind: str, words: list[str]
) -> None:
    address = reverse("changes:part-new", args=["local", "food", kind])
    page = browser_of(stage.people.member).get(address).content.decode()
    assert [word for word in words if word not in page] == []
    assert "means another database" not in page


def test_part_edit__first_shown__holds_every_value(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.member).get(FOODDB).content.decode()
    assert [value for value in SOURCE.values() if f'value="{value}"' not in page] == []


def test_part_edit__one_value__is_proposed_alone(stage: Stage, browser_of: Browser) -> None:
    _post(browser_of(stage.people.member), FOODDB, **{**SOURCE, "loads_at_once": "4"})
    change = ChangeRequest.objects.get()
    assert change.title == "Change the source fooddb"
    assert [edit.sentence for edit in change.edits.all()] == ["changed the source fooddb: loads_at_once"]


@pytest.mark.parametrize(("address", "values"), [(FOODDB, SOURCE), (MAIN, INSTANCE)])
def test_part_edit__sent_as_it_was_shown__changes_nothing(
    stage: Stage, browser_of: Browser, address: str, values: dict[str, str]
) -> None:
    client = browser_of(stage.people.member)
    answer = _post(client, address, **{**hidden_values(client.get(address)), **values})
    assert "No value was changed." in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_part_edit__a_tick__is_a_change_too(stage: Stage, browser_of: Browser) -> None:
    _post(browser_of(stage.people.member), MAIN, **INSTANCE, multi_az="on")
    assert _document().team.instances["main"].multi_az


@pytest.mark.parametrize(
    ("address", "answers", "place"),
    [
        (FOODDB, {**SOURCE, "secret": "a b"}, 'id="id_secret_error"'),
        (FOODDB, {**SOURCE, "log_retention_hours": "many"}, 'id="id_log_retention_hours_error"'),
        (FOODDB, {**SOURCE, "database": ""}, "a PostgreSQL source has no database"),
        (FOODDB, SOURCE, "No value was changed."),
        (MAIN, {**INSTANCE, "class": "huge"}, 'id="id_class_error"'),
        (NEW_INSTANCE, {**INSTANCE, "name": "Not A Slug"}, 'id="id_name_error"'),
        (NEW_INSTANCE, {**INSTANCE, "name": "main"}, "The name main is taken by another instance already."),
    ],
)
def test_parts__an_answer_that_does_not_fit__is_marked_and_nothing_is_saved(
    stage: Stage, browser_of: Browser, address: str, answers: dict[str, str], place: str
) -> None:
    answer = _post(browser_of(stage.people.member), address, **answers)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert place in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_part_new__an_instance__is_proposed_by_its_name(stage: Stage, browser_of: Browser) -> None:
    _post(browser_of(stage.people.member), NEW_INSTANCE, **{**INSTANCE, "name": "large"})
    assert list(_document().team.instances) == ["large", "main"]
    assert ChangeRequest.objects.get().title == "New instance large"


@pytest.mark.parametrize(
    "address",
    [
        reverse("changes:part-new", args=["local", "food", "engine"]),
        reverse("changes:part-edit", args=["local", "food", "source", "gone"]),
        reverse("changes:parts", args=["local", "nobody"]),
    ],
)
def test_parts__what_is_not_there__is_not_found(stage: Stage, browser_of: Browser, address: str) -> None:
    assert browser_of(stage.people.member).get(address).status_code == HTTPStatus.NOT_FOUND
