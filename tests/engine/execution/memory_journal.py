"""A journal in memory with the behaviour of the real ones, for the thousands of runs of the fault tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from deploy_engine.errors import LostLease
from deploy_engine.execution import DeploymentRecord, Limits, StackBusy, State, Why
from deploy_engine.execution.invariants import WrittenIntent
from deploy_engine.execution.ports import Intent, Lease, LogLine
from deploy_engine.execution.record_json import with_intent
from deploy_engine.execution.states import is_live
from deploy_engine.planning import Plan
from tests.engine.execution.clock import MovedClock


@dataclass
class _Row:
    record: DeploymentRecord
    cancel_requested: bool = False
    rollback_requested_at: datetime | None = None
    lines: list[LogLine] = field(default_factory=list)
    intents: list[WrittenIntent] = field(default_factory=list)
    closed: int = 0


@dataclass
class _Holder:
    owner: str
    fence: int
    expires_at: datetime


class MemoryJournal:
    """Implements ``Journal``."""

    def __init__(self, clock: MovedClock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._rows: dict[str, _Row] = {}
        self._leases: dict[str, _Holder] = {}

    def copy(self, clock: MovedClock) -> MemoryJournal:
        """The same journal at this moment, to be continued by another clock."""
        other = MemoryJournal(clock, self._limits)
        for run, row in self._rows.items():
            other._rows[run] = replace(row, lines=[*row.lines], intents=[*row.intents])
        other._leases = {stack: replace(holder) for stack, holder in self._leases.items()}
        return other

    def create(self, plan: Plan) -> str:
        run, now = str(len(self._rows) + 1), self._clock.now()
        self._rows[run] = _Row(DeploymentRecord(run, plan, State.QUEUED, 0, Why.GO, now, now))
        return run

    def request_cancel(self, run: str) -> None:
        self._rows[run].cancel_requested = True

    def replace(self, run: str, record: DeploymentRecord) -> None:
        """As if another Sluice had written this."""
        self._rows[run].record = record

    def request_rollback(self, run: str) -> None:
        self._rows[run].rollback_requested_at = self._clock.now()

    def lines(self, run: str) -> tuple[LogLine, ...]:
        return tuple(self._rows[run].lines)

    def intents(self, run: str) -> tuple[WrittenIntent, ...]:
        return tuple(self._rows[run].intents)

    def newest_fence(self, stack: str) -> int:
        return self._leases[stack].fence

    def now(self) -> datetime:
        return self._clock.now()

    def load(self, run: str) -> DeploymentRecord:
        row = self._rows[run]
        return replace(
            row.record, cancel_requested=row.cancel_requested, rollback_requested_at=row.rollback_requested_at
        )

    def acquire(self, run: str, owner: str) -> Lease | None:
        stack, now = self._rows[run].record.plan.stack, self._clock.now()
        holder = self._leases.setdefault(stack, _Holder("", 0, now))
        if holder.owner != owner:
            if holder.owner and now < holder.expires_at + timedelta(seconds=self._limits.grace):
                return None
            holder.fence += 1
        holder.owner, holder.expires_at = owner, now + timedelta(seconds=self._limits.lease)
        return Lease(run, owner, holder.fence, holder.expires_at)

    def release(self, lease: Lease) -> None:
        self._fenced(lease).owner = ""

    def intend(self, lease: Lease, intent: Intent) -> None:
        self._fenced(lease)
        row = self._rows[lease.run]
        row.record = with_intent(row.record, intent)
        row.intents.append(WrittenIntent(intent.operation, intent.target, intent.at, closed=False, fence=lease.fence))

    def record(self, lease: Lease, record: DeploymentRecord, lines: tuple[LogLine, ...]) -> None:
        self._fenced(lease)
        row = self._rows[lease.run]
        for run, other in self._rows.items():
            beside = run != lease.run and not {*other.record.plan.claims}.isdisjoint(record.plan.claims)
            if beside and is_live(other.record.state) and is_live(record.state):
                raise StackBusy(run)
        row.record = record
        row.lines.extend(lines)
        if record.pending is None:
            row.intents[row.closed :] = [replace(intent, closed=True) for intent in row.intents[row.closed :]]
            row.closed = len(row.intents)

    def _fenced(self, lease: Lease) -> _Holder:
        holder = self._leases[self._rows[lease.run].record.plan.stack]
        if (holder.owner, holder.fence) != (lease.owner, lease.fence):
            raise LostLease("another worker holds it now")
        return holder
