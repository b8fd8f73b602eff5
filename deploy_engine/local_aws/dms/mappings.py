"""Interprets TableMappings as DMS does: which tables a task takes, and what they are called in the target.

Facts: `dms-facts.md` section 1. A wrongly rendered mapping is to show here as wrong tables in wrong folders, so
patterns are really patterns: ``%`` any text, ``_`` one character, ``[_]`` an underscore, ``[ab]`` one of a set.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from deploy_engine.local_aws.errors import AwsError

SELECTIONS = frozenset({"include", "exclude", "explicit"})


@dataclass(frozen=True)
class Selection:
    """A selection rule."""

    schema: str
    table: str
    action: str
    load_order: int


@dataclass(frozen=True)
class Rename:
    """A rename of a schema or a table; of two that fit, the lower number wins."""

    number: int
    target: str
    schema: str
    table: str
    value: str


@dataclass(frozen=True)
class Mappings:
    """The rules of one task."""

    selections: tuple[Selection, ...]
    renames: tuple[Rename, ...]

    def load_order(self, schema: str, table: str) -> int | None:
        """Return the table's load order if the task takes it (0 where none is given), else None."""
        fitting = [rule for rule in self.selections if _selects(rule, schema, table)]
        if not fitting or any(rule.action == "exclude" for rule in fitting):
            return None
        return max(rule.load_order for rule in fitting)

    def target(self, schema: str, table: str) -> tuple[str, str]:
        """Return schema and table as the target sees them."""
        return self._renamed("schema", schema, table) or schema, self._renamed("table", schema, table) or table

    def named_tables(self) -> list[tuple[str, str]]:
        """Return the (schema, table) names that selections spell out, read without their escapes."""
        named = []
        for rule in self.selections:
            pair = (
                (rule.schema, rule.table) if rule.action == "explicit" else (spelled(rule.schema), spelled(rule.table))
            )
            if pair[0] is not None and pair[1] is not None and rule.action != "exclude":
                named.append((pair[0], pair[1]))
        return named

    def _renamed(self, target: str, schema: str, table: str) -> str | None:
        for rule in self.renames:
            fits_table = target == "schema" or matches(rule.table, table)
            if rule.target == target and fits_table and matches(rule.schema, schema):
                return rule.value
        return None


def parse(text: str) -> Mappings:
    """Parse and check TableMappings; refuse what DMS refuses and what the local AWS cannot interpret."""
    try:
        document = json.loads(text)
        rules = document["rules"]
        numbered = [(int(rule["rule-id"]), rule) for rule in rules]
    except (ValueError, KeyError, TypeError) as error:
        raise _invalid("Error in mapping rules. The mapping is not a JSON object with numbered rules.") from error
    numbers = [number for number, _ in numbered]
    names = [rule.get("rule-name") for _, rule in numbered]
    if len(set(numbers)) < len(numbers) or len(set(names)) < len(names) or None in names:
        raise _invalid("Error in mapping rules. Rule ids and rule names must be present and unique.")
    selections: list[Selection] = []
    renames: list[Rename] = []
    for number, rule in sorted(numbered, key=lambda pair: pair[0]):
        if rule.get("rule-type") == "selection":
            selections.append(_selection(number, rule))
        elif rule.get("rule-type") == "transformation":
            renames.append(_rename(number, rule))
        else:
            raise _failed(number, f"rule-type {rule.get('rule-type')!r} is not supported by the local AWS")
    if not any(rule.action in ("include", "explicit") for rule in selections):
        raise _invalid("Error in mapping rules. At least one selection rule that includes tables is required.")
    return Mappings(tuple(selections), tuple(renames))


def matches(pattern: str, name: str) -> bool:
    """Tell whether ``name`` fits ``pattern``, with regard to case."""
    return _expression(pattern).fullmatch(name) is not None


def spelled(pattern: str) -> str | None:
    """Return the name that a pattern without ``%`` and sets spells out, else None."""
    name = pattern.replace("[_]", "_")
    return None if any(character in name for character in "%[]") else name


@lru_cache(maxsize=50_000)
def _expression(pattern: str) -> re.Pattern[str]:
    parts = []
    for piece in re.findall(r"\[[^\]]+\]|.", pattern, re.DOTALL):
        if piece == "%":
            parts.append(".*")
        elif piece == "_":
            parts.append(".")
        elif len(piece) > 1:
            inside = re.sub(r"([\\^\[\]&~|])", r"\\\1", piece[1:-1])
            parts.append(f"[{inside}]")
        else:
            parts.append(re.escape(piece))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error as error:
        raise _invalid(f"Error in mapping rules. The pattern {pattern!r} is not valid.") from error


def _selects(rule: Selection, schema: str, table: str) -> bool:
    if rule.action == "explicit":
        return (rule.schema, rule.table) == (schema, table)
    return matches(rule.schema, schema) and matches(rule.table, table)


def _selection(number: int, rule: dict[str, Any]) -> Selection:
    _only(number, rule, {"rule-type", "rule-id", "rule-name", "object-locator", "rule-action", "load-order"})
    action = rule.get("rule-action")
    if action not in SELECTIONS:
        raise _failed(number, f"rule-action must be one of {', '.join(sorted(SELECTIONS))}")
    schema, table = _locator(number, rule, with_table=True)
    if action == "explicit" and "%" in schema + table:
        raise _failed(number, "an explicit selection names one table")
    return Selection(schema, table, action, int(rule.get("load-order", 0)))


def _rename(number: int, rule: dict[str, Any]) -> Rename:
    _only(number, rule, {"rule-type", "rule-id", "rule-name", "rule-target", "object-locator", "rule-action", "value"})
    target = rule.get("rule-target")
    if rule.get("rule-action") != "rename" or target not in ("schema", "table"):
        raise _failed(number, "the local AWS supports transformations only that rename a schema or a table")
    value = rule.get("value")
    if not isinstance(value, str) or not value:
        raise _failed(number, "value is missing")
    schema, table = _locator(number, rule, with_table=target == "table")
    return Rename(number, target, schema, table, value)


def _locator(number: int, rule: dict[str, Any], *, with_table: bool) -> tuple[str, str]:
    locator = rule.get("object-locator")
    known = {"schema-name", "table-name"} if with_table else {"schema-name"}
    if not isinstance(locator, dict) or set(locator) != known:
        raise _failed(number, f"object-locator must have {' and '.join(sorted(known))}")
    schema, table = locator["schema-name"], locator.get("table-name", "%")
    if not isinstance(schema, str) or not isinstance(table, str) or not schema or not table:
        raise _failed(number, "object-locator must hold names")
    return schema, table


def _only(number: int, rule: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(rule) - known)
    if unknown:
        raise _failed(number, f"{', '.join(unknown)} is not supported by the local AWS")


def _failed(number: int, why: str) -> AwsError:
    return _invalid(f"Error in mapping rules. Rule with ruleId = {number} failed validation. {why}.")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
