"""Changes as lines of a file."""

from deploy_engine.local_aws.dms.sources.postgres import layout
from deploy_engine.local_aws.dms.sources.postgres.decoding import UNCHANGED, Change, Values
from deploy_engine.local_aws.dms.state import TableRun


def _table(*keys: str) -> TableRun:
    return TableRun("s", "t", "data", "t", 0, 0, columns=("id", "name", "notes"), keys=keys)


def _change(operation: str, old: Values, new: Values) -> Change:
    return Change("s", "t", operation, old, new)


def _looked_up(table: TableRun, column: str, values: Values) -> str | None:
    return f"{column} of {values['id']}"


def test_lines__update_of_a_key__is_an_end_and_a_beginning() -> None:
    change = _change("UPDATE", {"id": "1"}, {"id": "2", "name": "a", "notes": None})
    assert layout.lines(_table("id"), change, _looked_up) == [("D", ("1", None, None)), ("I", ("2", "a", None))]


def test_lines__old_row_told_in_full_and_key_kept__is_an_update() -> None:
    change = _change("UPDATE", {"id": "1", "name": "a"}, {"id": "1", "name": "b", "notes": None})
    assert layout.lines(_table("id"), change, _looked_up) == [("U", ("1", "b", None))]


def test_lines__value_not_in_the_log__is_taken_from_the_old_row_or_looked_up() -> None:
    new: Values = {"id": "1", "name": "b", "notes": UNCHANGED}
    assert layout.lines(_table("id"), _change("UPDATE", {"id": "1", "notes": "old"}, new), _looked_up) == [
        ("U", ("1", "b", "old"))
    ]
    assert layout.lines(_table("id"), _change("UPDATE", {}, new), _looked_up) == [("U", ("1", "b", "notes of 1"))]


def test_lines__table_without_key__only_what_the_log_can_tell() -> None:
    row: Values = {"id": "1", "name": "a", "notes": None}
    assert layout.lines(_table(), _change("UPDATE", {}, row), _looked_up) == []
    assert layout.lines(_table(), _change("DELETE", {}, {}), _looked_up) == []
    assert layout.lines(_table(), _change("DELETE", {"id": "1"}, {}), _looked_up) == [("D", ("1", None, None))]
    assert layout.lines(_table(), _change("UPDATE", {"id": "1"}, row), _looked_up) == [("U", ("1", "a", None))]
    assert layout.lines(_table(), _change("TRUNCATE", {}, {}), _looked_up) == []


def test_lines__columns_added_and_dropped__old_places_stay() -> None:
    table = _table("id")
    lines = layout.lines(table, _change("INSERT", {}, {"id": "1", "notes": "n", "origin": "Crete"}), _looked_up)
    assert lines == [("I", ("1", None, "n", "Crete"))]
    assert (table.columns, table.ddls) == (("id", "name", "notes", "origin"), 1)
