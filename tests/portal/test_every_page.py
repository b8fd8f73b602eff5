"""No link of the portal leads nowhere. Who may use which address: `tests/portal/roles/`."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.replication.conftest import Stage

LINK = re.compile(r'href="(/[^"#]*)')
MOST_PAGES = 80


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
        waiting += LINK.findall(response.getvalue().decode())  # of what is streamed, too
    assert len(seen) > len(("home", "teams", "team", "tables", "table", "history", "revision"))
