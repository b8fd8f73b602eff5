"""Going on from a place in an order."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from replication.selectors.keyset import in_pieces


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize(
    "order", [("id",), ("-id",), ("last_name", "first_name", "id"), ("-last_name", "first_name", "-id")]
)
def test_in_pieces__of_any_size__gives_each_row_once_and_in_order(size: int, order: tuple[str, ...]) -> None:
    for number in range(6):
        User.objects.create(username=f"person{number}", first_name=f"{number % 2}", last_name=f"{number % 3}")

    pieces = list(in_pieces(User.objects.all(), order, size=size))

    assert [row.pk for piece in pieces for row in piece] == list(
        User.objects.order_by(*order).values_list("pk", flat=True)
    )
    assert all(len(piece) == size for piece in pieces[:-1])


@pytest.mark.django_db
def test_in_pieces__rows_written_and_gone_meanwhile__leave_none_of_the_others_out() -> None:
    for number in range(4):
        User.objects.create(username=f"person{number}")
    pieces = in_pieces(User.objects.all(), ("username",), size=2)

    first = next(pieces)
    first[-1].delete()
    User.objects.create(username="person0a")

    assert [person.username for person in next(pieces)] == ["person2", "person3"]
