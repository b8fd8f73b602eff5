"""Reading pasted TableMappings of DMS: the tables that they select by exact names, and a refusal of all else.

Renames that Sluice writes itself are passed over, for it writes them anew; so are versions: a table that is added is
loaded in full, into a folder of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from deploy_engine.config.physical_names import TARGET_SCHEMA
from deploy_engine.findings import Finding
from replication.services.inputs import UNIQUE_CHECK, input_finding
from replication.services.pasted_values import PastedEntry, PastedTables

_ALLOWED = "selection rules with rule-action include or explicit and exact names"
_KEYS = frozenset({"rule-type", "rule-id", "rule-name", "rule-action", "object-locator", "filters"})
_PLACE = frozenset({"schema-name", "table-name", "table-type"})


def looks_like_mappings(text: str) -> bool:
    """Whether `text` is meant as JSON: no list of names begins with a brace or a bracket."""
    return text.lstrip().startswith(("{", "["))


def mappings_read(text: str) -> PastedTables:
    """The tables that the rules select, in the order of the rules; every rule that cannot be taken is named."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"This is no JSON: {error.msg} at column {error.colno}."
        return PastedTables((), (_wrong(error.lineno - 1, message, remedy="paste the whole TableMappings"),))
    except (ValueError, RecursionError):
        return PastedTables((), (_wrong(0, "This JSON cannot be read.", remedy="paste the whole TableMappings"),))
    rules = value.get("rules") if isinstance(value, dict) else value
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        return PastedTables((), (_wrong(0, "These are no TableMappings: there is no list of rules."),))
    entries: dict[str, PastedEntry] = {}
    findings: list[Finding] = []
    for number, rule in enumerate(rules, 1):
        name, line = _name(rule, number), _line(text, rule)
        wrong = list(_wrong_with(rule, name, line))
        findings += wrong
        if wrong or rule["rule-type"] != "selection":
            continue
        table = "/".join(_literal(rule["object-locator"][key]) for key in ("schema-name", "table-name"))
        if table in entries:
            message = f"{name} selects {table}, which another rule selects too."
            findings.append(_wrong(line, message, check=UNIQUE_CHECK, found=table, remedy="remove the rule"))
        entries[table] = PastedEntry(line, table)
    return PastedTables(tuple(entries.values()), tuple(findings))


def _wrong_with(rule: dict[str, Any], name: str, line: int) -> Iterator[Finding]:
    kind, action = rule.get("rule-type"), rule.get("rule-action")
    if kind == "transformation" and _written_by_sluice(rule):
        return
    if kind != "selection":
        message = f"{name} is of the type {kind}, which would be lost."
        yield _wrong(line, message, found=str(kind), remedy="remove the rule")
    elif action not in ("include", "explicit"):
        message = f"{name} has the rule-action {action}."
        yield _wrong(line, message, found=str(action), remedy="leave the tables out by not naming them")
    elif rule.keys() - _KEYS or rule.get("filters"):
        said = ", ".join(sorted({*(rule.keys() - _KEYS), *(["filters"] if rule.get("filters") else [])}))
        yield _wrong(
            line, f"{name} says more than which table: {said}.", found=said, remedy="remove that from the rule"
        )
    else:
        yield from _wrong_names(rule, name, line)


def _wrong_names(rule: dict[str, Any], name: str, line: int) -> Iterator[Finding]:
    place = rule.get("object-locator")
    if not isinstance(place, dict) or place.keys() - _PLACE or place.get("table-type", "table") != "table":
        yield _wrong(line, f"{name} does not name one table by schema-name and table-name.", found=str(place)[:60])
        return
    for key in ("schema-name", "table-name"):
        value = place.get(key)
        if not isinstance(value, str) or not value or re.search(r"\s", value):
            yield _wrong(line, f"{name} has no name as its {key}.", found=str(value)[:60])
        elif _has_wildcard(value, exact=rule["rule-action"] == "explicit"):
            remedy = "name each table by itself; a literal underscore is written [_]"
            yield _wrong(line, f"{name} has a wildcard in its {key}, {value}.", found=value, remedy=remedy)


def _has_wildcard(value: str, *, exact: bool) -> bool:
    """Where the rule is explicit an underscore is itself; elsewhere a bare one stands for any one character."""
    return bool(re.search(r"[%*\[\]]" if exact else r"[%*_\[\]]", value.replace("[_]", "")))


def _written_by_sluice(rule: dict[str, Any]) -> bool:
    """Whether it is a rename such as Sluice writes: into its own schema, or into a folder named after the table."""
    place, value = rule.get("object-locator"), rule.get("value")
    if rule.get("rule-action") != "rename" or not isinstance(place, dict) or not isinstance(value, str):
        return False
    if rule.get("rule-target") == "schema":
        return value == TARGET_SCHEMA
    names = "_".join(_literal(str(place.get(key))) for key in ("schema-name", "table-name"))
    return rule.get("rule-target") == "table" and bool(re.search(rf"._{re.escape(names)}_v\d{{12}}$", value))


def _literal(pattern: str) -> str:
    return pattern.replace("[_]", "_")


def _name(rule: dict[str, Any], number: int) -> str:
    """The rule by its id, or by its place (from 1) where it has none."""
    return f"Rule {rule['rule-id']}" if rule.get("rule-id") else f"The rule in place {number}"


def _line(text: str, rule: dict[str, Any]) -> int:
    """The line (from 0) on which the rule's id stands; 0 where it has none."""
    match = re.search(rf'"rule-id"\s*:\s*"?{re.escape(str(rule.get("rule-id")))}\b', text)
    return len(text[: match.start()].splitlines()[:-1]) if match else 0


def _wrong(line: int, message: str, *, check: str = "config.schema", found: str = "", remedy: str = "") -> Finding:
    return input_finding(f"pasted/{line}", message, check=check, found=found, allowed=_ALLOWED, remedy=remedy)
