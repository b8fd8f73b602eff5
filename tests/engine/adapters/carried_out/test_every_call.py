"""Every call of AWS and every commit of a deployment, struck by every fault: the real engine over its real adapters."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from deploy_engine.adapters.sqlite_journal import SqliteJournal
from deploy_engine.execution import Journal
from deploy_engine.execution.invariants import CALLS, WrittenIntent
from deploy_engine.planning import Plan
from tests.engine.adapters.carried_out.carrying import LIMITS, Trip, every_single
from tests.engine.adapters.carried_out.watching import moment
from tests.engine.adapters.carried_out.world import CHANGES, Change, Worlds, quick_folder, worlds
from tests.engine.execution.matrix import Proof
from tests.proofs import Breadth

pytestmark = pytest.mark.loopback  # the local AWS has its server too, and the sample over HTTP speaks to it


FEW = (CHANGES[1], CHANGES[7])


class SqliteBook:
    """A journal in a file of its own, opened by one process after the other."""

    def __init__(self, path: Path, of: Worlds) -> None:
        path.unlink(missing_ok=True)
        self._path = path
        self._worlds = of
        self._journal: SqliteJournal | None = None

    def journal(self) -> Journal:
        self.close()
        self._journal = SqliteJournal(self._path, limits=LIMITS, clock=self._worlds.now)
        return self._journal

    def create(self, plan: Plan) -> str:
        with SqliteJournal(self._path, limits=LIMITS, clock=self._worlds.now) as journal:
            return journal.create(plan)

    def intents(self, run: str) -> Sequence[WrittenIntent]:
        connection = sqlite3.connect(self._path)
        try:
            rows = connection.execute("select operation, target, at, closed_at from intents where run = ?", (run,))
            return [WrittenIntent(row[0], row[1], moment(row[2]), closed=bool(row[3])) for row in rows]
        finally:
            connection.close()

    def kept(self) -> bytes:
        return self._path.read_bytes()

    def put_back(self, kept: bytes) -> None:
        self.close()
        self._path.write_bytes(kept)

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every change where every case is tried; else few, for each begins with a world that has to be built."""
    if "change" in metafunc.fixturenames:
        changes = CHANGES if metafunc.config.getoption("--exhaustive") else FEW
        metafunc.parametrize("change", changes, ids=lambda change: change.name)


@pytest.fixture(scope="module")
def local() -> Iterator[Worlds]:
    with worlds() as found:
        yield found


@pytest.fixture
def new(local: Worlds) -> Iterator[Callable[[], SqliteBook]]:
    """Begins a new book, in the place of the one before."""
    books: list[SqliteBook] = []

    def begun() -> SqliteBook:
        for used in books:
            used.close()
        books[:] = [SqliteBook(folder / "journal.sqlite3", local)]
        return books[0]

    with quick_folder() as folder:
        yield begun
        for used in books:
            used.close()


@pytest.mark.exhaustive
def test_engine__a_single_fault_at_every_call_and_commit__ends_done_without_a_violation(
    change: Change, local: Worlds, new: Callable[[], SqliteBook], breadth: Breadth
) -> None:
    trip, proof = Trip(local, change, new()), Proof()
    calm = trip.without_a_fault()
    assert calm.wrong == []

    every_single(trip, breadth.part(calm.points, about=12), proof)

    breadth.tell("single faults, boto3 over the local AWS, SQLite journal", proof)
    assert proof.violations == []


def test_trip__from_a_bookmark_on__goes_as_it_did_from_the_beginning(
    local: Worlds, new: Callable[[], SqliteBook]
) -> None:
    trip = Trip(local, CHANGES[7], new())
    calm = trip.without_a_fault()

    for number in (len(calm.met) - 1, len(calm.met) // 2, 1):
        again = trip.again(number, {})

        assert (again.met, again.wrong) == (calm.met, [])


def test_engine__all_changes_together__make_the_calls_that_change_anything(
    local: Worlds, new: Callable[[], SqliteBook]
) -> None:
    made: set[str] = set()
    for change in (CHANGES[1], CHANGES[4]):
        made |= {name.rpartition(":")[2] for name in Trip(local, change, new()).without_a_fault().met}

    rare = {"DeleteChangeSet", "DeleteStack", "CancelUpdateStack", "ContinueUpdateRollback"}
    assert made >= CALLS - rare
