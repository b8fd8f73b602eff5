"""The record as a file: CSV for people, JSON lines for programs; written while it is sent."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from replication.selectors.record_export import COLUMNS
from replication.selectors.timeline import TimelineFilters

Rows = Iterable[dict[str, Any]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the begin of a formula (OWASP, CSV injection), also as East Asian keyboards write it."""

_MARK = "\ufeff"
"""By which spreadsheets know UTF-8; without it they spoil every name that is not plain ASCII."""


class _Echo:
    """What `csv` writes into: gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: Rows, columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    """A heading and a line for each row; data as JSON. A text that a spreadsheet would compute gets an apostrophe."""
    writer = csv.writer(_Echo())
    yield _MARK + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_cell(row[name]) for name in columns])


def as_json_lines(rows: Rows) -> Iterator[str]:
    """One JSON object on each line."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Rows], Iterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/x-ndjson; charset=utf-8", as_json_lines),
}
"""Media type and writer, by the file's ending."""


def file_name(filters: TimelineFilters, at: datetime, ending: str) -> str:
    """`sluice-record-local-food-20261124T1705Z.csv`: two that were taken out never have one name but by one minute."""
    names = [name for name in (filters.environment, filters.team) if name]
    return "-".join(["sluice-record", *names, f"{at.astimezone(UTC):%Y%m%dT%H%MZ}"]) + f".{ending}"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) and text != "-" else text
