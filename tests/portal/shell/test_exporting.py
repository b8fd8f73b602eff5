"""What a page shows as a file: how it is written, and the record, whose taking out is an act."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from http import HTTPStatus
from itertools import islice

import pytest
import time_machine
from django.contrib.auth.models import User
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from portal.shell.exporting import as_csv, as_json_lines
from portal.web.history.forms import kinds_offered
from replication.audit_chain import GENESIS, row_hash
from replication.choices import AuditKind
from replication.models import AuditEvent
from replication.selectors.exports import record
from replication.selectors.timeline import TimelineFilters
from tests.replication.conftest import Stage

EXPORT = reverse("history:export")
Browser = Callable[[User], Client]


def _text(response: object) -> str:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response).decode("utf-8-sig")


def test_export__json_lines__hold_all_that_the_hashes_cover(stage: Stage, browser_of: Browser) -> None:
    stage.draft("foodsearch.products")
    events = AuditEvent.objects.filter(chain="local").count()

    response = browser_of(stage.people.auditor).post(f"{EXPORT}?environment=local", {"format": "jsonl"})

    rows = [json.loads(line) for line in _text(response).splitlines()]
    assert [row["sequence"] for row in rows] == list(range(events + 1, 0, -1))
    covered = [field.attname for field in AuditEvent._meta.concrete_fields if field.attname in rows[0]]
    previous = GENESIS
    for row in reversed(rows):
        values = {name: row[name] for name in covered if name not in ("chain", "sequence", "hash")}
        previous = row_hash(previous, row["chain"], row["sequence"], values)
        assert previous == row["hash"]


def test_export__csv__opens_as_a_table_and_is_in_the_record(stage: Stage, browser_of: Browser) -> None:
    with time_machine.travel(datetime(2030, 11, 24, 17, 5, tzinfo=UTC), tick=False):
        response = browser_of(stage.people.auditor).post(f"{EXPORT}?team=food&kind=team", {"format": "csv"})

    rows = list(csv.DictReader(io.StringIO(_text(response))))
    assert [(row["team"], row["kind"]) for row in rows] == [("food", "team.created")]
    assert response.headers["Content-Disposition"] == 'attachment; filename="sluice-record-food-20301124T1705Z.csv"'
    told = AuditEvent.objects.get(kind=AuditKind.AUDIT_EXPORTED)
    assert told.sentence == "Anna Example took out the record as csv: team food, kind team."


def test_export__a_filter_with_an_error__takes_nothing_out_and_says_so(stage: Stage, browser_of: Browser) -> None:
    client = browser_of(stage.people.auditor)

    response = client.post(f"{EXPORT}?team=nobodys", {"format": "csv"}, follow=True)

    assert "nobodys is not one of the available choices" in response.content.decode()
    assert not AuditEvent.objects.filter(kind=AuditKind.AUDIT_EXPORTED).exists()


def test_export__a_format_that_is_none__is_not_found(stage: Stage, browser_of: Browser) -> None:
    assert browser_of(stage.people.auditor).post(EXPORT, {"format": "xlsx"}).status_code == HTTPStatus.NOT_FOUND


def test_record_rows__in_small_pieces__leave_none_out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "PIECE", 2)

    found = [row[record.COLUMNS.index("id")] for row in record.rows(TimelineFilters())]

    assert found == list(AuditEvent.objects.order_by("-at", "-id").values_list("pk", flat=True))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("column", ["sentence", "actor_name", "object_id", "table"])
def test_as_csv__a_text_that_a_spreadsheet_would_compute__is_only_text(column: str, begin: str) -> None:
    row = dict.fromkeys(record.COLUMNS, "") | {column: f"{begin}1+1", "data": {"a": "=1"}}

    text = "".join(as_csv(record.COLUMNS, [list(row.values())]))

    line = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert (line[column], line["data"]) == (f"'{begin}1+1", '{"a": "=1"}')


def test_as_csv__names_of_all_languages__are_marked_as_utf_8() -> None:
    text = "".join(as_csv(("chain", "sequence", "who"), [("-", -1, "Tomás Ružić 太郎")]))

    assert text == "\ufeffchain,sequence,who\r\n-,-1,Tomás Ružić 太郎\r\n"


def test_writers__moments_numbers_and_what_is_not_known__are_told_apart() -> None:
    at = datetime(2026, 11, 24, 18, 5, 7, 9, tzinfo=timezone(timedelta(hours=1)))
    columns, row = ("at", "yes", "count", "none", "list"), (at, True, 1.5, None, ["a"])

    assert "".join(as_csv(columns, [row])).splitlines()[1] == '2026-11-24T17:05:07+00:00,true,1.5,,"[""a""]"'
    assert json.loads("".join(as_json_lines(columns, [row]))) == {
        "at": "2026-11-24T17:05:07+00:00",
        "yes": True,
        "count": 1.5,
        "none": None,
        "list": ["a"],
    }


@pytest.mark.parametrize("write", [as_csv, as_json_lines])
def test_export__a_record_without_end__is_written_as_it_is_read(write: Callable[..., Iterator[str]]) -> None:
    read = 0

    def rows() -> Iterator[tuple[int]]:
        nonlocal read
        while True:
            read += 1
            yield (read,)

    list(islice(write(("number",), rows()), 5))

    assert read <= 5


def test_kinds__of_the_filter__name_whatever_the_record_is_about() -> None:
    assert {kind.value.partition(".")[0] for kind in AuditKind} <= {kind for kind, _ in kinds_offered()}
