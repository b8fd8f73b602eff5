"""The command line's journal: the contract, and what only a file can do: be continued by another process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy_engine.adapters.sqlite_journal import SqliteJournal
from deploy_engine.execution import Executor, Limits, State
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.journal_contract import JournalContract, JournalWorld
from tests.engine.execution.plans import STACK
from tests.engine.execution.scenarios import ADD, RELOAD, Scenario


class TestSqliteJournal(JournalContract):
    @pytest.fixture(autouse=True)
    def _in_a_folder(self, tmp_path: Path) -> Iterator[None]:
        self.path = tmp_path / "journal.sqlite3"
        self.opened: list[SqliteJournal] = []
        yield
        for journal in self.opened:
            journal.close()

    def make(self, clock: MovedClock, limits: Limits) -> JournalWorld:
        journal = SqliteJournal(self.path, limits=limits, clock=clock.now)
        self.opened.append(journal)
        return JournalWorld(journal, journal.create, journal.request_cancel, journal.request_rollback, journal.lines)


def _executor(journal: SqliteJournal, aws: FakeAws, owner: str) -> Executor:
    return Executor(journal, lambda _plan: aws, owner=owner, replan=lambda plan: plan, jitter=lambda: 1.0)


@pytest.mark.parametrize("scenario", [ADD, RELOAD], ids=lambda scenario: scenario.name)
def test_sqlite_journal__every_tick_in_a_new_process__continues_to_the_end(tmp_path: Path, scenario: Scenario) -> None:
    clock = MovedClock()
    aws, path = scenario.world(clock), tmp_path / "journal.sqlite3"
    with SqliteJournal(path, clock=clock.now) as journal:
        run = journal.create(scenario.plan())

    for life in range(300):
        with SqliteJournal(path, clock=clock.now) as journal:
            assert journal.unfinished(STACK) == run
            tick = _executor(journal, aws, f"process-{life}").tick(run)
        if tick.next_in_seconds is None:
            break
        clock.sleep(tick.next_in_seconds)

    with SqliteJournal(path, clock=clock.now) as journal:
        assert (tick.state, journal.unfinished(STACK)) == (State.DONE, None)
        story = journal.lines(run)
        assert journal.lines(run, after=3) == story[3:]
    assert {name: task.status for name, task in aws.live.items()} == scenario.after


def test_executor__two_deployments_of_one_stack__the_second_waits_and_says_for_whom() -> None:
    clock = MovedClock()
    aws = ADD.world(clock)
    with SqliteJournal(":memory:", clock=clock.now) as journal:
        first, second = journal.create(ADD.plan()), journal.create(ADD.plan())
        executor = _executor(journal, aws, "worker-1")
        executor.tick(first)

        waiting = executor.tick(second)

        assert waiting.state is State.QUEUED
        assert waiting.message == f"Waiting for its turn: deployment {first} goes first, for it holds the same stack"


def test_sqlite_journal__unknown_run__says_so() -> None:
    with SqliteJournal(":memory:") as journal, pytest.raises(LookupError, match="there is no deployment nine"):
        journal.load("nine")
