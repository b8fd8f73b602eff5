"""How long a reload takes: as long as the last full load, and longer by as much as the table has grown since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from deploy_engine.diffing import MappedTable
from deploy_engine.live import TableStatistics


@dataclass(frozen=True)
class LastLoad:
    """What DMS tells of a table's last full load; ``estimate_seconds`` is how long the next one takes, by its rows."""

    seconds: int
    rows: int
    estimate_seconds: int


def last_load(table: MappedTable, statistics: Iterable[TableStatistics] | None) -> LastLoad | None:
    """The last full load of ``table``; None where DMS was not asked, or tells of no load that ended."""
    found = next((counted for counted in statistics or () if (counted.schema, counted.table) == table.key), None)
    if found is None or found.load_started is None or found.load_ended is None:
        return None
    seconds = (found.load_ended - found.load_started).total_seconds()
    if seconds < 0:
        return None
    now = max(found.full_load_rows + found.inserts - found.deletes, 0)
    grown = max(now / found.full_load_rows, 1.0) if found.full_load_rows else 1.0
    return LastLoad(round(seconds), found.full_load_rows, round(seconds * grown))
