"""A sample of the faults at every call, with the calls going over HTTP to the local AWS's server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.adapters.carried_out.carrying import Trip, every_single
from tests.engine.adapters.carried_out.in_process import AT_A_CALL
from tests.engine.adapters.carried_out.sqlite_book import new_books
from tests.engine.adapters.carried_out.world import CHANGES, Worlds, worlds
from tests.engine.execution.matrix import Proof
from tests.proofs import Breadth

EVERY = 10
"""Of the points over HTTP one in so many is tried where every case is; all of them are tried without HTTP."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every change where every case is tried; else one that is quickly built."""
    if "number" in metafunc.fixturenames:
        numbers = range(len(CHANGES)) if metafunc.config.getoption("--exhaustive") else (4,)
        metafunc.parametrize("number", numbers, ids=lambda number: CHANGES[number].name)


@pytest.fixture(scope="module")
def local() -> Iterator[Worlds]:
    with worlds(over_http=True) as found:
        yield found


@pytest.mark.loopback
@pytest.mark.exhaustive
def test_engine__single_faults_over_http__end_done_without_a_violation(
    number: int, local: Worlds, breadth: Breadth
) -> None:
    with new_books(local) as new:
        trip, proof = Trip(local, CHANGES[number], new()), Proof()
        calm = trip.without_a_fault()
        assert calm.wrong == []
        points = calm.points[::EVERY] if breadth.everything else breadth.part(calm.points, about=13)

        every_single(trip, points, proof)

    breadth.tell("single faults, boto3 over HTTP to the local AWS, SQLite journal", proof)
    assert proof.violations == []
    assert {fault for _, fault in points} >= set(AT_A_CALL)
