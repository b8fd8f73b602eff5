"""The tables of one environment: where each stands, how it fares, and where it lands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from replication.models import TableEntry
from replication.selectors.health import table_state, table_status_of
from replication.selectors.keyset import in_pieces
from replication.selectors.tables import ORDER, s3_path


class Row(NamedTuple):
    """One table entry. `rows_loaded` and the moments are what was last seen in DMS; None before the first look."""

    environment: str
    team: str
    task: str
    delivery: str
    table: str
    version: str
    state: str
    path: str
    rows_loaded: int | None
    load_began_at: datetime | None
    load_ended_at: datetime | None
    seen_at: datetime | None


def rows(found: QuerySet[TableEntry]) -> Iterator[Row]:
    """Of one environment's `tables_list`, narrowed or not, in its order."""
    for piece in in_pieces(found, ORDER):
        yield from map(_row, piece)


def _row(entry: TableEntry) -> Row:
    status = table_status_of(entry)
    return Row(
        environment=entry.environment.name,
        team=entry.task.setup.team.slug,
        task=entry.task.name,
        delivery=entry.task.delivery,
        table=entry.identity,
        version=entry.version,
        state=table_state(entry).label,
        path=s3_path(entry.environment, entry.folder),
        rows_loaded=status.full_load_rows if status is not None else None,
        load_began_at=status.full_load_started_at if status is not None else None,
        load_ended_at=status.full_load_ended_at if status is not None else None,
        seen_at=status.observed_at if status is not None else None,
    )
