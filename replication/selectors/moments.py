"""One scope's config at any moment, and between any two: as a whole and line by line, with who is behind each line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from deploy_engine.diffing import (
    DocumentDifference,
    SettingChange,
    changed_places,
    compare_documents,
    document_places,
)
from replication.documents import team_document_of
from replication.models import Environment, Review, Revision, Team

REVISIONS_SHOWN = 50
"""Of those between two moments, the newest; the timeline has the rest."""

_DOCUMENTS = ("document", "ledger", "changed", "change_request__document")


@dataclass(frozen=True)
class ConfigLine:
    """One line of a config: where it stands, what it says, and the revision that made it say so."""

    place: str
    value: str
    origin: Revision


@dataclass(frozen=True)
class ConfigAsOf:
    """What was accepted in a scope at a moment: the revision, and its lines: settings, then task by task."""

    revision: Revision
    lines: tuple[ConfigLine, ...]


@dataclass(frozen=True)
class ConfigBetween:
    """What became different in a scope, or in one task of it, between two moments.

    `before` and `after` are None where nothing was accepted yet. `revisions` are the newest of those accepted
    meanwhile, `count` how many there are. `origins` gives, by place, the newest revision that changed a line.
    `difference` is None for a base stack, whose lines are all in `settings`.
    """

    before: Revision | None
    after: Revision | None
    revisions: tuple[Revision, ...]
    count: int
    difference: DocumentDifference | None
    settings: tuple[SettingChange, ...]
    origins: dict[str, Revision]

    @property
    def empty(self) -> bool:
        """Whether nothing differs; it may have changed and changed back."""
        return not self.settings and (self.difference is None or self.difference.empty)


def with_who_and_why(rows: QuerySet[Revision]) -> QuerySet[Revision]:
    """Revisions with their change requests and the approvals that counted, without any documents."""
    approvals = Prefetch("change_request__reviews", Review.objects.filter(verdict="approve", voided_at=None))
    return rows.select_related("environment", "team", "change_request").prefetch_related(approvals).defer(*_DOCUMENTS)


def revision_as_of(moment: datetime, environment: Environment, team: Team | None) -> Revision | None:
    """The revision of one scope that was in force at `moment`, with its document."""
    rows = Revision.objects.filter(environment=environment, team=team, created_at__lte=moment)
    return rows.select_related("environment", "team", "change_request").order_by("-number").first()


def config_as_of(moment: datetime, environment: Environment, team: Team | None, *, task: str = "") -> ConfigAsOf | None:
    """One scope at `moment`, or one task of it, line by line; None where nothing was accepted yet."""
    revision = revision_as_of(moment, environment, team)
    if revision is None:
        return None
    places = _within(document_places(revision.document), task)
    keys = _last_changed(places, _changed(environment, team, up_to=revision.number))
    origins = _revisions_of(keys.values())
    ordered = sorted(places, key=lambda place: (place_in_task(place)[0], "/tables/" in place, place))
    return ConfigAsOf(revision, tuple(ConfigLine(place, places[place], origins[keys[place]]) for place in ordered))


def place_in_task(place: str) -> tuple[str, str]:
    """Of which task a line is ("" beside the tasks), and what it is called there: a table by its identity."""
    root, _, rest = place.partition("/")
    task, _, line = rest.partition("/")
    return (task, line.removeprefix("tables/")) if root == "tasks" else ("", place)


def config_between(
    environment: Environment, team: Team | None, since: datetime, until: datetime, *, task: str = ""
) -> ConfigBetween:
    """What `until` has that `since` had not, and the other way round, with who made each line so."""
    before, after = revision_as_of(since, environment, team), revision_as_of(until, environment, team)
    old = _within(document_places(before.document), task) if before is not None else {}
    new = _within(document_places(after.document), task) if after is not None else {}
    changed = {place for place in old.keys() | new.keys() if old.get(place) != new.get(place)}
    settings = [place for place in sorted(changed) if "/tables/" not in place]
    low, high = (before.number if before else 0), (after.number if after else 0)
    meanwhile = _touching(task, _changed(environment, team, up_to=high, above=low)) if high > low else []
    keys = _last_changed(changed, meanwhile)
    shown = [key for key, _ in meanwhile[:REVISIONS_SHOWN]]
    found = _revisions_of({*keys.values(), *shown})
    return ConfigBetween(
        before=before,
        after=after,
        revisions=tuple(found[key] for key in shown),
        count=len(meanwhile),
        difference=document_difference(_document(before), _document(after), task=task) if team is not None else None,
        settings=tuple(SettingChange(place, old.get(place), new.get(place)) for place in settings),
        origins={place: found[key] for place, key in keys.items()},
    )


def document_difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, *, task: str = ""
) -> DocumentDifference | None:
    """What is different between two documents of a team, or in one task of them; None where there is no later one."""
    if after is None:
        return None
    then = team_document_of(before) if before is not None else None
    difference = compare_documents(then, team_document_of(after))
    return difference.of_task(task) if task else difference


def setting_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[SettingChange, ...]:
    """What is different between two documents outside of the tables, by place."""
    old, new = document_places(before), document_places(after)
    places = [place for place in changed_places(before, after) if "/tables/" not in place]
    return tuple(SettingChange(place, old.get(place), new.get(place)) for place in places)


_Changes = list[tuple[int, list[str] | None]]
"""Revisions by key with the places that each changed, the newest first; None: all of them."""


def _changed(environment: Environment, team: Team | None, *, up_to: int, above: int = 0) -> _Changes:
    rows = Revision.objects.filter(environment=environment, team=team, number__lte=up_to, number__gt=above)
    return list(rows.order_by("-number").values_list("pk", "changed"))


def _document(revision: Revision | None) -> Mapping[str, Any] | None:
    return revision.document if revision is not None else None


def _touching(task: str, changes: _Changes) -> _Changes:
    if not task:
        return changes
    begin = f"tasks/{task}/"
    return [
        (key, places) for key, places in changes if places is None or any(place.startswith(begin) for place in places)
    ]


def _last_changed(places: Iterable[str], newest_first: _Changes) -> dict[str, int]:
    """For each place, the newest revision that made it what it is."""
    found: dict[str, int] = {}
    rest = set(places)
    for key, changed in newest_first:
        here = rest if changed is None else rest.intersection(changed)
        found |= dict.fromkeys(here, key)
        rest = rest - here
        if not rest:
            break
    return found


def _revisions_of(keys: Collection[int]) -> dict[int, Revision]:
    return with_who_and_why(Revision.objects.all()).in_bulk(set(keys))


def _within(places: dict[str, str], task: str) -> dict[str, str]:
    begin = f"tasks/{task}/"
    return {place: text for place, text in places.items() if place.startswith(begin)} if task else places
