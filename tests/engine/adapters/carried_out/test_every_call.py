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
from tests.engine.adapters.carried_out.carrying import LIMITS, carry_out, wrong_under
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
    calm, proof = carry_out(local, change, new(), {}), Proof()
    assert calm.wrong == []

    for number, fault in breadth.part(calm.points, about=12):
        proof.points += 1
        proof.runs += 1
        proof.violations += wrong_under(local, change, new, {number: fault})

    breadth.tell("single faults, boto3 over the local AWS, SQLite journal", proof)
    assert proof.violations == []


def test_engine__all_changes_together__make_the_calls_that_change_anything(
    local: Worlds, new: Callable[[], SqliteBook]
) -> None:
    made: set[str] = set()
    for change in (CHANGES[1], CHANGES[4]):
        made |= {name.rpartition(":")[2] for name in carry_out(local, change, new(), {}).met}

    rare = {"DeleteChangeSet", "DeleteStack", "CancelUpdateStack", "ContinueUpdateRollback"}
    assert made >= CALLS - rare
