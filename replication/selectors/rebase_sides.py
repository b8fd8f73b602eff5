"""What putting a change request on top of the accepted revision would meet: both sides of what both changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from replication.documents.merging import Conflict, Side, documents_merge
from replication.documents.units import Place, places_differing, units_of
from replication.models import ChangeRequest, Revision


@dataclass(frozen=True)
class RebaseSides:
    """`revisions` were accepted since the change request began, oldest first.

    `accepted_by` tells for each conflict, by its key, which of them brought the other side. `joins` counts the things
    that meet nothing: of the change request, and of what was accepted. `token` stands for both sides as they are.
    """

    revisions: tuple[Revision, ...]
    conflicts: tuple[Conflict, ...]
    accepted_by: Mapping[str, Revision]
    joins: tuple[int, int]
    token: str


def rebase_sides(change_request: ChangeRequest) -> RebaseSides | None:
    """Both sides; None where nothing was accepted since the change request began."""
    base = change_request.base_revision
    revisions = tuple(
        Revision.objects.filter(
            environment=change_request.environment_id,
            team=change_request.team_id,
            number__gt=base.number if base is not None else 0,
        )
        .select_related("change_request")
        .defer("ledger", "change_request__document")
        .order_by("number")
    )
    if not revisions:
        return None
    before, latest = base.document if base is not None else {}, revisions[-1]
    conflicts = documents_merge(base=before, theirs=latest.document, ours=change_request.document).conflicts
    was = units_of(before)
    theirs = places_differing(was, units_of(latest.document))
    ours = places_differing(was, units_of(change_request.document))
    met = {conflict.place for conflict in conflicts}
    return RebaseSides(
        revisions=revisions,
        conflicts=conflicts,
        accepted_by=_accepted_by(base, revisions, conflicts),
        joins=(_outside(ours, met), _outside(theirs, met)),
        token=rebase_token(change_request, latest.number),
    )


def rebase_token(change_request: ChangeRequest, revision: int) -> str:
    """Stands for both sides of a rebase: the draft's document, and the accepted revision's number."""
    return f"{revision}-{change_request.document_hash[:16]}"


def _outside(places: list[Place], met: set[Place]) -> int:
    return sum(place not in met and place[:2] not in met for place in places)


def _accepted_by(
    base: Revision | None, revisions: tuple[Revision, ...], conflicts: tuple[Conflict, ...]
) -> dict[str, Revision]:
    found: dict[str, Revision] = {}
    before = units_of(base.document if base is not None else {})
    for revision in revisions:
        after = units_of(revision.document)
        changed = set(places_differing(before, after))
        whole = {place[:2] for place in changed}
        found |= {each.key: revision for each in conflicts if each.place in changed or each.place in whole}
        before = after
    return found


def accepted_newer(conflict: Conflict) -> bool:
    """Whether what was accepted is a higher version than one's own active one, which the checks would then refuse."""
    if isinstance(conflict.ours, dict) and conflict.ours.get("paused"):
        return False
    return _version(conflict, Side.THEIRS) > _version(conflict, Side.MINE) > ""


def _version(conflict: Conflict, side: Side) -> str:
    value = conflict.theirs if side is Side.THEIRS else conflict.ours
    return str(value.get("version", "")) if isinstance(value, dict) else ""
