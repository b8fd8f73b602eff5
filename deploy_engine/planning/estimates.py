"""How long a load takes: as long as the last full load, and longer by as much as the table has grown since; else by the
source's own count and an assumed speed; else nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deploy_engine.diffing import MappedTable
from deploy_engine.live import SourceCatalogue, TableStatistics, Unknown
from deploy_engine.planning.wording import about, duration, rows

ASSUMED_ROWS_PER_SECOND = 4_500
ASSUMED_BYTES_PER_SECOND = 4 * 1024 * 1024
"""What one table's full load to S3 is taken to achieve while nothing is known of it; the slower of both counts.

Assumed, not measured (docs/decisions/0021): a small instance writing compressed CSV, rather too slow than too fast.
"""

Sources = Mapping[str, SourceCatalogue | Unknown]
"""What sources tell of themselves, by their ids."""


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


def load_seconds(count: int, size: int | None) -> int:
    """How long a load of ``count`` rows that fill ``size`` bytes at their source is taken to last."""
    return max(1, round(count / ASSUMED_ROWS_PER_SECOND), round((size or 0) / ASSUMED_BYTES_PER_SECOND))


def loads_seconds(seconds: Iterable[int], at_once: int) -> int:
    """How long several loads last together, ``at_once`` of them at a time: never less than the longest."""
    each = list(seconds)
    return max([*each, round(sum(each) / max(at_once, 1))], default=0)


def load_estimate(table: MappedTable, last: LastLoad | None, sources: Sources) -> tuple[str, int | None]:
    """How long loading ``table`` takes and what it reads of its source, in words; and the seconds, where known."""
    if last is not None:
        took = f"last full load took {duration(last.seconds)}, {rows(last.rows)}"
        return f"{about(last.estimate_seconds)} ({took}), all read by one SELECT *", last.estimate_seconds
    catalogue = sources.get(table.source)
    found = catalogue.by_name.get(table.key) if isinstance(catalogue, SourceCatalogue) else None
    if found is None or found.rows is None:
        return "there is no estimate, and one SELECT * reads the whole table", None
    seconds = load_seconds(found.rows, found.bytes)
    return f"{about(seconds)} by the source's {rows(found.rows)}, all read by one SELECT *", seconds
