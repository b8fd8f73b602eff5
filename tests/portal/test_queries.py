"""No page asks the database more than twelve times, and none asks more often where there is more to show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

import portal.addresses
from replication.choices import OPEN_STATES
from replication.models import ChangeRequest
from replication.selectors.open_changes import what_they_change, without_documents
from tests.portal.enormous import FEW, MANY, Size, company
from tests.portal.enormous.addresses import ADDRESSES, Address

MOST = 12


@dataclass(frozen=True)
class Answer:
    """What came back, and every statement that it took."""

    status: int
    statements: tuple[str, ...]


def _asked(size: Size, name: str) -> Iterable[tuple[Address, Answer]]:
    """Every address of that name in a company of that size, which is gone afterwards.

    What the open changes change is known, as in a process that was asked before: the first one reads it by one more.
    """
    before = transaction.savepoint()
    place = company(size)
    what_they_change(list(without_documents(ChangeRequest.objects.filter(state__in=OPEN_STATES))))
    for address in ADDRESSES[name](place):
        client = Client()
        client.force_login(place.people[address.who])
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address.url)
        yield address, Answer(response.status_code, tuple(_short(query["sql"]) for query in queries.captured_queries))
    transaction.savepoint_rollback(before)


def _short(sql: str) -> str:
    """What is asked of which table, as far as one can read it in a line."""
    table = re.search(r'(?:FROM|UPDATE|INTO) "(\w+)"', sql)
    where = sql.partition(" WHERE ")[2].replace("replication_", "")
    return f"{sql.split(' ', maxsplit=1)[0]} {table[1] if table else ''} {where[:150]}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_every_page__few_rows_or_many__asks_equally_often_and_at_most_twelve_times(name: str) -> None:
    few, many = list(_asked(FEW, name)), list(_asked(MANY, name))
    for (address, little), (_, much) in zip(few, many, strict=True):
        asked = "\n".join(much.statements)
        assert little.status == much.status == address.status, address
        assert len(much.statements) <= MOST, f"{address} asks {len(much.statements)} times:\n{asked}"
        assert len(little.statements) == len(much.statements), (
            f"{address} asks {len(little.statements)} times of few rows, {len(much.statements)} times of many:\n{asked}"
        )


def test_addresses__of_pages_that_can_be_looked_at__are_those_with_an_example() -> None:
    pages = {name for name, access in portal.addresses.ADDRESSES.items() if access.look is not None}
    assert ADDRESSES.keys() == pages, "every page has its examples in tests/portal/enormous/addresses.py"
