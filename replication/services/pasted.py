"""Reading a pasted list of tables, whatever program wrote it, as the lines that the domain reads.

Taken are `schema.table` lines, CSV, the answers of MySQL's SHOW TABLES and of psql's `\\dt`, and TableMappings of DMS.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from deploy_engine.findings import Finding
from replication.services.inputs import input_finding
from replication.services.pasted_mappings import looks_like_mappings, mappings_read
from replication.services.pasted_values import PastedEntry, PastedTables
from replication.services.typed_secrets import secret_findings

_SCHEMA_WORDS = frozenset({"schema", "schema_name", "table_schema", "schemaname"})
_TABLE_WORDS = frozenset({"table", "table_name", "tablename", "name"})
_MYSQL = re.compile(r"Tables_in_(\S+?)(?: \(.*\))?", re.IGNORECASE)
_AROUND = re.compile(
    r"[-+|\s]+|List of (relations|tables)|\(\d+ rows?\)|\d+ rows? in set.*|mysql> .*|\S+[=-][#>] ?\\dt.*",
    re.IGNORECASE,
)
_KINDS = frozenset({"table", "partitioned table", "base table"})


@dataclass(frozen=True)
class _Columns:
    """Where in a row things stand; `fixed` is the schema of every row where the heading named it."""

    separator: str
    table: int
    schema: int | None = None
    version: int | None = None
    kind: int | None = None
    fixed: str = ""
    least: int = 1
    most: int = 99


_BARE_CSV = _Columns(",", table=1, schema=0, version=2, least=2, most=3)


def pasted_read(text: str) -> PastedTables:
    """`text` as lines of tables. One entry per line, empty for a heading or a border, except for mappings."""
    if looks_like_mappings(text):
        return mappings_read(text)
    lines = text.splitlines()
    secrets = secret_findings((f"pasted/{index}", line) for index, line in enumerate(lines))
    if secrets:
        return PastedTables((), secrets)  # before any of it is quoted
    boxed = any(columns and columns.separator != "," for columns in map(_heading, lines))
    columns: _Columns | None = None
    entries: list[PastedEntry] = []
    findings: list[Finding] = []
    for index, line in enumerate(lines):
        heading = _heading(line)
        columns = heading or columns
        if heading or (boxed and _AROUND.fullmatch(line.strip())):
            entries.append(PastedEntry(index, ""))
            continue
        read = _row(line, index, columns)
        if isinstance(read, Finding):
            findings.append(read)
        entries.append(PastedEntry(index, "" if isinstance(read, Finding) else read))
    return PastedTables(tuple(entries), tuple(findings))


def _heading(line: str) -> _Columns | None:
    for separator in ("|", ",", "\t"):
        written = _cells(line, separator)
        cells = [cell.lower() for cell in written]
        mysql = _MYSQL.fullmatch(written[0]) if written else None
        if mysql and separator != ",":
            kind = 1 if cells[1:] == ["table_type"] else None
            return _Columns(separator, table=0, kind=kind, fixed=mysql[1])
        schema, table = _place(cells, _SCHEMA_WORDS), _place(cells, _TABLE_WORDS)
        if schema is not None and table is not None:
            return _Columns(
                separator,
                table=table,
                schema=schema,
                version=_place(cells, {"version"}),
                kind=_place(cells, {"type", "table_type"}),
                least=max(schema, table) + 1,
                most=len(cells),
            )
    return None


def _place(cells: Sequence[str], words: frozenset[str] | set[str]) -> int | None:
    return next((index for index, cell in enumerate(cells) if cell in words), None)


def _cells(line: str, separator: str) -> list[str]:
    if separator == ",":
        try:
            return [cell.strip() for row in csv.reader([line], skipinitialspace=True) for cell in row]
        except csv.Error:  # a cell longer than any name
            return [line]
    inner = line.strip()
    if separator == "|":
        inner = inner.removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in inner.split(separator)]


def _row(line: str, index: int, columns: _Columns | None) -> str | Finding:
    """The line that the domain reads, or what is wrong with it; a line of no known form goes on as it is."""
    if not line.strip():
        return ""
    if columns is None or (columns.separator not in line and not columns.fixed):
        columns = _BARE_CSV if "," in line else None
    if columns is None:
        return line
    cells = _cells(line, columns.separator)
    if not columns.least <= len(cells) <= columns.most:
        allowed = "schema,table or schema,table,version" if columns is _BARE_CSV else "as many cells as the heading"
        return _wrong(index, f"The row has {len(cells)} cells.", found=f"{len(cells)} cells", allowed=allowed)
    kind = cells[columns.kind] if columns.kind is not None and columns.kind < len(cells) else "table"
    if kind.lower() not in _KINDS:
        return _wrong(index, f"It is a {kind}, not a table.", found=kind, allowed="a table", remedy="remove the line")
    schema = columns.fixed if columns.schema is None else cells[columns.schema]
    table = cells[columns.table]
    version = cells[columns.version] if columns.version is not None and columns.version < len(cells) else ""
    for what, value in (("schema", schema), ("table", table)):
        if not value or re.search(r"\s", value):
            return _wrong(index, f"{value!r} is no name of a {what}.", found=value, allowed="a name without blanks")
    return f"{schema}/{table} {version}".rstrip()


def _wrong(index: int, message: str, *, found: str, allowed: str, remedy: str = "") -> Finding:
    return input_finding(f"pasted/{index}", message, found=found, allowed=allowed, remedy=remedy)
