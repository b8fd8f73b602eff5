"""What the open change requests of a scope change, thing by thing: who edits the same is told so while editing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from replication.choices import OPEN_STATES
from replication.documents.units import Place, Units, is_table, place_words, places_differing, units_of
from replication.models import ChangeRequest, Environment, Revision, Team

_NAMED_AT_MOST = 3


@dataclass(frozen=True)
class OpenChange:
    """An open change request (without its document), and the places of what it changes."""

    change_request: ChangeRequest
    places: tuple[Place, ...]

    @property
    def words(self) -> str:
        """What it changes, a few by name: `fooddb/foodsearch/barcodes in foodsearch and 2 more`."""
        named = ", ".join(place_words(place) for place in self.places[:_NAMED_AT_MOST])
        more = len(self.places) - _NAMED_AT_MOST
        return f"{named} and {more} more" if more > 0 else named


def open_changes_of(
    environment: Environment, team: Team | None, *, but: ChangeRequest | None = None
) -> tuple[OpenChange, ...]:
    """The scope's open change requests but for one, newest first. Two queries, whatever their number."""
    rows = ChangeRequest.objects.filter(environment=environment, team=team, state__in=OPEN_STATES).only(
        "number", "title", "state", "author_name", "document", "base_revision_id"
    )
    return what_they_change([change for change in rows if but is None or change.number != but.number])


def what_they_change(changes: Sequence[ChangeRequest]) -> tuple[OpenChange, ...]:
    """The change requests, each with what it changes. One query."""
    keys = {change.base_revision_id for change in changes if change.base_revision_id is not None}
    bases = Revision.objects.filter(pk__in=keys).values_list("pk", "document") if keys else ()
    before: dict[int | None, Units] = {None: {}, **{key: units_of(document) for key, document in bases}}
    return tuple(
        OpenChange(change, tuple(places_differing(before[change.base_revision_id], units_of(change.document))))
        for change in changes
    )


def touching(changes: Iterable[OpenChange], fits: Callable[[Place], bool]) -> tuple[OpenChange, ...]:
    """Those that change anything that `fits`, each with only that."""
    found = ((change, tuple(place for place in change.places if fits(place))) for change in changes)
    return tuple(OpenChange(change.change_request, places) for change, places in found if places)


def by_table(changes: Iterable[OpenChange]) -> dict[str, tuple[ChangeRequest, ...]]:
    """The open change requests for each table that any of them changes, by identity, whatever its task."""
    found: dict[str, list[ChangeRequest]] = {}
    for change in changes:
        for identity in dict.fromkeys(place[3] for place in change.places if is_table(place)):
            found.setdefault(identity, []).append(change.change_request)
    return {identity: tuple(requests) for identity, requests in found.items()}


def same_things(change_request: ChangeRequest, others: Iterable[OpenChange]) -> tuple[OpenChange, ...]:
    """Of `others` those that change what it changes: the same table in any task, or the same other thing."""
    base = change_request.base_revision
    mine = places_differing(units_of(base.document if base is not None else {}), units_of(change_request.document))
    places, tables = set(mine), {place[3] for place in mine if is_table(place)}
    return touching(others, lambda place: place in places or (is_table(place) and place[3] in tables))
