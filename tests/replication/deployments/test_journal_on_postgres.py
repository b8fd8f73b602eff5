"""The portal's journal on a real PostgreSQL: its contract, many workers at once, and every fault of a deployment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.db.utils import load_backend
from pytest_django.plugin import DjangoDbBlocker

from deploy_engine.execution import Limits, StackBusy, State
from replication.deployments import DjangoJournal
from replication.models import Deployment, StackLease
from tests.engine.adapters.carried_out.carrying import Trip, every_single
from tests.engine.adapters.carried_out.world import CHANGES, Worlds, worlds
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.journal_contract import JournalContract, JournalWorld
from tests.engine.execution.matrix import Proof
from tests.engine.execution.scenarios import ADD
from tests.local_aws.postgres import running
from tests.proofs import Breadth
from tests.replication.deployments.django_book import DjangoBook
from tests.replication.deployments.rows import Rows
from tests.replication.deployments.test_journal import journal_world

pytestmark = pytest.mark.loopback
WORKERS = 8
Connect = Callable[[], Any]


@pytest.fixture(scope="module")
def connect(django_db_blocker: DjangoDbBlocker) -> Iterator[Connect]:
    """Makes this thread's default connection one to a PostgreSQL of this module's own, migrated once."""
    before = connections["default"]
    with running() as server, django_db_blocker.unblock():
        address = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "postgres",
            "HOST": "127.0.0.1",
            "PORT": str(server.port),
            "USER": server.secret()["username"],
            "PASSWORD": server.password,
        }
        settings = connections.configure_settings({"default": address})["default"]

        def opened() -> Any:
            wrapper = load_backend("django.db.backends.postgresql").DatabaseWrapper(settings, "default")
            connections["default"] = wrapper
            return wrapper

        wrapper = opened()
        try:
            call_command("migrate", verbosity=0)
            yield opened
        finally:
            wrapper.close()
            connections["default"] = before


class TestDjangoJournalOnPostgres(JournalContract):
    @pytest.fixture(autouse=True)
    def _taken_back(self, connect: Connect) -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def make(self, clock: MovedClock, limits: Limits) -> JournalWorld:
        return journal_world(clock, limits)

    @pytest.fixture
    def world(self, clock: MovedClock, _taken_back: None) -> JournalWorld:
        return self.make(clock, Limits(lease=20, grace=10))


def test_acquire__many_workers_at_once__one_gets_the_lease(connect: Connect) -> None:
    run = Rows(MovedClock()).create(replace(ADD.plan(), stack="sluice-local-raced"))

    def acquire(number: int) -> bool:
        wrapper = connect()
        try:
            return DjangoJournal().acquire(run, f"worker-{number}") is not None
        finally:
            wrapper.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        got = list(pool.map(acquire, range(WORKERS)))

    assert sum(got) == 1
    assert StackLease.objects.get(stack="sluice-local-raced").fence == 1


def test_record__two_deployments_of_a_stack_become_live_at_once__one_does(connect: Connect) -> None:
    rows = Rows(MovedClock())
    plan = replace(ADD.plan(), stack="sluice-local-raced-too")
    runs = [rows.create(plan), rows.create(plan)]
    journal = DjangoJournal()
    lease = journal.acquire(runs[0], "worker")
    assert lease is not None

    def go_live(run: str) -> bool:
        wrapper = connect()
        try:
            record = DjangoJournal().load(run)
            DjangoJournal().record(replace(lease, run=run), replace(record, state=State.PLANNING), ())
        except StackBusy:
            return False
        finally:
            wrapper.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        live = list(pool.map(go_live, runs))

    assert sorted(live) == [False, True]
    assert Deployment.objects.filter(stack=plan.stack, phase=State.PLANNING.value).count() == 1


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every change where every case is tried; else one that is quickly built."""
    if "number" in metafunc.fixturenames:
        numbers = range(len(CHANGES)) if metafunc.config.getoption("--exhaustive") else (4,)
        metafunc.parametrize("number", numbers, ids=lambda number: CHANGES[number].name)


@pytest.fixture(scope="module")
def local() -> Iterator[Worlds]:
    with worlds() as found:
        yield found


@pytest.mark.exhaustive
def test_engine__a_single_fault_at_every_call_and_commit__ends_done_without_a_violation(
    connect: Connect, number: int, local: Worlds, breadth: Breadth
) -> None:
    with transaction.atomic():
        trip, proof = Trip(local, CHANGES[number], DjangoBook(Rows(local), local)), Proof()
        calm = trip.without_a_fault()
        assert calm.wrong == []

        every_single(trip, breadth.part(calm.points[3:], about=12), proof)
        transaction.set_rollback(True)

    breadth.tell("single faults, boto3 over the local AWS, Django journal on PostgreSQL", proof)
    assert proof.violations == []
