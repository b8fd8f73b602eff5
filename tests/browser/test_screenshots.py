"""The states that one seldom sees — empty, loading, failed, enormous — each rendered, judged, and kept as a picture.

`make screenshots` writes the pictures into `docs/screenshots/`, where people look at them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from replication.choices import DeploymentState
from replication.models import Deployment, TableEntry, TableStatus, Task, TaskStatus
from tests.browser.judging import HEIGHT, PHONE, STILL, judge
from tests.browser.own_server import page_of, sign_in_as
from tests.browser.shooting import shoot
from tests.browser.walking import office
from tests.portal.enormous import Company, Size, company
from tests.portal.office import Office
from tests.portal.pretend_aws import PretendAws
from tests.replication.conftest import _git_repository, sent, stage

__all__ = ["_git_repository", "office", "sent", "stage"]  # fixtures

LARGE = Size(environments=2, teams=3, tables=2_000, changed=500, changes=8, people=6, events=40, lines=6)
"""A team of 2,000 tables, changes of 500 and reasons of 300 characters, with little else around them."""


@dataclass(frozen=True)
class Shot:
    """A picture's name, the address, words that stand on the page, and its main button or link, if it has one."""

    name: str
    address: str
    words: str
    button: str = ""


ENORMOUS = (
    Shot("enormous-change", "/changes/{adds}/", "500", "Approve this plan"),
    Shot("enormous-reload", "/changes/{reloads}/", "500"),
    Shot("enormous-team", "/teams/{environment}/{team}/", "tables", "Add tables"),
    Shot("enormous-tables", "/tables/?environment={environment}", " tables", "Filter"),
    Shot("enormous-catalogue", "/catalogue/?environment={environment}", "tables, by name", "Search"),
    Shot("enormous-failure", "/deployments/{failed}/", "It ended because"),
)


def test_enormous__a_team_of_2000_tables_and_changes_of_500__stay_within_the_screen_and_can_be_acted_on(
    browser: Browser, live_server: LiveServer
) -> None:
    place = company(LARGE)
    change, team = ENORMOUS[0], ENORMOUS[2]
    with page_of(place.people[0], browser, live_server, **STILL) as page:
        for shot in ENORMOUS:
            _look(page, shot, place, "")
        page.emulate_media(color_scheme="dark")
        _look(page, change, place, "-dark")
        page.emulate_media(color_scheme="light")
        assert judge(page) == []
        page.set_viewport_size({"width": PHONE, "height": HEIGHT})
        _look(page, team, place, "-phone")


def _look(page: Page, shot: Shot, place: Company, suffix: str) -> None:
    names = {
        "environment": place.environment.name,
        "team": place.team.slug,
        "adds": place.adds.number,
        "reloads": place.reloads.number,
        "failed": place.failed.pk,
    }
    page.goto(shot.address.format(**names))
    expect(page.locator("main")).to_contain_text(shot.words)
    if shot.button:
        expect(page.locator(".btn", has_text=shot.button).first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), shot.name
    shoot(page, shot.name + suffix)


def test_empty__whatever_is_not_there_yet__says_what_would_stand_there(
    browser: Browser, live_server: LiveServer, db: None
) -> None:
    somebody = User.objects.create_user("vera", first_name="Vera", last_name="Lund")
    with page_of(somebody, browser, live_server, **STILL) as page:
        for name, address, words in (
            ("empty-home", "/", "No team replicates here yet"),
            ("empty-tables", "/tables/", "would stand here"),
            ("empty-catalogue", "/catalogue/", "would stand here"),
            ("empty-changes", "/changes/", ""),
            ("empty-environments", "/environments/", "No environment yet"),
        ):
            page.goto(address)
            expect(page.locator("main")).to_contain_text(words)
            assert judge(page) == [], name
            shoot(page, name)


def test_loading_and_failed__each_state__says_how_it_stands_and_what_can_be_done(
    office: Office, browser: Browser, live_server: LiveServer
) -> None:
    people = office.stage.people
    with page_of(people.member, browser, live_server, **STILL) as page:
        for name, make in STATES.items():
            address, who, words = make(office)
            sign_in_as(who, page.context, live_server)
            page.goto(address)
            for each in words:
                expect(page.locator("main")).to_contain_text(each)
            shoot(page, name)


def _checking(office: Office) -> tuple[str, User, tuple[str, ...]]:
    change = office.stage.draft("foodsearch.products", "foodsearch.tags")
    return f"/changes/{change.number}/", office.stage.people.member, ("Checks",)


def _checks_failed(office: Office) -> tuple[str, User, tuple[str, ...]]:
    change = office.in_review("foodsearch.shops", judge=PretendAws(occupied=True))
    return f"/changes/{change.number}/", office.stage.people.reviewer, ("failed",)


def _aws_away(office: Office) -> tuple[str, User, tuple[str, ...]]:
    change = office.in_review("foodsearch.prices", judge=PretendAws(away="AWS did not answer within 3 s"))
    return f"/changes/{change.number}/", office.stage.people.reviewer, ("AWS did not answer within 3 s",)


def _in_review(office: Office) -> tuple[str, User, tuple[str, ...]]:
    change = office.in_review("foodsearch.allergens", "foodsearch.labels")
    return f"/changes/{change.number}/", office.stage.people.reviewer, ("Approve this plan",)


def _armed(office: Office) -> tuple[str, User, tuple[str, ...]]:
    deployment = office.merged("foodsearch.menus")
    task, now = Task.objects.get(name="foodsearch"), timezone.now()
    TaskStatus.objects.create(task=task, state="running", tables_loading=1, full_load_percent=25, observed_at=now)
    entry = TableEntry.objects.get(table_name="barcodes")
    TableStatus.objects.create(entry=entry, state="Full load", full_load_started_at=now, observed_at=now)
    return f"/deployments/{deployment.pk}/", office.stage.people.member, ("Armed", "Cancel")


def _rolled_back(office: Office) -> tuple[str, User, tuple[str, ...]]:
    deployment = Deployment.objects.latest("id")
    deployment.state, deployment.phase = DeploymentState.FAILED_SAFE, "failed-safe"
    deployment.sentence, deployment.finished_at = "CloudFormation rolled the update back", timezone.now()
    deployment.save()
    return f"/deployments/{deployment.pk}/", office.stage.people.member, ("Nothing was lost", "Try again")


def _stuck(office: Office) -> tuple[str, User, tuple[str, ...]]:
    deployment = Deployment.objects.latest("id")
    deployment.state, deployment.phase, deployment.finished_at = DeploymentState.STUCK, "stuck", None
    deployment.sentence = "A person is needed: it could not be brought back (UPDATE_ROLLBACK_FAILED)"
    deployment.save()
    return f"/deployments/{deployment.pk}/", office.stage.people.platform, ("It needs a person",)


STATES: dict[str, Callable[[Office], tuple[str, User, tuple[str, ...]]]] = {
    "change-request": _in_review,
    "loading-checks": _checking,
    "failed-checks": _checks_failed,
    "failed-aws-away": _aws_away,
    "loading-armed": _armed,
    "failed-rolled-back": _rolled_back,
    "failed-stuck": _stuck,
}
