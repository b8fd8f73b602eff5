"""Rows of deployments as the services make them, for tests of the journal that continues them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from deploy_engine.execution import DeploymentRecord, State, Why
from deploy_engine.execution.ports import LogLine
from deploy_engine.planning import Plan, plan_to_record
from replication.choices import JournalKind
from replication.deployments import record_apply
from replication.models import Deployment, Revision
from tests.replication.factories import EnvironmentFactory


class Clock(Protocol):
    """Whatever tells a time."""

    def now(self) -> datetime: ...


class Rows:
    """Makes deployments' rows as the services do, and reads their story."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        now = clock.now()
        self.revision = Revision.objects.create(
            environment=EnvironmentFactory(), number=1, document={}, document_hash="", title="first", created_at=now
        )

    def create(self, plan: Plan) -> str:
        now = self.clock.now()
        run = f"run{Deployment.objects.count() + 1}"
        row = Deployment(
            run=run,
            stack=plan.stack,
            environment=self.revision.environment,
            revision=self.revision,
            created_at=now,
            plan=plan_to_record(plan),
        )
        record_apply(row, DeploymentRecord(run, plan, State.QUEUED, 0, Why.GO, now, now))
        row.save()
        return run

    def request_cancel(self, run: str) -> None:
        Deployment.objects.filter(run=run).update(cancel_requested_at=self.clock.now())

    def request_rollback(self, run: str) -> None:
        Deployment.objects.filter(run=run).update(rollback_requested_at=self.clock.now())

    def lines(self, run: str) -> tuple[LogLine, ...]:
        rows = Deployment.objects.get(run=run).journal.exclude(kind=JournalKind.INTENT)
        return tuple(
            LogLine(row.at, State(row.phase), row.step, row.sentence, detail=row.detail, level=row.kind) for row in rows
        )
