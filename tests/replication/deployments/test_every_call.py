"""Every call of AWS and every commit of a deployment, struck by every fault, with the portal's journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import transaction

from deploy_engine.execution import Journal
from deploy_engine.execution.invariants import WrittenIntent
from deploy_engine.planning import Plan
from replication.choices import JournalKind
from replication.deployments import DjangoJournal
from replication.models import Deployment
from tests.engine.adapters.carried_out.carrying import LIMITS, Trip, every_single
from tests.engine.adapters.carried_out.world import CHANGES, Change, Worlds, worlds
from tests.engine.execution.matrix import Proof
from tests.proofs import Breadth
from tests.replication.deployments.rows import Rows

FEW = (CHANGES[4],)


class DjangoBook:
    """The portal's tables; what stands in them goes back by savepoints, since the journal itself takes nothing back."""

    def __init__(self, rows: Rows, of: Worlds) -> None:
        self._rows = rows
        self._worlds = of

    def journal(self) -> Journal:
        lease, grace = timedelta(seconds=LIMITS.lease), timedelta(seconds=LIMITS.grace)
        return DjangoJournal(clock=self._worlds.now, lease_for=lease, grace=grace)

    def create(self, plan: Plan) -> str:
        return self._rows.create(plan)

    def kept(self) -> str:
        return transaction.savepoint()

    def put_back(self, kept: str) -> None:
        transaction.savepoint_rollback(kept)

    def intents(self, run: str) -> Sequence[WrittenIntent]:
        deployment = Deployment.objects.get(run=run)
        pending = (deployment.record.get("pending") or {}).get("number")
        entries = deployment.journal.filter(kind=JournalKind.INTENT)
        written = []
        for entry in entries:
            operation, _, target = entry.sentence.partition(" ")
            written.append(WrittenIntent(operation, target, entry.at, closed=entry.data["number"] != pending))
        return written


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

    breadth.tell("single faults, boto3 over the local AWS, Django journal", proof)
    assert proof.violations == []
