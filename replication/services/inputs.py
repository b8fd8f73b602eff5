"""Reading what forms give: text and pasted lists; everything that is wrong is said at once, each beside its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from deploy_engine.config import BaseDocument, Document, TableEntry, TeamDocument, parse_value
from deploy_engine.config.names import Slug
from deploy_engine.config.strict_model import StrictModel
from deploy_engine.findings import Finding, Status
from replication.errors import InvalidInput, ReasonRequired

SCHEMA_CHECK = "config.schema"
UNIQUE_CHECK = "tables.unique"
_ALLOWED_LINE = "schema.table, or source/schema/table, and a version after it if it has to be a certain one"


def required_text(text: str, *, field: str, longest: int) -> str:
    """`text` without the blanks around it; refused where it is empty or too long."""
    stripped = text.strip()
    if not stripped:
        raise InvalidInput([input_finding(field, f"The {field} is empty.", allowed=f"1 to {longest} characters")])
    if len(stripped) > longest:
        message = f"The {field} has {len(stripped)} characters, more than {longest}."
        raise InvalidInput([input_finding(field, message, found=f"{len(stripped)} characters", allowed=str(longest))])
    return stripped


def required_reason(text: str, *, act: str) -> str:
    """The reason that an act has to give."""
    stripped = text.strip()
    if not stripped:
        raise ReasonRequired(f"Say why: {act} takes a reason.")
    return stripped


def document_read(value: Mapping[str, Any], *, is_base: bool) -> Document:
    """`value` as a typed document; `InvalidInput` with a JSON pointer for everything that does not fit."""
    if is_base:
        base = parse_value(BaseDocument, dict(value))
        if isinstance(base, BaseDocument):
            return base
        raise InvalidInput(base)
    team = parse_value(TeamDocument, dict(value))
    if isinstance(team, TeamDocument):
        return team
    raise InvalidInput(team)


def input_finding(
    field: str, message: str, *, check: str = SCHEMA_CHECK, found: str = "", allowed: str = "", remedy: str = ""
) -> Finding:
    """A finding about one field of a form (its pointer is `/<field>`)."""
    return Finding(
        check=check,
        status=Status.FAILED,
        message=message,
        pointer=f"/{field}",
        remedy=remedy or (f"use {allowed}" if allowed else ""),
        found=found,
        allowed=allowed,
    )


class _NamedTask(StrictModel):
    task: Slug


def task_name_findings(document: TeamDocument, task: str, *, field: str = "task") -> list[Finding]:
    """What is wrong with `task` as the name of a new task; `field` is where it was typed."""
    named = parse_value(_NamedTask, {"task": task})
    if isinstance(named, tuple):
        return [replace(finding, pointer=f"/{field}") for finding in named]
    if task in document.tasks:
        message = f"There is a task {task} already."
        return [input_finding(field, message, found=task, allowed="another name")]
    return []


@dataclass(frozen=True)
class TableLine:
    """One line that could be read: its place in what was typed (from 0), and the entry."""

    index: int
    entry: TableEntry


def table_lines_read(
    lines: Iterable[str], *, source: str, version_for: Callable[[str], str], taken: Sequence[str]
) -> tuple[TableLine, ...]:
    """Every line as a table entry of `source`; blank lines are passed over.

    `version_for` gives the version for an identity whose line names none; `taken` are the identities that the task has.
    Raises `InvalidInput` with one finding per bad line, its pointer `/entries/<index>`.
    """
    read: list[TableLine] = []
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        parsed = _line_read(line.strip(), index, source, version_for)
        if isinstance(parsed, Finding):
            findings.append(parsed)
        elif parsed.source in taken:
            findings.append(_twice(index, parsed.source, "the task has it already"))
        elif parsed.source in seen:
            findings.append(_twice(index, parsed.source, f"it stands in line {seen[parsed.source] + 1} too"))
        else:
            seen[parsed.source] = index
            read.append(TableLine(index, parsed))
    if findings:
        raise InvalidInput(findings)
    if not read:
        raise InvalidInput([input_finding("entries", "There is no table in the list.", allowed=_ALLOWED_LINE)])
    return tuple(read)


def _twice(index: int, identity: str, why: str) -> Finding:
    return input_finding(
        f"entries/{index}",
        f"{identity} would stand twice: {why}.",
        check=UNIQUE_CHECK,
        found=identity,
        allowed="each table once in a task",
        remedy="remove the line",
    )


def _line_read(line: str, index: int, source: str, version_for: Callable[[str], str]) -> TableEntry | Finding:
    field = f"entries/{index}"
    words = re.split(r"[ \t]+", line)
    if len(words) > 2:
        return input_finding(
            field, f"{line[:60]!r} is more than a table and a version.", found=line[:60], allowed=_ALLOWED_LINE
        )
    identity = _identity(words[0], source)
    version = words[1] if len(words) > 1 else version_for(identity)
    parsed = parse_value(TableEntry, {"source": identity, "version": version})
    if isinstance(parsed, tuple):
        first = parsed[0]
        return input_finding(
            field, first.message, check=first.check, found=first.found, allowed=first.allowed, remedy=first.remedy
        )
    if parsed.reference.source != source:
        return input_finding(
            field,
            f"{identity} is a table of another source than the task's, {source}.",
            check="config.references",
            found=parsed.reference.source,
            allowed=source,
        )
    return parsed


def _identity(text: str, source: str) -> str:
    """`schema.table` and `schema/table` become `source/schema/table`; anything else stays for the models to refuse."""
    if "/" not in text and text.count(".") == 1:
        text = text.replace(".", "/")
    return f"{source}/{text}" if text.count("/") == 1 else text
