"""Going on from a place in an order: what pages and exports of any length are read by.

A piece costs the same wherever it begins, no row is shown twice while others arrive, and nothing is held open between
two pieces: neither a transaction nor a cursor that the database has to keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

PIECE = 500
"""Rows read at once, where nobody says otherwise."""

Row = TypeVar("Row")


def beyond(order: Sequence[str], place: Sequence[Any]) -> Q:
    """The rows after a place in `order`, whose columns together are unique; one with a minus descends."""
    found, same = Q(), Q()
    for column, value in zip(order, place, strict=True):
        name = column.removeprefix("-")
        found |= same & Q(**{f"{name}__{_way(column)}": value})
        same &= Q(**{name: value})
    first = order[0].removeprefix("-")
    return Q(**{f"{first}__{_way(order[0])}e": place[0]}) & found  # alone, this lets the database use its index


def in_pieces(rows: QuerySet[Any, Row], order: Sequence[str], *, size: int | None = None) -> Iterator[list[Row]]:
    """All rows in `order`, in pieces of at most `size`. Rows written meanwhile may be among them, none is left out."""
    size = size or PIECE
    rows, names = rows.order_by(*order), [column.removeprefix("-") for column in order]
    piece = list(rows[:size])
    while piece:
        yield piece
        if len(piece) < size:
            return
        place = [getattr(piece[-1], name) for name in names]
        piece = list(rows.filter(beyond(order, place))[:size])


def _way(column: str) -> str:
    return "lt" if column.startswith("-") else "gt"
