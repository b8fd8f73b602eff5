"""The config at any moment, and between any two: whole scopes, and line by line with who is behind each and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Max, QuerySet

from deploy_engine.diffing import DocumentDifference, SettingChange, compare_documents, document_places
from replication.documents import team_document_of
from replication.models import Environment, Revision, Team

_NO_DOCUMENTS = ("document", "ledger", "change_request__document")


@dataclass(frozen=True)
class ConfigLine:
    """One line of a config: where it stands, what it says, and the revision that made it say so."""

    place: str
    value: str
    origin: Revision


@dataclass(frozen=True)
class ConfigAsOf:
    """What was accepted in a scope at a moment: the revision, its lines by place, and how many older ones there are."""

    revision: Revision
    lines: tuple[ConfigLine, ...]


@dataclass(frozen=True)
class ConfigBetween:
    """What became different in a scope between two moments; None where nothing was accepted yet.

    `origins` gives, by place, the newest revision that changed a line. `difference` is None for a base stack, whose
    lines are all in `settings`.
    """

    before: Revision | None
    after: Revision | None
    revisions: tuple[Revision, ...]
    difference: DocumentDifference | None
    settings: tuple[SettingChange, ...]
    origins: dict[str, Revision]

    @property
    def empty(self) -> bool:
        """Whether nothing differs; it may have changed and changed back."""
        return not self.settings and (self.difference is None or self.difference.empty)


@dataclass(frozen=True)
class ScopeBetween:
    """How often a scope changed between two moments."""

    environment: Environment
    team: Team | None
    revisions: tuple[Revision, ...]


def scopes_as_of(moment: datetime, environment: Environment | None = None) -> list[Revision]:
    """The revision of every scope that was in force at `moment`, without documents, by environment and team."""
    rows = Revision.objects.filter(created_at__lte=moment)
    if environment is not None:
        rows = rows.filter(environment=environment)
    newest = rows.order_by().values("environment", "team").annotate(newest=Max("id")).values_list("newest", flat=True)
    return list(_named(Revision.objects.filter(pk__in=list(newest))).order_by("environment__position", "team__slug"))


def revision_as_of(moment: datetime, environment: Environment, team: Team | None) -> Revision | None:
    """The revision of one scope that was in force at `moment`, with its document."""
    rows = Revision.objects.filter(environment=environment, team=team, created_at__lte=moment)
    return rows.select_related("environment", "team", "change_request").order_by("-number").first()


def config_as_of(moment: datetime, environment: Environment, team: Team | None) -> ConfigAsOf | None:
    """One scope at `moment`, line by line; None where nothing was accepted yet."""
    revision = revision_as_of(moment, environment, team)
    if revision is None:
        return None
    places = document_places(revision.document)
    origins = _origins(places, _newest_first(environment, team, up_to=revision.number))
    return ConfigAsOf(revision, tuple(ConfigLine(place, text, origins[place]) for place, text in places.items()))


def config_between(environment: Environment, team: Team | None, since: datetime, until: datetime) -> ConfigBetween:
    """What `until` has that `since` had not, and the other way round, with who made each line so."""
    before, after = revision_as_of(since, environment, team), revision_as_of(until, environment, team)
    old = document_places(before.document) if before is not None else {}
    new = document_places(after.document) if after is not None else {}
    changed = {place for place in old.keys() | new.keys() if old.get(place) != new.get(place)}
    low, high = (before.number if before else 0), (after.number if after else 0)
    revisions = list(_newest_first(environment, team, up_to=high, above=low)) if high > low else []
    return ConfigBetween(
        before=before,
        after=after,
        revisions=tuple(revisions),
        difference=_difference(before, after) if team is not None else None,
        settings=_settings(changed, old, new),
        origins=_changers(changed, revisions, old),
    )


def scopes_between(since: datetime, until: datetime, environment: Environment | None = None) -> list[ScopeBetween]:
    """Every scope that was changed after `since` and not after `until`, with its revisions, the newest first."""
    rows = _named(Revision.objects.filter(created_at__gt=since, created_at__lte=until)).order_by("-created_at", "-id")
    if environment is not None:
        rows = rows.filter(environment=environment)
    found: dict[tuple[int, int | None], list[Revision]] = {}
    for revision in rows:
        found.setdefault((revision.environment_id, revision.team_id), []).append(revision)
    return [ScopeBetween(each[0].environment, each[0].team, tuple(each)) for each in found.values()]


def _named(rows: QuerySet[Revision]) -> QuerySet[Revision]:
    return rows.select_related("environment", "team", "change_request").defer(*_NO_DOCUMENTS)


def _newest_first(environment: Environment, team: Team | None, *, up_to: int, above: int = 0) -> Iterator[Revision]:
    rows = Revision.objects.filter(environment=environment, team=team, number__lte=up_to, number__gt=above)
    return rows.select_related("change_request").order_by("-number").iterator(chunk_size=20)


def _origins(places: dict[str, str], newest_first: Iterable[Revision]) -> dict[str, Revision]:
    """For each line, the oldest revision since when it has said the same without a break."""
    origins: dict[str, Revision] = {}
    unexplained = set(places)
    newer: Revision | None = None
    for revision in newest_first:
        then = document_places(revision.document)
        for place in [each for each in unexplained if newer is not None and then.get(each) != places[each]]:
            assert newer is not None  # noqa: S101 - for the type checker; the condition above says so
            origins[place] = newer
            unexplained.discard(place)
        newer = revision
        if not unexplained:
            break
    if newer is not None:
        origins |= dict.fromkeys(unexplained, newer)
    return origins


def _changers(changed: set[str], newest_first: list[Revision], before: dict[str, str]) -> dict[str, Revision]:
    """For each changed line, the newest revision that changed it."""
    documents = [document_places(revision.document) for revision in newest_first]
    found: dict[str, Revision] = {}
    for revision, (now, then) in zip(newest_first, pairwise([*documents, before]), strict=True):
        for place in changed - found.keys():
            if now.get(place) != then.get(place):
                found[place] = revision
    return found


def _difference(before: Revision | None, after: Revision | None) -> DocumentDifference | None:
    if after is None:
        return None
    then = team_document_of(before.document) if before is not None else None
    return compare_documents(then, team_document_of(after.document))


def _settings(changed: set[str], old: dict[str, str], new: dict[str, str]) -> tuple[SettingChange, ...]:
    return tuple(
        SettingChange(place, old.get(place), new.get(place)) for place in sorted(changed) if "/tables/" not in place
    )
