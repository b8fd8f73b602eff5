"""Three-way merge of documents: a table entry, a task's head, a source, an instance are one thing each, and so is any
other value. What only one side changed is taken from that side; what both changed differently is a conflict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_ABSENT = object()
_Place = tuple[str, ...]
_TABLE_PLACE_LENGTH = 4  # tasks / <task> / tables / <identity>


@dataclass(frozen=True)
class MergedDocuments:
    """The merged document, as JSON values; `conflicts` are places in words, and then the document means nothing."""

    document: dict[str, Any]
    conflicts: tuple[str, ...]


def documents_merge(*, base: dict[str, Any], theirs: dict[str, Any], ours: dict[str, Any]) -> MergedDocuments:
    """`ours` on top of `theirs`, both of which were made from `base`."""
    before, their, our = _units(base), _units(theirs), _units(ours)
    merged: dict[_Place, Any] = {}
    conflicts: list[str] = []
    for place in dict.fromkeys((*their, *our)):
        was, theirs_is, ours_is = (units.get(place, _ABSENT) for units in (before, their, our))
        if theirs_is not in (was, ours_is) and ours_is != was:
            conflicts.append(_words(place))
        chosen = theirs_is if ours_is == was else ours_is
        if chosen is not _ABSENT:
            merged[place] = chosen
    headless = [place for place in merged if len(place) == _TABLE_PLACE_LENGTH and place[:2] not in merged]
    conflicts.extend(_words(place) for place in headless)
    return MergedDocuments({} if conflicts else _assembled(merged), tuple(conflicts))


def _units(document: dict[str, Any]) -> dict[_Place, Any]:
    """The things that are merged, by their place."""
    units: dict[_Place, Any] = {}
    for section in ("environment", "team"):
        for key, value in document.get(section, {}).items():
            if key in ("sources", "instances"):
                units |= {(section, key, name): item for name, item in value.items()}
            else:
                units[section, key] = value
    for name, task in document.get("tasks", {}).items():
        units["tasks", name] = {key: value for key, value in task.items() if key != "tables"}
        units |= {("tasks", name, "tables", entry["source"]): entry for entry in task["tables"]}
    return units


def _assembled(units: dict[_Place, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if any(place[0] == "team" for place in units):
        document = {"team": {"sources": {}, "instances": {}}, "tasks": {}}
    for place, value in sorted(units.items()):
        if len(place) == _TABLE_PLACE_LENGTH:
            document["tasks"][place[1]]["tables"].append(value)
        elif place[0] == "tasks":
            document["tasks"][place[1]] = {**value, "tables": []}
        else:
            holder = document.setdefault(place[0], {})
            for key in place[1:-1]:
                holder = holder[key]
            holder[place[-1]] = value
    return document


def _words(place: _Place) -> str:
    if len(place) == _TABLE_PLACE_LENGTH:
        return f"{place[3]} in {place[1]}"
    return "/".join(place)
