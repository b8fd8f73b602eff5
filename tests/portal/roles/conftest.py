"""One company in which there is something behind every address, and somebody for every role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from portal.health import views
from replication.choices import DeliveryState, DeploymentState, IncidentKind
from replication.models import (
    ChangeRequest,
    Delivery,
    Deployment,
    Incident,
    ProposalBranch,
    Revision,
    TableEntry,
)
from replication.roles import Role
from replication.services.change_request_part_edits import PartKind, change_request_edit_part
from replication.services.change_requests import change_request_submit
from tests.portal.office import Office
from tests.portal.roles.people import PEOPLE, Somebody
from tests.replication.conftest import Stage, import_the_company, stage_found
from tests.replication.factories import EnvironmentFactory, MembershipFactory
from tests.replication.replaying import Replayed


@dataclass(frozen=True)
class Company:
    """What the addresses of the examples lead to."""

    stage: Stage
    draft: ChangeRequest
    reviewed: ChangeRequest
    approved: tuple[ChangeRequest, ...]
    deployment: Deployment
    incident: Incident
    delivery: Delivery
    branch: ProposalBranch
    revision: Revision
    table: TableEntry
    browsers: Mapping[str, Client]


_SESSIONS: dict[str, str] = {}
"""The session of each person, which lies among the rows that are put back."""


def _make() -> None:
    import_the_company()
    stage = stage_found()
    office, colleague = Office(stage), stage.people.colleague
    MembershipFactory(team=stage.orders, user__username="stage-olga", user__first_name="Olga")
    EnvironmentFactory(name="sandbox", position=1)
    deployment = office.merged("foodsearch.tags")
    deployment.state = DeploymentState.FAILED_SAFE
    deployment.sentence, deployment.finished_at = "CloudFormation rolled the update back", timezone.now()
    deployment.save()
    for table in ("products", "prices", "units"):
        change = stage.draft(f"foodsearch.{table}", actor=colleague)
        change_request_submit(actor=colleague, change_request=change)
        office.check(change)
        if table != "products":
            office.approve(change)
    draft = stage.draft("foodsearch.shops", actor=colleague, title="Add shops")
    change_request_edit_part(
        actor=colleague, change_request=draft, kind=PartKind.INSTANCE, name="main", changes={"multi_az": True}
    )
    Incident.objects.create(
        kind=IncidentKind.STANDS_STILL,
        environment=stage.environment,
        team=stage.food,
        subject="food-foodsearch",
        sentence="The task food-foodsearch stands still.",
        opened_at=timezone.now(),
    )
    now = timezone.now()
    ProposalBranch.objects.create(name="proposals/more", commit="0" * 40, read_at=now)
    Delivery.objects.create(webhook="chat", state=DeliveryState.GIVEN_UP, created_at=now, next_attempt_at=now)
    for somebody in PEOPLE:
        if somebody.role is not Role.STRANGER:
            browser = Client()
            browser.force_login(User.objects.get(username=somebody.username))
            _SESSIONS[somebody.words] = browser.cookies[settings.SESSION_COOKIE_NAME].value


_COMPANY = Replayed(_make)


@pytest.fixture
def company(db: None) -> Company:
    """The company, and a browser for each of its people."""
    _COMPANY.put()
    stage = stage_found()
    reviewed, first, second, draft = ChangeRequest.objects.order_by("number").exclude(state="merged")
    return Company(
        stage=stage,
        draft=draft,
        reviewed=reviewed,
        approved=(first, second),
        deployment=Deployment.objects.get(),
        incident=Incident.objects.get(),
        delivery=Delivery.objects.get(webhook="chat"),
        branch=ProposalBranch.objects.get(),
        revision=Revision.objects.filter(team=stage.food).earliest("number"),
        table=TableEntry.objects.filter(task__setup__team=stage.food).earliest("pk"),
        browsers={somebody.words: _browser(somebody) for somebody in PEOPLE},
    )


@pytest.fixture(autouse=True)
def _no_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """`/health/` says that all is well: there is no worker and no beat beside these tests."""
    monkeypatch.setattr(views, "PROBES", ())


def _browser(somebody: Somebody) -> Client:
    browser = Client()
    if somebody.role is not Role.STRANGER:
        browser.cookies[settings.SESSION_COOKIE_NAME] = _SESSIONS[somebody.words]
    return browser
