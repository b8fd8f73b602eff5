"""The list of teams, and a team's page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from replication.models import Task, TaskLatency, TaskStatus
from tests.replication.conftest import Stage

FOOD = reverse("teams:detail", args=["local", "food"])
Browser = Callable[[User], Client]


def test_team_list__two_teams__shows_both_with_their_health(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(reverse("teams:list")).content.decode()
    assert "not seen yet" in page
    assert "never deployed" in page
    assert FOOD in page


def test_team_list__no_environment__says_how_to_begin(signed_in: Client) -> None:
    assert "No team replicates here yet" in signed_in.get(reverse("teams:list")).content.decode()


def test_team_detail__a_failed_task__shows_what_dms_said(stage: Stage, browser_of: Browser) -> None:
    TaskStatus.objects.create(
        task=Task.objects.get(name="foodsearch"),
        state="failed",
        failure="Source connection lost",
        observed_at=timezone.now(),
    )
    page = browser_of(stage.people.viewer).get(FOOD).content.decode()
    assert "Source connection lost" in page
    assert "degraded" in page


def test_team_detail__a_team_that_is_not_there__answers_404(stage: Stage, browser_of: Browser) -> None:
    response = browser_of(stage.people.viewer).get(reverse("teams:detail", args=["local", "nobody"]))
    assert response.status_code == HTTPStatus.NOT_FOUND


def test_team_detail__members_and_their_roles__stand_there(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(FOOD).content.decode()
    assert "Rita Example" in page
    assert "needs 1 approval" in page


def test_team_detail__any__draws_where_the_tables_flow(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(FOOD).content.decode()
    assert "data/fooddb_foodsearch_barcodes_v202011191200/" in page


def test_team_detail__any__shows_how_full_the_limits_are(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(FOOD).content.decode()
    for words in ("Template", "of 500 resources", "Table mappings of food-foodsearch", "Loads at once from fooddb"):
        assert words in page


def test_team_detail__whoever_may_propose__finds_the_way_to_add_tables(stage: Stage, browser_of: Browser) -> None:
    add = reverse("changes:add-tables", args=["local", "food"])
    assert add in browser_of(stage.people.member).get(FOOD).content.decode()
    page = browser_of(stage.people.stranger).get(FOOD).content.decode()
    assert add not in page
    assert "You are not in team food" in page


def test_team_detail__latency_was_measured__draws_it_and_says_it(stage: Stage, browser_of: Browser) -> None:
    now = timezone.now()
    began = int(now.timestamp()) - 600
    points = [[began, 1, 41], [began + 300, 1, 600], [began + 600, 1, 58]]
    TaskLatency.objects.create(task=Task.objects.get(name="foodsearch"), points=points, asked_at=now)
    shown = browser_of(stage.people.member).get(FOOD).content.decode()
    assert "58 s behind now · at most 10 min in 10 min" in shown
    assert 'aria-label="How late changes arrive in the lake, over 10 min: now 58 s, at most 10 min"' in shown
