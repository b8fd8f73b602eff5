"""The pages about environments."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from replication.documents import base_document_of
from replication.models import ChangeRequest, Environment, EnvironmentStatus
from tests.portal.environment_form import FILE
from tests.replication.conftest import Stage
from tests.replication.factories import EnvironmentFactory

Browser = Callable[[User], Client]
LIST = reverse("environments:list")
DETAIL = reverse("environments:detail", args=["local"])
CHANGE = reverse("environments:change", args=["local"])
NEW = reverse("environments:new")
TEAM_NEW = reverse("environments:team-new", args=["local"])
OTHER = {**FILE, "name": "production", "account": "999988887777", "lake_bucket": "lake-two"}
TEAM = {
    "slug": "loyalty",
    "title": "Loyalty",
    "contacts": "a@example.com\nb@example.com",
    "alert_channel": "a@example.com",
}


@pytest.fixture
def seen(stage: Stage) -> EnvironmentStatus:
    """What the observer saw of `local`."""
    return EnvironmentStatus.objects.create(
        environment=stage.environment,
        reachable=True,
        base_stack_state="UPDATE_COMPLETE",
        quotas=[["ReplicationTasks", 540, 600], ["SomethingNew", 1, 2]],
        observed_at=timezone.now(),
    )


def test_list__anybody__sees_each_environment_and_what_sluice_rests_on(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(LIST).content.decode()
    assert DETAIL in page
    assert "No worker took a heartbeat within the last hour." in page
    assert NEW not in page
    assert NEW in browser_of(stage.people.platform).get(LIST).content.decode()


def test_detail__what_was_seen__teams_base_stack_and_quotas(
    stage: Stage, browser_of: Browser, seen: EnvironmentStatus
) -> None:
    page = browser_of(stage.people.viewer).get(DETAIL).content.decode()
    assert "UPDATE_COMPLETE" in page
    assert "540 of 600 tasks" in page
    assert reverse("teams:detail", args=["local", "food"]) in page
    assert "Only the platform team does this." in page
    assert CHANGE not in page


def test_change__one_value__is_proposed_alone_and_its_page_shows_it(stage: Stage, browser_of: Browser) -> None:
    client = browser_of(stage.people.platform)
    answer = client.post(CHANGE, {**FILE, "allowed_host_suffixes": ".db.example.com", "title": "", "description": ""})
    change = ChangeRequest.objects.get()
    assert answer.headers["Location"] == reverse("changes:detail", args=[change.number])
    assert change.title == "Change allowed_host_suffixes of local"
    assert [edit.sentence for edit in change.edits.all()] == ["changed the environment: allowed_host_suffixes"]
    page = client.get(answer.headers["Location"]).content.decode()
    assert ".db.example.com" in page
    assert "local/base" in page
    for show in ("files", "template"):
        assert client.get(answer.headers["Location"], {"show": show}).status_code == HTTPStatus.OK


def test_change__one_is_open_already__edits_that_one(stage: Stage, browser_of: Browser) -> None:
    client = browser_of(stage.people.platform)
    client.post(CHANGE, {**FILE, "allowed_host_suffixes": ".db.example.com"})
    assert "which is still open" in client.get(CHANGE).content.decode()
    client.post(CHANGE, {**FILE, "allowed_host_suffixes": ".db.example.com", "templates_bucket": "templates-three"})
    file = base_document_of(ChangeRequest.objects.get().document).environment
    assert (file.templates_bucket, file.allowed_host_suffixes) == ("templates-three", (".db.example.com",))


def test_change__deployed__the_lake_cannot_be_typed_into(
    stage: Stage, browser_of: Browser, seen: EnvironmentStatus
) -> None:
    client = browser_of(stage.people.platform)
    assert "It stays as it is" in client.get(CHANGE).content.decode()
    answer = client.post(CHANGE, {**FILE, "lake_bucket": "another"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("address", "answers", "place"),
    [
        (CHANGE, FILE, "No value was changed."),
        (CHANGE, {**FILE, "network.vpc": "x"}, 'id="id_network.vpc_error"'),
        (CHANGE, {**FILE, "network.subnets": "subnet-0123456789abcdef0\nx"}, "Line 2:"),
        (NEW, {**OTHER, "name": "local"}, 'id="id_name_error"'),
        (NEW, {**OTHER, "account": "111122223333"}, 'id="id_account_error"'),
        (TEAM_NEW, {**TEAM, "slug": "food"}, 'id="id_slug_error"'),
        (TEAM_NEW, {**TEAM, "contacts": "a@example.com\nx"}, "Line 2:"),
    ],
)
def test_forms__an_answer_that_does_not_fit__is_marked_and_nothing_is_saved(
    stage: Stage, browser_of: Browser, address: str, answers: dict[str, str], place: str
) -> None:
    answer = browser_of(stage.people.platform).post(address, answers)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert place in answer.content.decode()
    assert not ChangeRequest.objects.exists()
    assert Environment.objects.count() == 1


def test_new__an_environment__leads_to_the_change_that_deploys_its_base(stage: Stage, browser_of: Browser) -> None:
    client = browser_of(stage.people.platform)
    answer = client.post(NEW, OTHER)
    change = ChangeRequest.objects.get()
    assert answer.headers["Location"] == reverse("changes:detail", args=[change.number])
    assert client.get(answer.headers["Location"]).status_code == HTTPStatus.OK
    assert client.get(reverse("environments:detail", args=["production"])).status_code == HTTPStatus.OK


def test_team_new__a_team__has_its_page_and_may_propose_its_parts(stage: Stage, browser_of: Browser) -> None:
    client = browser_of(stage.people.platform)
    answer = client.post(TEAM_NEW, TEAM)
    assert answer.headers["Location"] == reverse("teams:detail", args=["local", "loyalty"])
    assert client.get(answer.headers["Location"]).status_code == HTTPStatus.OK
    parts = reverse("changes:part-new", args=["local", "loyalty", "source"])
    assert client.get(parts).status_code == HTTPStatus.OK


def test_earlier__posted__changes_the_order(stage: Stage, browser_of: Browser) -> None:
    EnvironmentFactory(name="sandbox", position=1)
    browser_of(stage.people.platform).post(reverse("environments:earlier", args=["sandbox"]))
    assert [row.name for row in Environment.objects.all()] == ["sandbox", "local"]
