"""What a page shows as a file: CSV for people, JSON lines for programs; written while it is sent.

A page's own address gives the file once it is asked with `export=csv` or `export=jsonl`: the same filters, the same
right to look. `components/export.html` is the way to it, on every page that has one.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.forms import BaseForm
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from portal.presenters.pages import address_with
from portal.shell.requests import SignedInRequest
from replication.policies import Decision

Rows = Iterable[Sequence[Any]]

PARAMETER = "export"
_PLACES = ("before", "after", "page")
"""What a page's address says of the part that it shows; a file has all."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the begin of a formula (OWASP, CSV injection), also as East Asian keyboards write it."""

_MARK = "\ufeff"
"""By which spreadsheets know UTF-8; without it they spoil every name that is not plain ASCII."""


class _Echo:
    """What `csv` writes into: gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def as_csv(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """A heading and a line for each row; data as JSON. A text that a spreadsheet would compute gets an apostrophe."""
    writer = csv.writer(_Echo())
    yield _MARK + writer.writerow(columns)
    for row in rows:
        yield writer.writerow(map(_cell, row))


def as_json_lines(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """One JSON object on each line."""
    for row in rows:
        yield json.dumps(dict(zip(columns, map(_plain, row), strict=True)), ensure_ascii=False) + "\n"


class Format(NamedTuple):
    """One way of writing, by the file's ending."""

    ending: str
    label: str
    words: str
    media_type: str
    write: Callable[[Sequence[str], Rows], Iterator[str]]


FORMATS = {
    each.ending: each
    for each in (
        Format("csv", "CSV", "for spreadsheets", "text/csv; charset=utf-8", as_csv),
        Format("jsonl", "JSON lines", "for programs", "application/x-ndjson; charset=utf-8", as_json_lines),
    )
}


class Choice(NamedTuple):
    """One format in the menu; `url` is empty where a form sends its ending."""

    ending: str
    label: str
    words: str
    url: str


@dataclass(frozen=True)
class Export:
    """The menu. `words` say what is in the file; `action`: where a form sends the choice; `refusal`: why it may not."""

    words: str
    choices: tuple[Choice, ...]
    action: str = ""
    refusal: str = ""


def export_of(request: SignedInRequest, words: str, **shown: str) -> Export:
    """The menu of a page that gives its own file; `shown` is what the address leaves open and the page has chosen."""
    whole = dict.fromkeys(_PLACES, "")
    choices = (
        Choice(each.ending, each.label, each.words, address_with(request.GET, **whole, **shown, export=each.ending))
        for each in FORMATS.values()
    )
    return Export(words, tuple(choices))


def export_by_form(request: SignedInRequest, words: str, *, to: str, allowed: Decision) -> Export:
    """The menu where taking out is an act, with a right of its own, which is written down."""
    choices = tuple(Choice(each.ending, each.label, each.words, "") for each in FORMATS.values())
    action = f"{to}{address_with(request.GET, **dict.fromkeys(_PLACES, ''))}"
    return Export(words, choices, action, "" if allowed else allowed.reason)


def format_asked(request: SignedInRequest, filters: BaseForm | None = None) -> Format | None:
    """Which file a page is asked for; None: the page itself. A format that is none is not found.

    Where one of the `filters` has an error, the page is the answer: it says so; a file would only hold too much.
    """
    ending = request.GET.get(PARAMETER)
    return format_named(ending) if ending is not None and not (filters and filters.errors) else None


def format_named(ending: str) -> Format:
    """By the file's ending."""
    if ending not in FORMATS:
        raise Http404
    return FORMATS[ending]


def file_of(form: Format, name: Sequence[str], columns: Sequence[str], rows: Rows) -> StreamingHttpResponse:
    """The file, called like `sluice-changes-local-food-20261124T1705Z.csv`; an empty part of `name` is left out."""
    words = "-".join(part for part in ("sluice", *name, minute(timezone.now())) if part)
    return StreamingHttpResponse(
        form.write(columns, rows),
        content_type=form.media_type,
        headers={"Content-Disposition": content_disposition_header(True, f"{words}.{form.ending}") or ""},
    )


def minute(moment: datetime) -> str:
    """A moment as the name of a file has it: `20261124T1705Z`."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%MZ}"


def moment_shown(moment: datetime) -> str:
    """A moment as an address has it, exact: what was accepted in the same second stays on its side."""
    return moment.astimezone(UTC).isoformat()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    plain = _plain(value)
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    return f"'{text}" if isinstance(plain, str) and text.startswith(_FORMULA) and text != "-" else text


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value
