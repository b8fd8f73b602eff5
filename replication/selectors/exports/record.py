"""The record: every event with all that its hash covers, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from replication.selectors.keyset import in_pieces
from replication.selectors.timeline import TimelineFilters, timeline_events

PIECE = 2000
"""Events read at once."""

_COLUMNS = {
    "chain": "chain",
    "sequence": "sequence",
    "hash": "hash",
    "id": "id",
    "at": "at",
    "kind": "kind",
    "actor": "actor__username",
    "actor_id": "actor_id",
    "actor_name": "actor_name",
    "environment": "environment__name",
    "environment_id": "environment_id",
    "team": "team__slug",
    "team_id": "team_id",
    "change_request_id": "change_request_id",
    "deployment_id": "deployment_id",
    "object_type": "object_type",
    "object_id": "object_id",
    "table": "table",
    "sentence": "sentence",
    "data": "data",
    "request_id": "request_id",
}
"""What a row is called outside, and where it comes from: all that the hash covers, and names beside the keys."""

COLUMNS = tuple(_COLUMNS)


def rows(filters: TimelineFilters) -> Iterator[Sequence[Any]]:
    """Every event that fits, by column; moments as the hash has them. Events written meanwhile are not among them."""
    events = timeline_events(filters).values_list(*_COLUMNS.values(), named=True)
    for piece in in_pieces(events, ("-at", "-id"), size=PIECE):
        for values in piece:
            yield tuple(map(_plain, values))


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
