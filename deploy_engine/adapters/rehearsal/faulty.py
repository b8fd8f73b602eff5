"""Making a fault strike in a rehearsal: the local AWS is told, or the worker dies, once the fault's step has come."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from deploy_engine.execution.limits import Limits
from deploy_engine.execution.ports import AwsHands, DeploymentRecord, Intent, Journal, Lease, LogLine
from deploy_engine.execution.rehearsed_faults import MENDED_AT, FaultKind, RehearsedFault
from deploy_engine.execution.states import State
from deploy_engine.planning import Plan

CONTROL_SECONDS = 10.0
PATIENCE_SECONDS = 60.0
"""Simulated: how long a rehearsal waits for a task that does not stop. A real deployment waits much longer."""

_BEFORE = frozenset({State.QUEUED, State.PLANNING, State.LOCKED})
_DEADLY = frozenset({"stop_task", "execute_change_set", "start_task"})


class WorkerDied(BaseException):
    """The end of a worker: nothing of it may be caught, as nothing of a killed process runs on."""


@dataclass
class Striking:
    """One fault in one deployment: strikes when its step has come, and is mended where a person would mend it."""

    fault: RehearsedFault
    plan: Plan
    endpoint: str
    struck: bool = False
    mended: bool = False
    died: bool = False

    def saw(self, record: DeploymentRecord) -> None:
        """Look at how the deployment stands after a tick."""
        if not self.struck and record.step == self.fault.step and record.state not in _BEFORE:
            self.struck = True
            for rule in self.fault.rules(self.plan):
                self._control("faults", rule)
        elif self.struck and not self.mended and MENDED_AT.get(self.fault.kind) is record.state:
            self.mended = True
            self._control("faults/clear", {})

    def hands(self, real: AwsHands) -> AwsHands:
        """The hands of a worker that dies in its first call that matters, if that is the fault."""
        deadly = self.fault.kind is FaultKind.WORKER_DIES and self.struck and not self.died
        return cast("AwsHands", _DyingHands(real, self)) if deadly else real

    def _control(self, path: str, body: dict[str, Any]) -> None:
        url = f"{self.endpoint}/_sluice/{path}"
        request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=CONTROL_SECONDS):  # noqa: S310 - the rehearsal's own local AWS
            pass


class _DyingHands:
    """Everything as the real ones do it, but one call is the last."""

    def __init__(self, real: AwsHands, striking: Striking) -> None:
        self._real = real
        self._striking = striking

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._real, name)
        if name not in _DEADLY:
            return call

        def last_call(*arguments: Any, **options: Any) -> None:
            call(*arguments, **options)
            self._striking.died = True
            raise WorkerDied(name)

        return last_call


@dataclass(frozen=True)
class DeadMansJournal:
    """The journal as a worker has it that may die: what it has leased, it can no longer give back then."""

    journal: Journal
    striking: Striking = field(repr=False)

    def now(self) -> datetime:
        return self.journal.now()

    def load(self, run: str) -> DeploymentRecord:
        return self.journal.load(run)

    def acquire(self, run: str, owner: str) -> Lease | None:
        return self.journal.acquire(run, owner)

    def release(self, lease: Lease) -> None:
        if not self.striking.died:
            self.journal.release(lease)

    def intend(self, lease: Lease, intent: Intent) -> None:
        self.journal.intend(lease, intent)

    def record(self, lease: Lease, record: DeploymentRecord, lines: tuple[LogLine, ...]) -> None:
        self.journal.record(lease, record, lines)


def impatient(limits: Limits, fault: RehearsedFault) -> Limits:
    """The limits, shorter where the fault would otherwise be waited out for a quarter of an hour."""
    if fault.kind is not FaultKind.WILL_NOT_STOP:
        return limits
    return replace(limits, stop_deadline=PATIENCE_SECONDS)
