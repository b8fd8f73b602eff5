"""The page that promotes a team."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from replication.documents import team_document_of
from replication.models import ChangeRequest, Environment
from replication.selectors.promotion import promotion_of
from replication.services.acceptance import Acceptance, team_document_accept
from tests.replication.conftest import Stage
from tests.replication.factories import EnvironmentFactory

Browser = Callable[[User], Client]
PAGE = reverse("changes:promote", args=["sandbox", "food", "local"])
OWN = {
    "alert_channel": "food@example.com",
    "sources.fooddb.secret": "sluice/food/fooddb",
    "instances.main.class": "dms.t3.large",
    "instances.main.storage_gb": "100",
}


@pytest.fixture(autouse=True)
def sandbox(stage: Stage) -> Environment:
    """The environment after `local`."""
    return EnvironmentFactory(name="sandbox", position=1)


def _post(client: Client, **answers: Any) -> HttpResponse:
    return client.post(PAGE, {"where": "new", **answers})  # type: ignore[return-value]  # the test client's response


def _set_up(stage: Stage, sandbox: Environment, *, more: str = "") -> None:
    """Let sandbox have what local has; and a table `more` that local has not."""
    document = promotion_of(team=stage.food, source=stage.environment, target=sandbox).promoted(timezone.now())
    if more:
        task = document.tasks["foodsearch"]
        extra = task.tables[0].model_copy(update={"source": more})
        document = document.with_task("foodsearch", task.model_copy(update={"tables": (*task.tables, extra)}))
    acceptance = Acceptance(stage.people.platform, "set up")
    team_document_accept(environment=sandbox, team=stage.food, document=document, acceptance=acceptance)


def test_promote__first_shown__says_what_differs_and_asks_what_the_target_owns(
    stage: Stage, browser_of: Browser
) -> None:
    page = browser_of(stage.people.member).get(PAGE).content.decode()
    assert "fooddb/foodsearch/barcodes" in page
    assert 'name="sources.fooddb.secret" value="sluice/food/fooddb"' in page
    assert "Secret of fooddb" in page
    assert "has nothing in sandbox yet" in page
    assert "never deployed" in page
    assert not ChangeRequest.objects.exists()


def test_promote__posted__drafts_in_the_target_and_says_from_where(stage: Stage, browser_of: Browser) -> None:
    client = browser_of(stage.people.member)
    answer = _post(client, **OWN)
    change = ChangeRequest.objects.get()
    assert answer.headers["Location"] == reverse("changes:detail", args=[change.number])
    assert (change.environment.name, change.title) == ("sandbox", "Promote food from local")
    document = team_document_of(change.document)
    assert (document.team.instances["main"].instance_class, document.team.instances["main"].storage_gb) == (
        "dms.t3.large",
        100,
    )
    assert "promoted from" in client.get(answer.headers["Location"]).content.decode()


def test_promote__a_value_that_does_not_fit__is_marked(stage: Stage, browser_of: Browser) -> None:
    answer = _post(browser_of(stage.people.member), **{**OWN, "sources.fooddb.secret": "a b"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="id_sources.fooddb.secret_error"' in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_promote__nothing_differs__offers_no_button(stage: Stage, browser_of: Browser, sandbox: Environment) -> None:
    _set_up(stage, sandbox)
    page = browser_of(stage.people.member).get(PAGE).content.decode()
    assert "Propose in sandbox" not in page
    assert "no others" in page
    assert "v202011191200" in page  # the version that local has, beside the one that stays


def test_promote__a_table_would_go__wants_the_teams_name_typed(
    stage: Stage, browser_of: Browser, sandbox: Environment
) -> None:
    _set_up(stage, sandbox, more="fooddb/foodsearch/old")
    client = browser_of(stage.people.member)
    assert "removed" in client.get(PAGE).content.decode()
    assert _post(client).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert _post(client, typed="food").status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("place", [("local", "food", "sandbox"), ("sandbox", "gone", "local"), ("x", "food", "local")])
def test_promote__what_cannot_be__is_not_found(stage: Stage, browser_of: Browser, place: tuple[str, str, str]) -> None:
    address = reverse("changes:promote", args=place)
    assert browser_of(stage.people.member).get(address).status_code == HTTPStatus.NOT_FOUND


def test_team_page__an_environment_comes_after__offers_to_promote(stage: Stage, browser_of: Browser) -> None:
    client = browser_of(stage.people.member)
    assert PAGE in client.get(reverse("teams:detail", args=["local", "food"])).content.decode()
