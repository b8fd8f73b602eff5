"""The catalogue of one environment: whose each table is, where it lands, how fresh it is, and what is ahead of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from replication.models import Environment
from replication.selectors.catalogue import CatalogueFilters, CatalogueRow, Interruption, catalogue_whole
from replication.selectors.tables import s3_path


class Row(NamedTuple):
    """One table entry; `ahead` is what changes under way will do to it, in words."""

    environment: str
    table: str
    version: str
    path: str
    team: str
    contacts: str
    delivery: str
    freshness: str
    seconds_late: int | None
    seconds_promised: int
    ahead: str


def rows(environment: Environment, filters: CatalogueFilters) -> Iterator[Row]:
    """By name."""
    return map(_row, catalogue_whole(environment, filters))


def _row(row: CatalogueRow) -> Row:
    entry, delay = row.entry, row.delay
    return Row(
        environment=entry.environment.name,
        table=entry.identity,
        version=entry.version,
        path=s3_path(entry.environment, entry.folder),
        team=entry.task.setup.team.slug,
        contacts=", ".join(entry.task.setup.contacts),
        delivery=entry.task.delivery,
        freshness=delay.freshness.label,
        seconds_late=delay.seconds,
        seconds_promised=delay.promised_seconds,
        ahead="; ".join(map(_words, row.ahead)),
    )


def _words(ahead: Interruption) -> str:
    """`reloads, about 15000 s (#7 is approved)`."""
    about = f", about {ahead.seconds} s" if ahead.seconds else ""
    return f"{ahead.words}{about} (#{ahead.change_request.number} is {ahead.change_request.state_choice.label})"
