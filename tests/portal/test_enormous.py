"""The largest company that Sluice promises to show: each page stays small, and says what it does not show."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.enormous import ENORMOUS, Company, company
from tests.portal.enormous.addresses import ADDRESSES

LARGEST = 300_000
"""Bytes of HTML, before it is compressed."""
LISTS = (
    "home",
    "changes:detail",
    "changes:live",
    "changes:table-act",
    "changes:promote",
    "deployments:detail",
    "environments:list",
    "history:as-of",
    "history:compare",
    "history:revision",
    "history:since",
    "history:timeline",
    "tables:list",
    "teams:detail",
)


@pytest.fixture
def place(db: None) -> Company:
    """All of it."""
    return company(ENORMOUS)


def test_pages__of_the_largest_company__stay_below_300_kilobytes(place: Company) -> None:
    sizes = {}
    for name in LISTS:
        for address in {address.url: address for address in ADDRESSES[name](place)}.values():
            client = Client()
            client.force_login(place.people[address.who])
            sizes[address.url] = len(client.get(address.url).content)
    assert {url: size for url, size in sizes.items() if size > LARGEST} == {}


def test_change__of_five_hundred_tables__unfolds_without_a_script_page_by_page(place: Company) -> None:
    client = Client()
    client.force_login(place.people[1])
    url = reverse("changes:detail", args=[place.adds.pk])
    folded = client.get(url).content.decode()
    assert "The first 12 of 500." in folded
    assert "The first 20 of 501." in folded
    assert "?all-effects=1" in folded
    last = client.get(f"{url}?all-effects=6").content.decode()
    assert "501 to 501 of 501." in last
    assert "?all-effects=5" in last


def test_tables__of_two_thousand__go_on_below_the_last_one_shown(place: Company) -> None:
    client = Client()
    client.force_login(place.people[0])
    first = client.get(f"{reverse('tables:list')}?team={place.team.slug}")
    assert "2001 tables" in first.content.decode()
    shown = [line.entry.pk for line in first.context["lines"]]
    second = client.get(f"{reverse('tables:list')}{first.context['page'].older_url}")
    assert not set(shown) & {line.entry.pk for line in second.context["lines"]}
    assert second.context["lines"][0].entry.identity > first.context["lines"][-1].entry.identity
