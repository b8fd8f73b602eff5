"""What layouts need on every signed-in page; a context processor hands it to the templates as `chrome`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from portal.shell.environments import environment_current, environments_all, waiting_for
from portal.shell.glossary import GLOSSARY, GlossaryEntry
from replication.models import Environment
from replication.policies import standing_of

THEMES = {"": "System", "light": "Light", "dark": "Dark"}

SETTINGS = frozenset({"settings", "people", "policy", "notices"})
"""The parts of the portal that the settings lead to; environments have an entry of their own."""


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the navigation. `current`: we are in its section; `exact`: we are on its very page."""

    label: str
    icon: str
    url: str
    current: bool
    exact: bool
    count: int = 0
    count_words: str = ""


@dataclass(frozen=True)
class ThemeChoice:
    """One button of the theme switch; the empty value leaves it to the system."""

    value: str
    label: str
    chosen: bool


class Chrome:
    """Lazy: a page that shows no header asks the database nothing."""

    glossary: tuple[GlossaryEntry, ...] = GLOSSARY

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def theme(self) -> str:
        """`light`, `dark`, or empty: as the system has it."""
        chosen = self._request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
        return chosen if chosen in THEMES else ""

    @property
    def themes(self) -> list[ThemeChoice]:
        """The theme switch's buttons."""
        return [ThemeChoice(value, label, value == self.theme) for value, label in THEMES.items()]

    @cached_property
    def environments(self) -> list[Environment]:
        """All environments, in their order."""
        return environments_all(self._request)

    @cached_property
    def environment(self) -> Environment | None:
        """The one that is looked at."""
        return environment_current(self._request)

    @property
    def person(self) -> str:
        """The reader's name."""
        user = self._request.user
        return (user.get_full_name() or user.get_username()) if user.is_authenticated else ""

    @cached_property
    def roles(self) -> str:
        """The reader's roles in words: "food reviewer, auditor"; "viewer" without any."""
        standing = standing_of(self._request.user)
        ordered = sorted(standing.teams.items(), key=lambda item: standing.slugs[item[0]])
        roles = [f"{standing.slugs[key]} {role}" for key, role in ordered]
        return ", ".join(roles + sorted(standing.everywhere)) or "viewer"

    @cached_property
    def navigation(self) -> list[NavigationItem]:
        """The sections that exist, in their order."""
        items = (
            self._item("Home", "house", "home", section="home", count=waiting_for(self._request)),
            self._item("Teams", "users", "teams:list", section="teams"),
            self._item("Tables", "table-2", "tables:list", section="tables"),
            self._item("Catalogue", "book-open", "catalogue:list", section="catalogue"),
            self._item("Changes", "git-pull-request", "changes:list", section="changes"),
            self._item("History", "history", "history:timeline", section="history"),
            self._item("Environments", "server", "environments:list", section="environments"),
            self._item("Settings", "settings-2", "settings:all", section=SETTINGS),
        )
        return [item for item in items if item is not None]

    def _item(
        self, label: str, icon: str, url_name: str, *, section: str | Collection[str], count: int = 0
    ) -> NavigationItem | None:
        try:
            url = reverse(url_name)
        except NoReverseMatch:
            return None
        match = self._request.resolver_match
        sections = {section} if isinstance(section, str) else section
        here = match is not None and (match.namespace or match.url_name) in sections
        exact = self._request.path == url
        return NavigationItem(label, icon, url, here, exact, count, count_words="waiting for you")


def chrome(request: HttpRequest) -> dict[str, Chrome]:
    """The context processor."""
    return {"chrome": Chrome(request)}
