"""Retired folders: what whoever cleans the lake goes by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from replication.models import Environment, Team
from replication.selectors.retired import RetiredFolder, retired_whole


class Row(NamedTuple):
    """One folder. What was counted is None where nobody counted yet; `there_is_more`: the count ended at its limit."""

    environment: str
    team: str
    table: str
    version: str
    folder: str
    retired_at: datetime | None
    retired_by: str
    change_request: int | None
    objects: int | None
    bytes: int | None
    there_is_more: bool | None
    counted_at: datetime | None


def rows(environment: Environment | None = None, team: Team | None = None) -> Iterator[Row]:
    """The newest entries of the ledger first."""
    return map(_row, retired_whole(environment, team))


def _row(folder: RetiredFolder) -> Row:
    count, setup = folder.count, folder.entry.setup
    return Row(
        environment=setup.environment.name,
        team=setup.team.slug,
        table=folder.entry.identity,
        version=folder.entry.version,
        folder=folder.path,
        retired_at=folder.since,
        retired_by=folder.by,
        change_request=folder.change_request_number,
        objects=count.objects_counted if count is not None else None,
        bytes=count.size if count is not None else None,
        there_is_more=count.cut if count is not None else None,
        counted_at=count.counted_at if count is not None else None,
    )
