"""Every call of AWS and every commit of a deployment, struck by every fault: the real engine over its real adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from deploy_engine.execution.invariants import CALLS
from tests.engine.adapters.carried_out.carrying import Trip, every_single
from tests.engine.adapters.carried_out.sqlite_book import SqliteBook, new_books
from tests.engine.adapters.carried_out.watching import Watch
from tests.engine.adapters.carried_out.world import CHANGES, Change, Worlds, worlds
from tests.engine.execution.matrix import Proof
from tests.proofs import Breadth

pytestmark = pytest.mark.loopback  # the local AWS has its server too
FEW = (CHANGES[1], CHANGES[7])


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
    with new_books(local) as begun:
        yield begun


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


def test_watch__call_that_no_invariant_covers__is_broken(local: Worlds) -> None:
    local.begin(CHANGES[4])
    watch = Watch(local, local.plan_of(CHANGES[4]), list, dict)

    watch("database-migration-service:ReloadTables", None)

    assert watch.broken == ["ReloadTables is a call that no invariant covers"]


def test_watch__line_of_the_record_that_changed__is_broken(local: Worlds) -> None:
    local.begin(CHANGES[4])
    written = {"lines": ["stopped", "updated"]}
    watch = Watch(local, local.plan_of(CHANGES[4]), list, lambda: {**written})

    watch.ask()
    written["lines"] = ["stopped", "updated", "started"]
    watch.ask()
    assert watch.broken == []
    written["lines"] = ["stopped", "started"]
    watch.ask()

    assert watch.broken == ["I11: lines had ['stopped', 'updated', 'started'], and now ['stopped', 'started']"]
