"""Both sides of a conflict beside what both began with, value by value, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.presenters.words import counted
from replication.documents.merging import Conflict, Side
from replication.models import Revision
from replication.selectors.rebase_sides import RebaseSides, accepted_newer

ABSENT = "not there"
UNSET = {"paused": "no"}
"""What a value means that a thing does not name; any other one is simply not set."""


@dataclass(frozen=True)
class ValueRow:
    """One value as the base, the accepted revision and the change request have it."""

    label: str
    base: str
    theirs: str
    ours: str


@dataclass(frozen=True)
class ConflictCard:
    """One thing to decide; `chosen` is the side chosen before, or empty. `warning` says what keeping mine means."""

    key: str
    words: str
    rows: tuple[ValueRow, ...]
    accepted_by: Revision | None
    chosen: str
    warning: str
    field: str


def conflict_cards(sides: RebaseSides, chosen: Mapping[str, Side]) -> list[ConflictCard]:
    """A card for each conflict, in their order."""
    return [
        ConflictCard(
            key=conflict.key,
            words=conflict.words,
            rows=_rows(conflict),
            accepted_by=sides.accepted_by.get(conflict.key),
            chosen=chosen.get(conflict.key, ""),
            warning=OLDER if accepted_newer(conflict) else "",
            field=f"choice-{number}",
        )
        for number, conflict in enumerate(sides.conflicts, start=1)
    ]


OLDER = "What was accepted is a higher version: a check will refuse yours, until the table is reloaded once more."


def _rows(conflict: Conflict) -> tuple[ValueRow, ...]:
    """The values in which the three are not the same; whether the thing is there at all comes first."""
    sides = [_values(value) for value in (conflict.base, conflict.theirs, conflict.ours)]
    labels = dict.fromkeys(label for side in sides for label in side)
    rows = [ValueRow(label, *(side.get(label, _missing(side, label)) for side in sides)) for label in labels]
    return tuple(row for row in rows if not row.base == row.theirs == row.ours)


def _missing(side: Mapping[str, str], label: str) -> str:
    return UNSET.get(label, "not set") if side else ABSENT


def _values(value: Any, label: str = "") -> dict[str, str]:
    """Every value by what leads to it, as text; nothing at all for what is not there."""
    if value is None:
        return {}
    if isinstance(value, dict):
        found: dict[str, str] = {}
        for key, item in value.items():
            if key == "tables":
                found["tables"] = counted(len(item), "table")
            else:
                found |= _values(item, f"{label} {key}".strip().replace("_", " "))
        return found
    if isinstance(value, list):
        return {label or "value": ", ".join(map(str, value)) or "none"}
    return {
        label or "value": {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    }
