"""Shipping together and in an emergency, by the pages' forms."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.models import Deployment
from tests.portal.office import Office

Browser = Callable[[User], Client]
TOGETHER = reverse("changes:ship-together")


def test_ship_together__two_are_approved__is_offered_on_both_pages_and_ships_them(
    office: Office, browser_of: Browser
) -> None:
    changes = [office.approved("foodsearch.products"), office.approved("foodsearch.tags")]
    client = browser_of(office.stage.people.member)
    for address in (f"/changes/{changes[0].number}/", reverse("teams:detail", args=["local", "food"])):
        page = client.get(address).content.decode()
        assert TOGETHER in page
        assert f'name="numbers" value="{changes[1].number}"' in page
    answer = client.post(TOGETHER, {"numbers": [str(change.number) for change in changes]})
    assert answer["location"] == reverse("deployments:detail", args=[Deployment.objects.get().pk])


def test_ship_together__one_alone_or_a_viewer__is_not_offered(office: Office, browser_of: Browser) -> None:
    change = office.approved("foodsearch.products")
    assert TOGETHER not in browser_of(office.stage.people.member).get(f"/changes/{change.number}/").content.decode()
    office.approved("foodsearch.tags")
    assert TOGETHER not in browser_of(office.stage.people.viewer).get(f"/changes/{change.number}/").content.decode()


def test_emergency__by_the_platform__stands_out_on_every_page(office: Office, browser_of: Browser) -> None:
    change = office.in_review("foodsearch.products")
    address, page = reverse("changes:emergency", args=[change.number]), f"/changes/{change.number}/"
    assert address not in browser_of(office.stage.people.reviewer).get(page).content.decode()
    client = browser_of(office.stage.people.platform)
    assert address in client.get(page).content.decode()
    client.post(address, {"reason": "The lake is wrong since noon."})
    deployment = Deployment.objects.get()
    places = (page, f"/deployments/{deployment.pk}/", "/deployments/", "/teams/local/food/", "/history/")
    for place in places:
        assert "emergency</span>" in client.get(place).content.decode(), place
    assert "The lake is wrong since noon." in client.get(page).content.decode()
