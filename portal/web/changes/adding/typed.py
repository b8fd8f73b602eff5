"""What somebody typed into the form that adds tables: kept exactly, with what is wrong beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from deploy_engine.config.secret_shapes import secret_in
from deploy_engine.findings import Finding
from replication.services.pasted import pasted_read
from replication.services.pasted_values import PastedTables

FIRST_ROWS = 3
MOST_ROWS = 200
MOST_PICKED = 1000
ENTRY = re.compile(r"/entries/(\d+)")
PASTED = re.compile(r"/pasted/(\d+)")


@dataclass(frozen=True)
class TypedRow:
    """One row of the form; `number` counts from 1 and names its fields."""

    number: int
    schema: str = ""
    table: str = ""
    version: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nobody typed a table here; the version alone says nothing, since it is filled in by the clock."""
        return not (self.schema.strip() or self.table.strip())


@dataclass(frozen=True)
class PastedProblem:
    """What is wrong with one line of the pasted list; `line` counts from 1."""

    line: int
    text: str
    finding: Finding


@dataclass(frozen=True)
class TypedTables:
    """Rows and list, and the findings that the domain had about them."""

    rows: tuple[TypedRow, ...]
    pasted: str = ""
    problems: tuple[PastedProblem, ...] = ()
    findings: tuple[Finding, ...] = ()
    """About no single row or line."""
    picked: tuple[str, ...] = ()
    """Tables that were ticked in the source's list, as `schema/table`."""

    @property
    def entries(self) -> list[str]:
        """The lines that the domain reads: the list first, for its lines keep their numbers; rows; what is ticked."""
        return [*(entry.text for entry in self._list.entries), *self._row_entries, *self.picked]

    @property
    def unreadable(self) -> tuple[Finding, ...]:
        """What in the pasted list is of no form that could be read."""
        return self._list.findings

    @property
    def has_problems(self) -> bool:
        """Whether any row or line does not fit."""
        return bool(self.problems) or any(row.findings for row in self.rows)

    @property
    def count(self) -> int:
        """How many tables there are."""
        return sum(bool(entry.strip()) for entry in self.entries)

    @property
    def _list(self) -> PastedTables:
        return pasted_read(self.pasted)

    @property
    def _row_entries(self) -> list[str]:
        return [] if all(row.empty for row in self.rows) else [_entry(row) for row in self.rows]

    def with_more_rows(self, number: int = 1) -> TypedTables:
        """The same with `number` empty rows at the end."""
        first = len(self.rows) + 1
        more = tuple(TypedRow(first + index) for index in range(number) if first + index <= MOST_ROWS)
        return replace(self, rows=(*self.rows, *more))

    def with_findings(self, findings: Iterable[Finding]) -> TypedTables:
        """The same with each finding beside the row or line that it is about."""
        rows, lines, pasted = self._row_entries, self.pasted.splitlines(), self._list.entries
        by_row: dict[int, list[Finding]] = {}
        problems: list[PastedProblem] = []
        rest: list[Finding] = []
        for finding in findings:
            match, unread = ENTRY.match(finding.pointer), PASTED.match(finding.pointer)
            index = int(match[1]) if match else -1
            if unread or 0 <= index < len(pasted):
                line = int(unread[1]) if unread else pasted[index].line
                text = lines[line] if line < len(lines) else ""
                problems.append(PastedProblem(line + 1, "" if secret_in(text) else text, finding))
            elif len(pasted) <= index < len(pasted) + len(rows):
                by_row.setdefault(index - len(pasted), []).append(finding)
            else:
                rest.append(finding)
        marked = tuple(replace(row, findings=tuple(by_row.get(index, ()))) for index, row in enumerate(self.rows))
        return replace(self, rows=marked, problems=tuple(problems), findings=tuple(rest))


def typed_from(data: QueryDict) -> TypedTables:
    """What a posted form holds. A version that is still the one that the clock wrote is left to the domain."""
    clock = data.get("clock_version", "")
    columns: Sequence[list[str]] = [data.getlist(name)[:MOST_ROWS] for name in ("schema", "table", "version")]
    longest = max((len(column) for column in columns), default=0)
    padded = [[*column, *[""] * (longest - len(column))] for column in columns]
    rows = tuple(
        TypedRow(index + 1, schema, table, "" if version == clock else version)
        for index, (schema, table, version) in enumerate(zip(*padded, strict=True))
    )
    picked = tuple(dict.fromkeys(data.getlist("pick")[:MOST_PICKED]))
    return TypedTables(rows=rows or nothing_typed().rows, pasted=data.get("pasted", ""), picked=picked)


def nothing_typed() -> TypedTables:
    """The form as it is first shown."""
    return TypedTables(rows=tuple(TypedRow(number + 1) for number in range(FIRST_ROWS)))


def _entry(row: TypedRow) -> str:
    """`schema/table version`: the slash, so that a name with a dot in it is refused as a name and not taken apart."""
    return "" if row.empty else f"{row.schema.strip()}/{row.table.strip()} {row.version.strip()}".rstrip()
