"""A document as the things that people edit one by one: a table entry, a task's head, a source, an instance, and any
other value are one thing each. What is merged, taken back and told of an edit is one of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Place = tuple[str, ...]
"""Where a thing stands: `("tasks", task, "tables", identity)`, `("tasks", task)`, `("team", "sources", name)`, …"""
Units = dict[Place, Any]

_TABLE_PLACE_LENGTH = 4
_NAMED_PARTS = ("sources", "instances")


def units_of(document: Mapping[str, Any]) -> Units:
    """The things of a document (its JSON values) by their places; a task's head is all of it but its tables."""
    units: Units = {}
    for section in ("environment", "team"):
        for key, value in document.get(section, {}).items():
            if key in _NAMED_PARTS:
                units |= {(section, key, name): item for name, item in value.items()}
            else:
                units[section, key] = value
    for name, task in document.get("tasks", {}).items():
        units["tasks", name] = {key: value for key, value in task.items() if key != "tables"}
        units |= {("tasks", name, "tables", entry["source"]): entry for entry in task["tables"]}
    return units


def document_of_units(units: Mapping[Place, Any]) -> dict[str, Any]:
    """The document of which `units` are the things."""
    document: dict[str, Any] = {}
    if any(place[0] == "team" for place in units):
        document = {"team": {"sources": {}, "instances": {}}, "tasks": {}}
    for place, value in sorted(units.items()):
        if is_table(place):
            document["tasks"][place[1]]["tables"].append(value)
        elif place[0] == "tasks":
            document["tasks"][place[1]] = {**value, "tables": []}
        else:
            holder = document.setdefault(place[0], {})
            for key in place[1:-1]:
                holder = holder[key]
            holder[place[-1]] = value
    return document


def places_differing(one: Mapping[Place, Any], other: Mapping[Place, Any]) -> list[Place]:
    """The places of the things that are not the same in both, in the order of `other` and then of `one`."""
    return [place for place in dict.fromkeys((*other, *one)) if one.get(place) != other.get(place)]


def is_table(place: Place) -> bool:
    """Whether a table entry stands there."""
    return len(place) == _TABLE_PLACE_LENGTH


def place_key(place: Place) -> str:
    """The place as one word, for addresses and forms."""
    return "/".join(place)


def place_words(place: Place) -> str:
    """The place as people say it: `fooddb/foodsearch/barcodes in foodsearch`, `the task foodsearch`, `the title`."""
    if is_table(place):
        return f"{place[3]} in {place[1]}"
    if place[0] == "tasks":
        return f"the task {place[1]}"
    if len(place) > 2:
        return f"the {place[1].removesuffix('s')} {place[2]}"
    return f"the {place[-1].replace('_', ' ')}"
