"""The address of every page in such a company, as different people ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from django.urls import reverse

from replication.models import Environment, Revision, Task
from replication.selectors.table_acts import SELECTION_ACTS
from tests.portal.enormous import sizes
from tests.portal.enormous.building import Company
from tests.portal.enormous.config import TWICE

PLATFORM, AUTHOR, REVIEWER, VIEWER = 0, 1, 2, -1
EVERYBODY = (PLATFORM, VIEWER)


@dataclass(frozen=True)
class Address:
    """Somebody of the company (by their place in it) asks for something; `status` is how it answers."""

    who: int
    url: str
    status: int = HTTPStatus.OK


Addresses = Callable[[Company], list[Address]]
Words = Callable[[Company], dict[str, str]]


def _page(
    name: str, *queries: str, who: tuple[int, ...] = (PLATFORM, VIEWER), words: Words = lambda _: {}
) -> Addresses:
    return lambda place: [
        Address(each, f"{reverse(name, kwargs=words(place))}{query}") for query in ("", *queries) for each in who
    ]


def _of_team(**more: str) -> Words:
    return lambda place: {"environment": place.environment.name, "team": place.team.slug, **more}


def _of_environment(place: Company) -> dict[str, str]:
    return {"environment": place.environment.name}


def _promotion(place: Company) -> dict[str, str]:
    after = Environment.objects.all()[1]
    return {"environment": after.name, "team": place.team.slug, "source": place.environment.name}


def _table(number: int) -> Words:
    schema, table = sizes.table(number)
    source = sizes.slug("source", 0)
    return lambda place: {"environment": place.environment.name, "source": source, "schema": schema, "table": table}


def _changes(name: str, *queries: str) -> Addresses:
    """Of a change request in each stage of its life."""

    def addresses(place: Company) -> list[Address]:
        changes = (place.adds, place.reloads, place.removals, place.approved, place.merged, place.draft, place.of_base)
        plain = [(change, "") for change in changes]
        urls = [
            f"{reverse(name, args=[each.pk])}{query}" for each, query in (*plain, *((place.adds, q) for q in queries))
        ]
        return [Address(who, url) for url in urls for who in (PLATFORM, REVIEWER)]

    return addresses


def _form(name: str, words: Words) -> Addresses:
    """A form that proposes: something of its own, or one more edit of an open change."""

    def addresses(place: Company) -> list[Address]:
        url = reverse(name, kwargs=words(place))
        return [Address(who, f"{url}{to}") for to in ("", f"?where={place.draft.pk}") for who in (PLATFORM, AUTHOR)]

    return addresses


def _drafts(name: str, who: int) -> Addresses:
    return lambda place: [Address(who, reverse(name, args=[each.pk])) for each in (place.adds, place.draft)]


def _deployments(name: str) -> Addresses:
    return lambda place: [
        Address(who, reverse(name, args=[row.pk]))
        for row in (place.failed, place.running, place.done)
        for who in (PLATFORM, AUTHOR, VIEWER)
    ]


def _revision(name: str, *queries: str) -> Addresses:
    def addresses(place: Company) -> list[Address]:
        key = Revision.objects.get(team=place.team, environment=place.environment).pk
        return [Address(AUTHOR, f"{reverse(name, args=[key])}{query}") for query in ("", *queries)]

    return addresses


def _table_acts(place: Company) -> list[Address]:
    """Every act on all tables of the largest task."""
    task = Task.objects.get(setup__team=place.team, setup__environment=place.environment, name=sizes.slug("task", 0))
    url = reverse("changes:table-act")
    return [
        Address(who, f"{url}?{urlencode({'act': act.value, 'task': task.pk})}")
        for act in SELECTION_ACTS
        for who in (AUTHOR, PLATFORM)
    ]


def _refused(name: str, who: int, status: int, **words: str) -> Addresses:
    return lambda place: [Address(who, reverse(name, kwargs=words), status)]


_TASK = _of_team(task=sizes.slug("task", 0))
_SCOPE = f"environment={sizes.slug('place', 0)}&team={sizes.team_slug(0)}"

ADDRESSES: dict[str, Addresses] = {
    "home": _page("home", who=(PLATFORM, AUTHOR, REVIEWER, VIEWER)),
    "health": lambda place: [Address(PLATFORM, reverse("health"), HTTPStatus.SERVICE_UNAVAILABLE)],
    "accounts:sign-in": _refused("accounts:sign-in", PLATFORM, HTTPStatus.FOUND),
    "catalogue:list": _page("catalogue:list", "?q=stock", f"?environment={sizes.slug('place', 0)}"),
    "changes:list": _page("changes:list", "?show=all", "?show=mine", "?q=change"),
    "changes:detail": _changes(
        "changes:detail", "?show=files", "?show=mappings", "?show=template", "?show=since&review=1"
    ),
    "changes:live": _changes("changes:live"),
    "changes:rename": _drafts("changes:rename", AUTHOR),
    "changes:rebase": lambda place: [Address(PLATFORM, reverse("changes:rebase", args=[place.behind.pk]))],
    "changes:give-up": _drafts("changes:give-up", PLATFORM),
    "changes:add-tables": _page(
        "changes:add-tables", f"?task={sizes.slug('task', 0)}", words=_of_team(), who=(PLATFORM, AUTHOR)
    ),
    "changes:add-tables-row": _page("changes:add-tables-row", words=_of_team(), who=(AUTHOR,)),
    "changes:table-act": _table_acts,
    "changes:task-new": _form("changes:task-new", _of_team()),
    "changes:task-settings": _form("changes:task-settings", _TASK),
    "changes:task-clone": _form("changes:task-clone", _TASK),
    "changes:task-anew": _form("changes:task-anew", _TASK),
    "changes:task-act": _form("changes:task-act", _of_team(task=sizes.slug("task", 0), act="remove")),
    "changes:parts": _page("changes:parts", words=_of_team()),
    "changes:part-new": _form("changes:part-new", _of_team(kind="source")),
    "changes:part-edit": _form("changes:part-edit", _of_team(kind="source", name=sizes.slug("source", 0))),
    "changes:promote": _page("changes:promote", words=_promotion, who=(PLATFORM, AUTHOR)),
    "deployments:list": _page("deployments:list", "?show=all"),
    "deployments:detail": _deployments("deployments:detail"),
    "deployments:live": _deployments("deployments:live"),
    "environments:list": _page("environments:list"),
    "environments:new": _page("environments:new", who=(PLATFORM,)),
    "environments:detail": _page("environments:detail", words=_of_environment),
    "environments:change": _page("environments:change", words=_of_environment, who=(PLATFORM,)),
    "environments:team-new": _page("environments:team-new", words=_of_environment, who=(PLATFORM,)),
    "history:timeline": _page("history:timeline", "?kind=deployment", f"?{_SCOPE}"),
    "history:since": _page("history:since", "?since=2026-01-01T00:00", f"?{_SCOPE}"),
    "history:compare": _page("history:compare", f"?{_SCOPE}&since=2020-01-01T00:00"),
    "history:as-of": _page("history:as-of", f"?{_SCOPE}"),
    "history:retired": _page("history:retired", f"?{_SCOPE}"),
    "history:git": _page("history:git"),
    "history:git-difference": _page("history:git-difference"),
    "history:proof": _page("history:proof"),
    "history:revision": _revision("history:revision"),
    "history:revert-ask": _revision("history:revert-ask"),
    "notices:preferences": _page("notices:preferences"),
    "notices:deliveries": _page("notices:deliveries", "?page=2", who=(PLATFORM,)),
    "notices:unsubscribe": _refused("notices:unsubscribe", PLATFORM, HTTPStatus.NOT_FOUND, token="x"),
    "people:list": _page("people:list", "?q=person", who=(PLATFORM, AUTHOR)),
    "people:new": _page("people:new", who=(PLATFORM,)),
    "people:detail": lambda place: [
        Address(who, reverse("people:detail", args=[place.people[1].pk])) for who in (0, 1)
    ],
    "people:choose-password": _page(
        "people:choose-password", words=lambda _: {"uidb64": "MQ", "token": "x"}, who=(PLATFORM,)
    ),
    "policy:detail": _page("policy:detail", words=_of_team()),
    "settings:all": _page("settings:all"),
    "tables:list": _page("tables:list", "?state=loading", "?q=stock"),
    "tables:detail": lambda place: [
        *_page("tables:detail", words=_table(0))(place),
        *_page("tables:detail", words=_table(TWICE))(place),
    ],
    "teams:list": _page("teams:list"),
    "teams:detail": _page("teams:detail", words=_of_team(), who=(PLATFORM, AUTHOR, VIEWER)),
}
"""Every page that is asked for; what is left only takes what is posted."""
