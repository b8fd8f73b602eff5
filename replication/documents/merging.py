"""Three-way merge of documents, thing by thing (`units`): what only one side changed is taken from that side; what both
changed differently is a conflict, until somebody chooses a side for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from replication.documents.units import Place, Units, document_of_units, is_table, place_key, place_words, units_of


class Side(StrEnum):
    """Whose word stands where both sides changed a thing."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Conflict:
    """One thing that both sides changed, as each has it; None where it is not there.

    Where one side removed a task and the other changed anything in it, the thing is the whole task with its tables.
    """

    place: Place
    base: Any
    theirs: Any
    ours: Any

    @property
    def key(self) -> str:
        """Its place as one word: what a choice names."""
        return place_key(self.place)

    @property
    def words(self) -> str:
        """Its place as people say it."""
        return place_words(self.place)


@dataclass(frozen=True)
class MergedDocuments:
    """The merged document, as JSON values; while there are `conflicts` nobody decided, it means nothing.

    `decided` are the conflicts that a side was chosen for.
    """

    document: dict[str, Any]
    conflicts: tuple[Conflict, ...]
    decided: tuple[Conflict, ...] = ()


def documents_merge(
    *,
    base: Mapping[str, Any],
    theirs: Mapping[str, Any],
    ours: Mapping[str, Any],
    choices: Mapping[str, Side] | None = None,
) -> MergedDocuments:
    """`ours` on top of `theirs`, both of which were made from `base`; `choices` decide conflicts by their keys."""
    before, their, our = units_of(base), units_of(theirs), units_of(ours)
    found = list(_conflicts(before, their, our))
    chosen = choices or {}
    undecided = tuple(conflict for conflict in found if conflict.key not in chosen)
    decided = tuple(conflict for conflict in found if conflict.key in chosen)
    if undecided:
        return MergedDocuments({}, undecided, decided)
    merged: Units = {}
    for place in dict.fromkeys((*their, *our)):
        side = _side(place, decided, chosen)
        if side is None:
            side = Side.THEIRS if our.get(place) == before.get(place) else Side.MINE
        units = our if side is Side.MINE else their
        if place in units:
            merged[place] = units[place]
    return MergedDocuments(document_of_units(merged), (), decided)


def _conflicts(before: Units, their: Units, our: Units) -> Iterator[Conflict]:
    removed = set(_removed_and_changed(before, their, our))
    for task in sorted(removed):
        yield Conflict(task, *(_whole_task(units, task) for units in (before, their, our)))
    for place in dict.fromkeys((*their, *our)):
        was, theirs_is, ours_is = (units.get(place) for units in (before, their, our))
        if place[:2] not in removed and theirs_is not in (was, ours_is) and ours_is != was:
            yield Conflict(place, was, theirs_is, ours_is)


def _removed_and_changed(before: Units, their: Units, our: Units) -> Iterator[Place]:
    """The tasks that one side removed while the other changed something in them."""
    for place in before:
        if place[0] == "tasks" and not is_table(place) and (place in their) != (place in our):
            kept = their if place in their else our
            if _of_task(kept, place) != _of_task(before, place):
                yield place


def _of_task(units: Units, task: Place) -> Units:
    return {place: value for place, value in units.items() if place[:2] == task}


def _whole_task(units: Units, task: Place) -> dict[str, Any] | None:
    if task not in units:
        return None
    tables = [value for place, value in units.items() if place[:2] == task and is_table(place)]
    return {**units[task], "tables": tables}


def _side(place: Place, decided: tuple[Conflict, ...], chosen: Mapping[str, Side]) -> Side | None:
    for conflict in decided:
        if place == conflict.place or (place[:2] == conflict.place and _is_whole(conflict)):
            return chosen[conflict.key]
    return None


def _is_whole(conflict: Conflict) -> bool:
    """Whether the conflict is about a task with all its tables: only then one side has none of it, and base has."""
    return conflict.base is not None and "tables" in conflict.base
