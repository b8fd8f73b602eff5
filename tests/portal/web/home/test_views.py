"""The home page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.choices import IncidentKind
from replication.services.incidents import incident_open
from tests.replication.conftest import Stage

HOME = reverse("home")
Browser = Callable[[User], Client]


def test_home__a_change_in_review__waits_for_the_reviewer_and_not_for_its_author(
    stage: Stage, browser_of: Browser
) -> None:
    change = stage.in_review(title="Add products")
    assert f"#{change.number} Add products" in browser_of(stage.people.reviewer).get(HOME).content.decode()
    assert "Nothing waits for you" in browser_of(stage.people.member).get(HOME).content.decode()


def test_home__a_member__sees_the_own_teams_only(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.member).get(HOME)
    assert [card.setup.team.slug for card in page.context["cards"]] == ["food"]


def test_home__a_viewer__sees_every_team_of_the_environment(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(HOME)
    assert [card.setup.team.slug for card in page.context["cards"]] == ["food", "orders"]


def test_home__an_empty_portal__says_how_to_begin(signed_in: Client) -> None:
    assert "No team replicates here yet" in signed_in.get(HOME).content.decode()


def test_home__something_stands_still__stands_above_all_else_and_can_be_settled(
    stage: Stage, browser_of: Browser
) -> None:
    incident = incident_open(
        kind=IncidentKind.STANDS_STILL,
        environment=stage.environment,
        team=stage.food,
        subject="food-foodsearch",
        sentence="food-foodsearch is stopped.",
        remedy="Ask who stopped it.",
    )
    client = browser_of(stage.people.member)
    team_page = reverse("teams:detail", args=["local", "food"])
    for address, below in ((HOME, "Waiting for you"), (team_page, "Tasks")):
        page = client.get(address).content.decode()
        assert page.index("food-foodsearch is stopped.") < page.index(f">{below}<")
    assert "Settle it by hand" not in browser_of(stage.people.stranger).get(HOME).content.decode()
    answer = client.post(reverse("deployments:settle", args=[incident.pk]), {"reason": "we know"})
    assert answer["location"] == team_page
    assert "is stopped." not in client.get(HOME).content.decode().split("Recent changes")[0]
