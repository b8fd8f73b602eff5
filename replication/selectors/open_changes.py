"""What the open change requests of a scope change, thing by thing: who edits the same is told so while editing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from django.db.models import QuerySet

from replication.choices import OPEN_STATES
from replication.documents.units import Place, is_table, place_words, places_differing, units_of
from replication.models import ChangeRequest, Environment, Team

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
    rows = ChangeRequest.objects.filter(environment=environment, team=team, state__in=OPEN_STATES)
    return what_they_change(
        [change for change in without_documents(rows) if but is None or change.number != but.number]
    )


def what_they_change(changes: Sequence[ChangeRequest]) -> tuple[OpenChange, ...]:
    """The change requests, each with what it changes. One query, for the documents that were not compared lately."""
    known = {key: _COMPARED[key] for key in map(_key, changes) if key in _COMPARED}
    unknown = [change.number for change in changes if _key(change) not in known]
    if unknown:
        rows = ChangeRequest.objects.filter(number__in=unknown).select_related("base_revision")
        compared = {_key(change): _places(change) for change in rows.defer("base_revision__ledger")}
        _remember(compared)
        known |= compared
    return tuple(OpenChange(change, known.get(_key(change), ())) for change in changes)


def without_documents(rows: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    """What `what_they_change` needs of change requests; documents are as large as a team and stay where they are."""
    return rows.select_related("base_revision").defer("document", "base_revision__document", "base_revision__ledger")


_COMPARED: dict[tuple[str, str], tuple[Place, ...]] = {}
"""By the hashes of a base and a document, which never mean another text: what differs, the oldest first."""
_KEPT_AT_MOST = 1_000
_ONE_AT_A_TIME = Lock()


def _remember(compared: dict[tuple[str, str], tuple[Place, ...]]) -> None:
    with _ONE_AT_A_TIME:
        _COMPARED.update(compared)
        for key in list(_COMPARED)[: max(0, len(_COMPARED) - _KEPT_AT_MOST)]:
            del _COMPARED[key]


def _places(change: ChangeRequest) -> tuple[Place, ...]:
    base = change.base_revision.document if change.base_revision is not None else {}
    return tuple(places_differing(units_of(base), units_of(change.document)))


def _key(change: ChangeRequest) -> tuple[str, str]:
    return change.base_revision.document_hash if change.base_revision is not None else "", change.document_hash


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
