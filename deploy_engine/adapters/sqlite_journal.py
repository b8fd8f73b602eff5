"""The journal in a local SQLite file: what the command line's deployments are remembered in.

Every write is one ``BEGIN IMMEDIATE`` transaction that first looks whether the lease's fence still stands; one live
deployment per stack is kept by the claims: a row for each stack that a live deployment holds. The clock is this
machine's, for the file is this machine's.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy_engine.adapters.clock import system_now
from deploy_engine.errors import LostLease
from deploy_engine.execution.hurrying import hurried
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.ports import DeploymentRecord, Intent, Lease, LogLine, StackBusy
from deploy_engine.execution.record_json import record_from_json, record_to_json, with_intent
from deploy_engine.execution.states import TERMINAL, State, Why, is_live
from deploy_engine.planning import Plan, plan_from_record, plan_to_record

_SCHEMA = """
create table if not exists deployments (
    run text primary key, number integer not null, stack text not null, live integer not null, ended integer not null,
    plan text not null, record text not null, cancel_requested integer not null default 0,
    rollback_requested_at text not null default ''
);
create table if not exists claims (stack text primary key, run text not null);
create table if not exists leases (
    stack text primary key, owner text not null, fence integer not null, expires_at real not null
);
create table if not exists intents (
    run text not null, number integer not null, operation text not null, target text not null, token text not null,
    step integer not null, at text not null, fence integer not null, closed_at text not null default '',
    primary key (run, number)
);
create table if not exists lines (
    run text not null, number integer not null, at text not null, state text not null, step integer not null,
    message text not null, detail text not null, level text not null, primary key (run, number)
);
"""
_ROLLBACK_COLUMN = "alter table deployments add column rollback_requested_at text not null default ''"
"""For files that were begun before there was one."""


class SqliteJournal:
    """Implements ``deploy_engine.execution.ports.Journal``. A context manager; one connection, for one thread."""

    def __init__(
        self,
        path: Path | str,
        *,
        limits: Limits = Limits(),  # noqa: B008 immutable
        clock: Callable[[], datetime] = system_now,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._plans: dict[str, tuple[str, Plan]] = {}
        self._connection = sqlite3.connect(path, timeout=limits.call_budget, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(_SCHEMA)
        known = {row["name"] for row in self._connection.execute("pragma table_info(deployments)")}
        if "rollback_requested_at" not in known:
            self._connection.execute(_ROLLBACK_COLUMN)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What the command line asks.

    def create(self, plan: Plan) -> str:
        """Remember a new deployment, queued; returns its run, unique also among the journals of other machines."""
        run, now = f"cli-{secrets.token_hex(4)}", self._clock()
        record = DeploymentRecord(run, plan, State.QUEUED, 0, Why.GO, now, now)
        values = (run, plan.stack, json.dumps(plan_to_record(plan)), json.dumps(record_to_json(record)))
        with self._transaction():
            self._connection.execute(
                "insert into deployments (run, number, stack, live, ended, plan, record) "
                "select ?, coalesce(max(number), 0) + 1, ?, 0, 0, ?, ? from deployments",
                values,
            )
        return run

    def unfinished(self, stack: str) -> str | None:
        """The run to be continued on a stack: the oldest that has not ended."""
        query = "select run from deployments where stack = ? and ended = 0 order by number"
        row = self._connection.execute(query, (stack,)).fetchone()
        return None if row is None else str(row["run"])

    def holder(self, stack: str) -> str | None:
        """The live deployment that holds a stack, its own or one of the base stack."""
        row = self._connection.execute("select run from claims where stack = ?", (stack,)).fetchone()
        return None if row is None else str(row["run"])

    def request_cancel(self, run: str) -> None:
        """Ask for the deployment to be given up; it obeys where that is safe."""
        with self._transaction():
            self._connection.execute("update deployments set cancel_requested = 1 where run = ?", (run,))

    def request_rollback(self, run: str) -> None:
        """Ask that CloudFormation goes on with a rollback that failed; each asking is one try."""
        with self._transaction():
            moment = self._clock().isoformat()
            self._connection.execute("update deployments set rollback_requested_at = ? where run = ?", (moment, run))

    def hurry(self, run: str) -> None:
        """Let one that is half done or stuck try again at once."""
        with self._transaction():
            self._save(hurried(self.load(run), self._clock()))

    def lines(self, run: str, after: int = 0) -> tuple[LogLine, ...]:
        """The deployment's story so far, without its first ``after`` lines."""
        rows = self._connection.execute(
            "select * from lines where run = ? and number > ? order by number", (run, after)
        )
        return tuple(
            LogLine(
                datetime.fromisoformat(row["at"]),
                State(row["state"]),
                row["step"],
                row["message"],
                row["detail"],
                row["level"],
            )
            for row in rows
        )

    # The port.

    def now(self) -> datetime:
        return self._clock()

    def load(self, run: str) -> DeploymentRecord:
        row = self._connection.execute(
            "select plan, record, cancel_requested, rollback_requested_at from deployments where run = ?", (run,)
        ).fetchone()
        if row is None:
            raise LookupError(f"there is no deployment {run}")
        record = record_from_json(json.loads(row["record"]), self._plan(run, row["plan"]))
        asked = row["rollback_requested_at"]
        return replace(
            record,
            cancel_requested=bool(row["cancel_requested"]),
            rollback_requested_at=datetime.fromisoformat(asked) if asked else None,
        )

    def acquire(self, run: str, owner: str) -> Lease | None:
        with self._transaction():
            stack, now = self._stack(run), self._clock()
            row = self._connection.execute("select * from leases where stack = ?", (stack,)).fetchone()
            fence = 0 if row is None else int(row["fence"])
            if row is None or row["owner"] != owner:
                if row is not None and row["owner"] and now.timestamp() < row["expires_at"] + self._limits.grace:
                    return None
                fence += 1
            expires = now + timedelta(seconds=self._limits.lease)
            self._connection.execute(
                "insert into leases values (?, ?, ?, ?) on conflict (stack) do update set "
                "owner = excluded.owner, fence = excluded.fence, expires_at = excluded.expires_at",
                (stack, owner, fence, expires.timestamp()),
            )
        return Lease(run, owner, fence, expires)

    def release(self, lease: Lease) -> None:
        with self._fenced(lease) as stack:
            self._connection.execute("update leases set owner = '' where stack = ?", (stack,))

    def intend(self, lease: Lease, intent: Intent) -> None:
        with self._fenced(lease):
            self._save(with_intent(self.load(lease.run), intent))
            self._connection.execute(
                "insert into intents (run, number, operation, target, token, step, at, fence) "
                "values (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    lease.run,
                    intent.number,
                    intent.operation,
                    intent.target,
                    intent.token,
                    intent.step,
                    intent.at.isoformat(),
                    lease.fence,
                ),
            )

    def record(self, lease: Lease, record: DeploymentRecord, lines: tuple[LogLine, ...]) -> None:
        with self._fenced(lease):
            self._claim(record)
            self._save(record)
            if record.pending is None:
                self._connection.execute(
                    "update intents set closed_at = ? where run = ? and closed_at = ''",
                    (self._clock().astimezone(UTC).isoformat(), lease.run),
                )
            for line in lines:
                self._connection.execute(
                    "insert into lines "
                    "select ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ? from lines where run = ?",
                    (
                        lease.run,
                        line.at.isoformat(),
                        line.state,
                        line.step,
                        line.message,
                        line.detail,
                        line.level,
                        lease.run,
                    ),
                )

    def _plan(self, run: str, text: str) -> Plan:
        """A plan may be a megabyte: it is parsed once, as long as its text stays the same."""
        known = self._plans.get(run)
        if known is None or known[0] != text:
            known = self._plans[run] = (text, plan_from_record(json.loads(text)))
        return known[1]

    def _save(self, record: DeploymentRecord) -> None:
        ended = record.state in TERMINAL
        values = (is_live(record.state), ended, json.dumps(record_to_json(record)), record.run)
        self._connection.execute("update deployments set live = ?, ended = ?, record = ? where run = ?", values)
        known = self._plans.get(record.run)
        if known is None or known[1] != record.plan:
            text = json.dumps(plan_to_record(record.plan))
            self._connection.execute("update deployments set plan = ? where run = ?", (text, record.run))

    def _stack(self, run: str) -> str:
        row = self._connection.execute("select stack from deployments where run = ?", (run,)).fetchone()
        if row is None:
            raise LookupError(f"there is no deployment {run}")
        return str(row["stack"])

    def _claim(self, record: DeploymentRecord) -> None:
        """Hold every stack of a live deployment's plan, in order of name, or none; let go of them once it is over."""
        if not is_live(record.state):
            self._connection.execute("delete from claims where run = ?", (record.run,))
            return
        for stack in record.plan.claims:
            holder = self.holder(stack)
            if holder is not None and holder != record.run:
                raise StackBusy(holder)
            if holder is None:
                self._connection.execute("insert into claims values (?, ?)", (stack, record.run))

    @contextmanager
    def _fenced(self, lease: Lease) -> Iterator[str]:
        """A transaction under the lease's fence; yields the stack's name."""
        with self._transaction():
            stack = self._stack(lease.run)
            row = self._connection.execute("select owner, fence from leases where stack = ?", (stack,)).fetchone()
            if row is None or row["fence"] != lease.fence or row["owner"] != lease.owner:
                raise LostLease(f"another worker holds {stack} now")
            yield stack

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")
