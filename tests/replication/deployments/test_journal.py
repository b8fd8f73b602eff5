"""Django's journal keeps the contract of all journals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from deploy_engine.execution import DeploymentRecord, Limits, State, Why
from replication.choices import DeploymentState
from replication.database_clock import database_now
from replication.deployments import DjangoJournal, record_apply
from replication.models import Deployment
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.journal_contract import JournalContract, JournalWorld
from tests.engine.execution.scenarios import ADD
from tests.replication.deployments.rows import Rows


def journal_world(clock: MovedClock, limits: Limits) -> JournalWorld:
    """An empty journal in the database, by this clock."""
    rows = Rows(clock)
    journal = DjangoJournal(
        clock=clock.now,
        lease_for=timedelta(seconds=limits.lease),
        grace=timedelta(seconds=limits.grace),
    )
    return JournalWorld(journal, rows.create, rows.request_cancel, rows.request_rollback, rows.lines)


@pytest.mark.django_db
class TestDjangoJournal(JournalContract):
    def make(self, clock: MovedClock, limits: Limits) -> JournalWorld:
        return journal_world(clock, limits)

    @pytest.fixture(autouse=True)
    def _database_first(self, db: None) -> None:
        """The contract's fixtures write rows."""

    @pytest.fixture
    def world(self, clock: MovedClock, db: None) -> JournalWorld:
        return self.make(clock, Limits(lease=20, grace=10))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phase", "cancelled", "state"),
    [
        (State.GUARD, False, DeploymentState.RUNNING),
        (State.STUCK, False, DeploymentState.STUCK),
        (State.HALF, True, DeploymentState.HALF),
        (State.FAILED_SAFE, False, DeploymentState.FAILED_SAFE),
        (State.FAILED_SAFE, True, DeploymentState.CANCELLED),
        (State.STALE, False, DeploymentState.REFUSED),
    ],
)
def test_record_apply__phase_of_the_engine__is_told_in_people_s_words(
    phase: State, cancelled: bool, state: DeploymentState
) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    row = Deployment(run="run", stack="stack", cancel_requested_at=now if cancelled else None)

    record_apply(row, DeploymentRecord("run", ADD.plan(), phase, 0, Why.GO, now, now, message="As it stands"))

    assert (row.state, row.sentence) == (state, "As it stands")
    assert (row.next_tick_at is None) is row.is_finished


@pytest.mark.django_db
def test_database_now__asked__is_aware_and_near() -> None:
    assert abs((database_now() - datetime.now(UTC)).total_seconds()) < 60


def test_deployment_states__every_one__has_a_face() -> None:
    assert all(state.face.meaning for state in DeploymentState)
