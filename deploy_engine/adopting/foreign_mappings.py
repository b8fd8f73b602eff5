"""A foreign task's TableMappings: the tables that its rules name one by one, and every rule that says anything else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError

from deploy_engine.adopting.gaps import Gap
from deploy_engine.config.names import check_table_name

_LEFT_OUT = "The draft leaves it out"
_DROPPED = "Without this rule the tables arrive otherwise than today"
_ESCAPED = "[_]"


@dataclass(frozen=True)
class ForeignTable:
    """A table that a task replicates and the folder that DMS writes it to, ``schema/table`` as renamed."""

    schema: str
    table: str
    target_schema: str
    target_table: str


class _Unnamed(ValueError):
    """A pattern that may match anything but one name."""


def read_mappings(task: str, text: str) -> tuple[tuple[ForeignTable, ...], tuple[Gap, ...]]:
    """The tables, by name, and what cannot be said of them. Names are read as DMS reads patterns: ``[_]`` is ``_``."""
    reading = _Reading(task)
    for rule in _rules(task, text, reading.gaps):
        reading.read(rule)
    return tuple(reading.tables()), tuple(reading.gaps)


def _rules(task: str, text: str, gaps: list[Gap]) -> list[dict[str, Any]]:
    try:
        rules = json.loads(text)["rules"]
    except (ValueError, KeyError, TypeError):
        rules = None
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        gaps.append(Gap(task, "", "its table mappings are no list of rules", _LEFT_OUT))
        return []
    return rules


class _Reading:
    """The rules of one task as they are read."""

    def __init__(self, task: str) -> None:
        self.task = task
        self.gaps: list[Gap] = []
        self._selected: dict[tuple[str, str], str] = {}
        self._excluded: dict[tuple[str, str], str] = {}
        self._schemas: dict[str, str] = {}
        self._renamed: dict[tuple[str, str], str] = {}

    def read(self, rule: dict[str, Any]) -> None:
        kind, action = rule.get("rule-type"), rule.get("rule-action")
        try:
            if kind == "selection" and action in ("include", "explicit"):
                self._select(rule)
            elif kind == "selection" and action == "exclude":
                self._excluded[self._both(rule)] = self._id(rule)
            elif kind == "transformation" and action == "rename" and rule.get("rule-target") in ("schema", "table"):
                self._rename(rule)
            else:
                what = f"it is a {kind} rule ({action})" if action else f"it is a rule of the type {kind}"
                self._gap(rule, f"{what}, which the config has no word for", _DROPPED)
        except _Unnamed as unnamed:
            self._gap(rule, str(unnamed), _LEFT_OUT)

    def tables(self) -> Iterator[ForeignTable]:
        """What is selected and not excluded, by name."""
        for both, rule in self._excluded.items():
            if self._selected.pop(both, None) is None:
                found = f"it excludes {'.'.join(both)}, which no rule selects by its name"
                self.gaps.append(Gap(self.task, rule, found, "The draft needs no exclusion: it names each table"))
        for both in sorted(self._selected):
            yield ForeignTable(*both, self._schemas.get(both[0], both[0]), self._renamed.get(both, both[1]))

    def _select(self, rule: dict[str, Any]) -> None:
        both = self._both(rule)
        name = ".".join(both)
        if rule.get("filters"):
            raise _Unnamed(f"{name} has a filter of rows; Sluice replicates whole tables")
        if rule["object-locator"].get("table-type", "table") != "table":
            raise _Unnamed(f"{name} may be a view; Sluice replicates tables")
        if "load-order" in rule:
            self._gap(rule, f"{name} has a load order", "The draft loads tables in no order of its own")
        self._selected[both] = self._id(rule)

    def _rename(self, rule: dict[str, Any]) -> None:
        value = rule.get("value")
        if not isinstance(value, str):
            raise _Unnamed("it renames without saying to what")
        if rule["rule-target"] == "schema":
            self._schemas[self._name(rule, "schema-name", explicit=False)] = value
        else:
            self._renamed[self._both(rule)] = value

    def _both(self, rule: dict[str, Any]) -> tuple[str, str]:
        explicit = rule.get("rule-action") == "explicit"
        return self._name(rule, "schema-name", explicit=explicit), self._name(rule, "table-name", explicit=explicit)

    def _name(self, rule: dict[str, Any], key: str, *, explicit: bool) -> str:
        """The one name that a locator's pattern matches."""
        locator = rule.get("object-locator")
        text = locator.get(key) if isinstance(locator, dict) else None
        if not isinstance(text, str):
            raise _Unnamed(f"it names no {key}")
        if "%" in text or re.search(r"\[(?!_\])", text):
            raise _Unnamed(f"{key} {text!r} is a wildcard; Sluice names each table")
        if not explicit and "_" in text.replace(_ESCAPED, ""):
            self._gap(rule, f"{key} {text!r} matches any character at _", "The draft reads it as an underscore")
        name = text.replace(_ESCAPED, "_")
        try:
            return check_table_name(name)
        except PydanticCustomError as error:
            raise _Unnamed(error.message()) from error

    def _id(self, rule: dict[str, Any]) -> str:
        return str(rule.get("rule-id", "without id"))

    def _gap(self, rule: dict[str, Any], found: str, instead: str) -> None:
        self.gaps.append(Gap(self.task, self._id(rule), found, instead))
