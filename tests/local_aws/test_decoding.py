"""What PostgreSQL's plugin test_decoding prints, and what a snapshot sees."""

import pytest

from deploy_engine.local_aws.dms.sources.postgres.decoding import UNCHANGED, UnreadableChangeError, is_change, parse
from deploy_engine.local_aws.dms.sources.postgres.visibility import WRAP, Visibility


def test_parse__insert__every_kind_of_value() -> None:
    change = parse(
        "table public.t: INSERT: id[integer]:-1 b[boolean]:true n[numeric]:1.50 bits[bit]:B'101' bt[bytea]:'\\x00ff' "
        "ts[timestamp with time zone]:'2020-01-01 08:00:00.5+00' note[text]:null empty[text]:'' word[text]:'null'"
    )
    assert (change.schema, change.table, change.operation, change.old) == ("public", "t", "INSERT", {})
    assert change.new == {
        "id": "-1",
        "b": "true",
        "n": "1.50",
        "bits": "101",
        "bt": "\\x00ff",
        "ts": "2020-01-01 08:00:00.5+00",
        "note": None,
        "empty": "",
        "word": "null",
    }


def test_parse__quotes_brackets_and_lines_in_a_value__are_the_value() -> None:
    change = parse("table a.b: INSERT: x[text]:'it''s [a]:''b'' new-tuple: \n y[text]:1' y[character varying]:'B''1'''")
    assert change.new == {"x": "it's [a]:'b' new-tuple: \n y[text]:1", "y": "B'1'"}


def test_parse__names_that_need_quotes__are_read_without_them() -> None:
    change = parse('table "My.Schema"."a ""b""": INSERT: "Odd [x]: Name"[text[]]:\'{a,"b c"}\' z["En]um"]:\'on\'')
    assert (change.schema, change.table) == ("My.Schema", 'a "b"')
    assert change.new == {"Odd [x]: Name": '{a,"b c"}', "z": "on"}


def test_parse__update_with_old_key__has_both_rows() -> None:
    change = parse("table s.t: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 n[text]:unchanged-toast-datum")
    assert (change.old, change.new) == ({"id": "1"}, {"id": "2", "n": UNCHANGED})


def test_parse__text_that_only_looks_unchanged__is_text() -> None:
    change = parse("table s.t: UPDATE: id[integer]:2 n[text]:'unchanged-toast-datum'")
    assert (change.old, change.new) == ({}, {"id": "2", "n": "unchanged-toast-datum"})


@pytest.mark.parametrize(
    ("text", "operation", "old"),
    [
        ("table s.t: DELETE: id[integer]:2", "DELETE", {"id": "2"}),
        ("table s.t: DELETE: (no-tuple-data)", "DELETE", {}),
        ("table s.t: TRUNCATE: (no-flags)", "TRUNCATE", {}),
    ],
)
def test_parse__row_that_goes__has_what_the_log_has_of_it(text: str, operation: str, old: dict[str, str]) -> None:
    change = parse(text)
    assert (change.operation, change.old, change.new) == (operation, old, {})


@pytest.mark.parametrize("text", ["table", "table a.b INSERT: ", "table a.b: INSERT: x[text", "table a.b: INSERT: x:1"])
def test_parse__anything_else__is_refused(text: str) -> None:
    with pytest.raises(UnreadableChangeError):
        parse(text)


def test_is_change__lines_about_transactions_and_messages__are_none() -> None:
    assert is_change("table a.b: TRUNCATE: (no-flags)")
    assert not is_change("BEGIN 7")
    assert not is_change("message: transactional: 1 prefix: table, sz: 1 content:x")


def test_visibility__transactions_before_the_snapshot__are_seen_unless_they_were_running() -> None:
    snapshot = Visibility.parse("100:105:101,103")
    assert [number for number in range(98, 108) if snapshot.sees(number)] == [98, 99, 100, 102, 104]
    assert Visibility.parse("7:7:").sees(6)


def test_visibility__ids_that_have_wrapped_around__are_told_apart() -> None:
    snapshot = Visibility.parse(f"{5 * WRAP + 2}:{5 * WRAP + 4}:{5 * WRAP + 2}")
    assert snapshot.sees(WRAP - 1)
    assert not snapshot.sees(2)
    assert snapshot.sees(3)
    assert not snapshot.sees(4)
