"""The record as rows for taking out, newest first, in pieces: memory stays the same however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from replication.selectors.timeline import TimelineFilters, timeline_events

PIECE = 2000
"""Rows read at once: neither a long transaction nor a cursor that the database has to keep."""

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


def record_rows(filters: TimelineFilters) -> Iterator[dict[str, Any]]:
    """Every event that fits, by column; moments as ISO text in UTC. Events written meanwhile are not among them."""
    rows = timeline_events(filters).values_list(*_COLUMNS.values())
    place: Q = Q()
    while True:
        piece = list(rows.filter(place)[:PIECE])
        for values in piece:
            yield {name: _plain(value) for name, value in zip(COLUMNS, values, strict=True)}
        if len(piece) < PIECE:
            return
        last = dict(zip(COLUMNS, piece[-1], strict=True))
        place = Q(at__lte=last["at"]) & (Q(at__lt=last["at"]) | Q(id__lt=last["id"]))


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
