"""What holds for every address of the portal, whoever adds one: closed to strangers, and no link leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.replication.conftest import Stage

OPEN_TO_STRANGERS = {"health", "accounts:sign-in", "people:choose-password", "notices:unsubscribe"}
EXAMPLES = {"int": 1, "slug": "x", "str": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}
LINK = re.compile(r'href="(/[^"#]*)')
MOST_PAGES = 80


def _names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            yield f"{prefix}{pattern.name}", pattern


PAGES = dict(_names(get_resolver("portal.urls").url_patterns))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(PAGES) - OPEN_TO_STRANGERS))
def test_every_page__a_stranger__is_sent_to_sign_in(client: Client, name: str) -> None:
    converters = PAGES[name].pattern.converters
    words = {
        argument: EXAMPLES[type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")]
        for argument, converter in converters.items()
    }
    address = reverse(name, kwargs=words)
    for response in (client.get(address), client.post(address)):
        assert response.status_code == HTTPStatus.FOUND
        assert response.headers["Location"].startswith(reverse("accounts:sign-in"))


def test_every_link__followed_from_home__leads_to_a_page(stage: Stage, browser_of: Callable[[User], Client]) -> None:
    stage.in_review("foodsearch.products")
    client = browser_of(stage.people.platform)
    seen: set[str] = set()
    waiting = [reverse("home")]
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if address in seen or address.startswith("/static/"):
            continue
        seen.add(address)
        response = client.get(address.replace("&amp;", "&"))
        assert response.status_code == HTTPStatus.OK, address
        waiting += LINK.findall(response.content.decode())
    assert len(seen) > len(("home", "teams", "team", "tables", "table", "history", "revision"))
