"""The whole company at any moment, and between any two: which scopes, at which revision, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet

from deploy_engine.diffing import DocumentDifference, changed_places
from replication.models import Environment, Revision, Team
from replication.selectors.moments import document_difference, with_who_and_why

_EVERYWHERE = Q()
_BY_SCOPE = ("environment__position", F("team__slug").asc(nulls_first=True))


@dataclass(frozen=True)
class ScopeBetween:
    """A scope that changed between two moments: how often, its last change, and what is different now.

    `difference` is None for a base stack; `settings` counts the settings that differ.
    """

    environment: Environment
    team: Team | None
    count: int
    newest: Revision
    difference: DocumentDifference | None
    settings: int


def scopes_as_of(moment: datetime, within: Q = _EVERYWHERE) -> QuerySet[Revision]:
    """The revision of every scope that was in force at `moment`, by environment and team; `within` narrows them."""
    rows = Revision.objects.filter(within, created_at__lte=moment)
    newest = rows.order_by().values("environment", "team").annotate(newest=Max("pk")).values("newest")
    return with_who_and_why(Revision.objects.filter(pk__in=newest)).order_by(*_BY_SCOPE)


def scopes_changed(since: datetime, until: datetime, within: Q = _EVERYWHERE) -> QuerySet[Revision]:
    """The last revision in the time after `since`, until `until`, of each scope that has one."""
    rows = Revision.objects.filter(within, created_at__gt=since, created_at__lte=until)
    newest = rows.order_by().values("environment", "team").annotate(newest=Max("pk")).values("newest")
    return with_who_and_why(Revision.objects.filter(pk__in=newest)).order_by(*_BY_SCOPE)


def scopes_between(since: datetime, until: datetime, newest: Sequence[Revision]) -> list[ScopeBetween]:
    """What became of these scopes, given by their last revision in the time: of a page of `scopes_changed`."""
    within = Revision.objects.filter(created_at__gt=since, created_at__lte=until)
    grouped = within.filter(_any_of(newest)).order_by().values_list("environment", "team")
    counts = {
        (environment, team): (count, first)
        for environment, team, count, first in grouped.annotate(count=Count("pk"), first=Min("number"))
    }
    firsts = {each.pk: counts[each.environment_id, each.team_id] for each in newest}
    wanted = Q(pk__in=firsts)
    for each in newest:
        wanted |= Q(environment=each.environment_id, team=each.team_id, number=firsts[each.pk][1] - 1)
    read = Revision.objects.filter(wanted).values_list("pk", "environment", "team", "document")
    after = {key: document for key, _, _, document in read if key in firsts}
    before: dict[tuple[int, int | None], Any] = {
        (environment, team): document for key, environment, team, document in read if key not in firsts
    }
    return [
        _scope(each, firsts[each.pk][0], before.get((each.environment_id, each.team_id)), after[each.pk])
        for each in newest
    ]


def _any_of(revisions: Sequence[Revision]) -> Q:
    scopes = Q(pk__in=[])
    for each in revisions:
        scopes |= Q(environment=each.environment_id, team=each.team_id)
    return scopes


def _scope(newest: Revision, count: int, before: Any, after: Any) -> ScopeBetween:
    difference = document_difference(before, after) if newest.team_id is not None else None
    settings = len(changed_places(before or {}, after)) if difference is None else len(difference.settings)
    return ScopeBetween(newest.environment, newest.team, count, newest, difference, settings)
