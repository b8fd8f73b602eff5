"""Changes of a table as the lines that a change file holds.

Columns keep the order of the load; a column added later is appended, a dropped one is empty from then on. A deleted
row is told by the columns that the log has of it: the key, unless the table's replica identity is FULL. An update that
changes the primary key is written as the old row's end and the new row's beginning, since a file of new values alone
would leave the old key behind for ever. A table without a primary key gets inserts only, as with DMS, unless its
replica identity is FULL.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms.sources.postgres.decoding import Change, Unchanged, Values
from deploy_engine.local_aws.dms.sources.source import Row

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.state import TableRun

LookUp = Callable[["TableRun", str, Values], str | None]
"""Reads a column's present value from the source, for the row with the given values of the key."""

Lines = list[tuple[str, Row]]


def lines(table: "TableRun", change: Change, look_up: LookUp) -> Lines:
    """Return operation and row of each line that the change makes; the table learns of new columns."""
    if change.operation == "INSERT":
        return [("I", _row(table, change.new, look_up, {}))]
    if change.operation == "UPDATE" and change.new and (table.keys or change.old):
        row = _row(table, change.new, look_up, change.old)
        if _key_changed(table, change):
            return [("D", _row(table, _only_key(table, change.old), look_up, {})), ("I", row)]
        return [("U", row)]
    if change.operation == "DELETE" and change.old:
        return [("D", _row(table, change.old, look_up, {}))]
    return []


def _key_changed(table: "TableRun", change: Change) -> bool:
    return bool(change.old) and any(change.old.get(key) != change.new.get(key) for key in table.keys)


def _only_key(table: "TableRun", values: Values) -> Values:
    return {name: value for name, value in values.items() if name in table.keys}


def _row(table: "TableRun", values: Values, look_up: LookUp, before: Values) -> Row:
    unknown = tuple(name for name in values if name not in table.columns)
    if unknown:
        table.columns += unknown
        table.ddls += len(unknown)
    return tuple(_value(table, name, values, look_up, before) for name in table.columns)


def _value(table: "TableRun", name: str, values: Values, look_up: LookUp, before: Values) -> str | None:
    """Return a value; one that lies out of line and is not in the log is looked up, as DMS looks up large objects."""
    value = values.get(name)
    if isinstance(value, Unchanged):
        value = before.get(name)
        if value is None or isinstance(value, Unchanged):
            return look_up(table, name, values)
    return value
