"""The fault tests' journal keeps the same contract as the real ones."""

from __future__ import annotations

from deploy_engine.execution import Limits
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.journal_contract import JournalContract, JournalWorld
from tests.engine.execution.memory_journal import MemoryJournal


class TestMemoryJournal(JournalContract):
    def make(self, clock: MovedClock, limits: Limits) -> JournalWorld:
        journal = MemoryJournal(clock, limits)
        return JournalWorld(journal, journal.create, journal.request_cancel, journal.request_rollback, journal.lines)
