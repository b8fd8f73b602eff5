"""The whole company at any moment, and between any two: which scopes, at which revision, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, F, OuterRef, QuerySet, Subquery, Value

from deploy_engine.diffing import DocumentDifference, changed_places
from replication.models import Environment, Revision, Team, TeamSetup
from replication.selectors.keyset import PIECE
from replication.selectors.moments import document_difference, with_who_and_why


@dataclass(frozen=True)
class Within:
    """Which scopes are looked at: of one environment or all, of one team, of all teams and base stacks, or of these."""

    environment: Environment | None = None
    team: Team | None = None
    base_alone: bool = False


EVERYWHERE = Within()


@dataclass(frozen=True)
class ScopeChanged:
    """A scope that changed between two moments, by its last revision of then and its last before; None: it began."""

    newest: int
    before: int | None


@dataclass(frozen=True)
class ScopeBetween:
    """What became of such a scope: how often it changed, its last change, and what is different.

    `difference` is None for a base stack; `settings` counts the settings that differ.
    """

    environment: Environment
    team: Team | None
    count: int
    newest: Revision
    difference: DocumentDifference | None
    settings: int


def scopes_as_of(moment: datetime, within: Within = EVERYWHERE) -> list[int]:
    """The key of the revision of every scope that was in force at `moment`, by environment and team."""
    return [newest for newest, _ in _by_scope(within, until=moment) if newest is not None]


def scopes_changed(since: datetime, until: datetime, within: Within = EVERYWHERE) -> list[ScopeChanged]:
    """Every scope that has a revision after `since` and not after `until`, by environment and team."""
    found = _by_scope(within, until=until, since=since)
    return [ScopeChanged(newest, before) for newest, before in found if newest is not None and newest != before]


def revisions_named(keys: Sequence[int]) -> list[Revision]:
    """The revisions of a page, in the order of their keys there, with who and why."""
    found = with_who_and_why(Revision.objects.all()).in_bulk(list(keys))
    return [found[key] for key in keys]


def scopes_named(keys: Sequence[int]) -> Iterator[tuple[Environment, Team | None]]:
    """The scopes of these revisions, in the order of their keys there, read in pieces."""
    for begin in range(0, len(keys), PIECE):
        for revision in revisions_named(keys[begin : begin + PIECE]):
            yield revision.environment, revision.team


def scopes_between(changed: Sequence[ScopeChanged]) -> list[ScopeBetween]:
    """What became of these scopes: of a page of `scopes_changed`."""
    keys = {key for each in changed for key in (each.newest, each.before) if key is not None}
    read = {key: (number, document) for key, number, document in _documents(keys)}
    newest = revisions_named([each.newest for each in changed])
    return [
        _scope(revision, read[each.newest], read[each.before] if each.before is not None else (0, None))
        for each, revision in zip(changed, newest, strict=True)
    ]


def _documents(keys: set[int]) -> QuerySet[Revision, tuple[int, int, Any]]:
    return Revision.objects.filter(pk__in=keys).values_list("pk", "number", "document")


def _scope(newest: Revision, now: tuple[int, Any], then: tuple[int, Any]) -> ScopeBetween:
    difference = document_difference(then[1], now[1]) if newest.team_id is not None else None
    settings = len(changed_places(then[1] or {}, now[1])) if difference is None else len(difference.settings)
    return ScopeBetween(newest.environment, newest.team, now[0] - then[0], newest, difference, settings)


def _by_scope(within: Within, *, until: datetime, since: datetime | None = None) -> list[tuple[int | None, int | None]]:
    """For each scope the last revision until then, and the last until `since`; an index finds each of them at once."""
    bases = Environment.objects.all()
    setups = TeamSetup.objects.all()
    if within.environment is not None:
        bases, setups = bases.filter(pk=within.environment.pk), setups.filter(environment=within.environment)
    if within.team is not None:
        bases, setups = bases.none(), setups.filter(team=within.team)
    if within.base_alone:
        setups = setups.none()
    of_base = Revision.objects.filter(environment=OuterRef("pk"), team=None)
    of_team = Revision.objects.filter(environment=OuterRef("environment"), team=OuterRef("team"))
    rows = [
        *bases.annotate(place=F("position"), slug=Value("", CharField()), **_last(of_base, until, since)).values_list(
            *_COLUMNS
        ),
        *setups.annotate(
            place=F("environment__position"), slug=F("team__slug"), **_last(of_team, until, since)
        ).values_list(*_COLUMNS),
    ]
    return [(newest, before) for _, _, newest, before in sorted(rows, key=lambda row: row[:2])]


_COLUMNS = ("place", "slug", "newest", "before")


def _last(rows: QuerySet[Revision], until: datetime, since: datetime | None) -> dict[str, Any]:
    def last(moment: datetime) -> Subquery:
        return Subquery(rows.filter(created_at__lte=moment).order_by("-created_at", "-pk").values("pk")[:1])

    return {"newest": last(until), "before": last(since) if since is not None else Value(None, BigIntegerField())}
