"""What most tests of the domain begin with: a small imported company, and somebody for every role."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from replication.choices import GlobalRoleName, TeamRole
from replication.models import ChangeRequest, Environment, OutboxItem, Team
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.change_requests import change_request_create, change_request_submit
from replication.services.checks import checks_run
from replication.services.company_import import company_import
from tests.replication.company import FILES
from tests.replication.factories import GlobalRoleFactory, MembershipFactory, UserFactory
from tests.replication.replaying import Replayed
from tests.replication.verdicts import FakeJudge

Sent = list[tuple[str, tuple[int, ...]]]
"""Messages: a Celery task's name and its arguments."""


@pytest.fixture(autouse=True)
def _git_repository(settings: Settings, tmp_path: Path) -> None:
    """Commits go into a repository of the test's own."""
    settings.GIT_REPOSITORY_PATH = tmp_path / "company.git"


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What would have gone to the broker; there is none in unit tests."""
    messages: Sent = []

    def remember(task: str, *args: int, countdown: float = 0.0) -> None:
        messages.append((task, args))

    monkeypatch.setattr("replication.services.enqueue.enqueue_now", remember)
    monkeypatch.setattr("replication.tasks.enqueue_now", remember)
    return messages


@dataclass(frozen=True)
class People:
    """Somebody for every role, by what they may do for the team `food`."""

    member: User
    colleague: User
    reviewer: User
    stranger: User
    platform: User
    auditor: User
    viewer: User


@dataclass(frozen=True)
class Stage:
    """The imported company with its people."""

    environment: Environment
    food: Team
    orders: Team
    people: People

    def draft(self, *tables: str, actor: User | None = None, title: str = "Add tables") -> ChangeRequest:
        """A draft that adds tables (`schema.table`) to food's task `foodsearch`."""
        actor = actor or self.people.member
        change_request = change_request_create(actor=actor, environment=self.environment, team=self.food, title=title)
        if tables:
            change_request_edit_tables_add(
                actor=actor, change_request=change_request, task="foodsearch", entries=tables
            )
        return change_request

    def check(self, change_request: ChangeRequest, judge: FakeJudge | None = None) -> None:
        """Run the newest checks."""
        run = change_request.check_runs.order_by("-id").first()
        assert run is not None
        checks_run(check_run_id=run.pk, judge=judge or FakeJudge())
        change_request.refresh_from_db()

    def in_review(
        self, *tables: str, judge: FakeJudge | None = None, actor: User | None = None, title: str = "Add tables"
    ) -> ChangeRequest:
        """A change request whose checks are green."""
        change_request = self.draft(*(tables or ("foodsearch.products",)), actor=actor, title=title)
        change_request_submit(actor=actor or self.people.member, change_request=change_request)
        self.check(change_request, judge)
        return change_request


def import_the_company() -> None:
    company_import(actor=None, files=FILES)
    food, orders = Team.objects.get(slug="food"), Team.objects.get(slug="orders")
    MembershipFactory(team=food, user__username="stage-mia", user__first_name="Mia")
    MembershipFactory(team=food, user__username="stage-carl", user__first_name="Carl")
    MembershipFactory(team=food, role=TeamRole.REVIEWER, user__username="stage-rita", user__first_name="Rita")
    MembershipFactory(team=orders, role=TeamRole.REVIEWER, user__username="stage-otto", user__first_name="Otto")
    GlobalRoleFactory(user__username="stage-petra", user__first_name="Petra")
    GlobalRoleFactory(role=GlobalRoleName.AUDITOR, user__username="stage-anna", user__first_name="Anna")
    UserFactory(username="stage-vera", first_name="Vera")


_IMPORTED = Replayed(import_the_company)


@pytest.fixture
def stage(db: None) -> Stage:
    """The imported company."""
    _IMPORTED.put()
    return stage_found()


def stage_found() -> Stage:
    """The imported company as it lies in the database."""
    now = timezone.now()
    OutboxItem.objects.update(created_at=now, next_attempt_at=now)  # or the watchdog would find it left lying
    food, orders = Team.objects.get(slug="food"), Team.objects.get(slug="orders")
    found = {user.get_username(): user for user in User.objects.all()}
    people = People(
        member=found["stage-mia"],
        colleague=found["stage-carl"],
        reviewer=found["stage-rita"],
        stranger=found["stage-otto"],
        platform=found["stage-petra"],
        auditor=found["stage-anna"],
        viewer=found["stage-vera"],
    )
    return Stage(Environment.objects.get(name="local"), food, orders, people)
