"""Every call of AWS and every commit of a deployment, struck by every fault, with the portal's journal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.adapters.carried_out.carrying import Trip, every_single
from tests.engine.adapters.carried_out.world import CHANGES, Change, Worlds, worlds
from tests.engine.execution.matrix import Proof
from tests.proofs import Breadth
from tests.replication.deployments.django_book import DjangoBook
from tests.replication.deployments.rows import Rows

FEW = (CHANGES[4],)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every change where every case is tried; else few, for each begins with a world that has to be built."""
    if "change" in metafunc.fixturenames:
        changes = CHANGES if metafunc.config.getoption("--exhaustive") else FEW
        metafunc.parametrize("change", changes, ids=lambda change: change.name)


@pytest.fixture(scope="module")
def local() -> Iterator[Worlds]:
    with worlds() as found:
        yield found


@pytest.mark.loopback
@pytest.mark.exhaustive
@pytest.mark.django_db
def test_engine__a_single_fault_at_every_call_and_commit__ends_done_without_a_violation(
    change: Change, local: Worlds, breadth: Breadth
) -> None:
    trip, proof = Trip(local, change, DjangoBook(Rows(local), local)), Proof()
    calm = trip.without_a_fault()
    assert calm.wrong == []

    every_single(trip, breadth.part(calm.points[3:], about=12), proof)

    breadth.tell("single faults, boto3 over the local AWS, Django journal on SQLite", proof)
    assert proof.violations == []
