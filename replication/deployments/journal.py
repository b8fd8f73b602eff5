"""The journal of deployments in Django's database: the adapter of the engine's `Journal` protocol.

Every write happens in one transaction with a look at the lease's fence: a worker that was overtaken writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max

from deploy_engine.errors import LostLease
from deploy_engine.execution.ports import DeploymentRecord, Intent, Lease, LogLine, StackBusy
from deploy_engine.execution.record_json import with_intent
from deploy_engine.execution.states import is_live
from deploy_engine.planning import plan_to_record
from replication.choices import LIVE_DEPLOYMENT_STATES, DeploymentState, JournalKind
from replication.database_clock import database_now
from replication.deployments.lease import GRACE, LEASE, lease_take
from replication.deployments.record import ENGINE_COLUMNS, record_apply, record_of
from replication.models import Deployment, JournalEntry, StackClaim, StackLease


@dataclass(frozen=True)
class DjangoJournal:
    """Deployments by their `run`; one lease per stack, since a stack has one live deployment at most."""

    clock: Callable[[], datetime] = database_now
    lease_for: timedelta = LEASE
    grace: timedelta = GRACE

    def now(self) -> datetime:
        """The database's time."""
        return self.clock()

    def load(self, run: str) -> DeploymentRecord:
        """What is remembered of a run."""
        return record_of(Deployment.objects.get(run=run))

    def acquire(self, run: str, owner: str) -> Lease | None:
        """Take or renew the lease of the run's stack by one compare-and-swap; None while another holds it."""
        stack = Deployment.objects.values_list("stack", flat=True).get(run=run)
        taken = lease_take(stack, owner, clock=self.clock, lease_for=self.lease_for, grace=self.grace)
        if taken is None:
            return None
        fence, expires_at = taken
        return Lease(run=run, owner=owner, fence=fence, expires_at=expires_at)

    def release(self, lease: Lease) -> None:
        """Give the lease back; `LostLease` where it is somebody else's by now."""
        stack = Deployment.objects.values_list("stack", flat=True).get(run=lease.run)
        mine = StackLease.objects.filter(stack=stack, owner=lease.owner, fence=lease.fence)
        if not mine.update(owner="", expires_at=None):
            raise LostLease(f"another worker has taken {stack} over")

    def intend(self, lease: Lease, intent: Intent) -> None:
        """Write the intent down before its call is made."""
        with transaction.atomic():
            row = self._locked(lease)
            record_apply(row, with_intent(record_of(row), intent))
            row.save(update_fields=ENGINE_COLUMNS)
            self._append(
                row,
                JournalEntry(
                    at=intent.at,
                    kind=JournalKind.INTENT,
                    phase=row.phase,
                    step=intent.step,
                    sentence=f"{intent.operation} {intent.target}",
                    data={"number": intent.number, "token": intent.token},
                ),
            )

    def record(self, lease: Lease, record: DeploymentRecord, lines: tuple[LogLine, ...]) -> None:
        """Write down how the tick ended, and its story; `StackBusy` where another deployment is live on the stack."""
        with transaction.atomic():
            row = self._locked(lease)
            record_apply(row, record)
            row.attempts = 0
            if row.state != DeploymentState.QUEUED and row.started_at is None:
                row.started_at = self.now()
            if row.is_finished and row.finished_at is None:
                row.finished_at = self.now()
            self._claim(row, record)
            self._save(row, record)
            for line in lines:
                self._append(
                    row,
                    JournalEntry(
                        at=line.at,
                        kind=JournalKind(line.level) if line.level in JournalKind.values else JournalKind.INFO,
                        phase=line.state.value,
                        step=line.step,
                        sentence=line.message,
                        detail=line.detail,
                    ),
                )

    def _locked(self, lease: Lease) -> Deployment:
        """The row, locked, if the lease is still the newest; else `LostLease`."""
        row = Deployment.objects.select_for_update().get(run=lease.run)
        held = StackLease.objects.select_for_update().filter(stack=row.stack, owner=lease.owner, fence=lease.fence)
        if not held.exists():
            raise LostLease(f"another worker has taken {row.stack} over")
        return row

    def _claim(self, row: Deployment, record: DeploymentRecord) -> None:
        """Hold every stack of a live deployment's plan, taken in order of name, or none; let go once it is over.

        That a stack has one holder is the primary key's to say, whatever two workers saw before.
        """
        if not is_live(record.state):
            row.claims.all().delete()
            return
        held = set(row.claims.values_list("stack", flat=True))
        for stack in record.plan.claims:
            if stack not in held:
                try:
                    with transaction.atomic():
                        StackClaim.objects.create(stack=stack, deployment=row)
                except IntegrityError as error:
                    held_by = StackClaim.objects.filter(stack=stack).values_list("deployment__run", flat=True)
                    raise StackBusy(held_by.first() or "another") from error

    def _save(self, row: Deployment, record: DeploymentRecord) -> None:
        plan = plan_to_record(record.plan)
        columns = ENGINE_COLUMNS if plan == row.plan else (*ENGINE_COLUMNS, "plan")
        row.plan = plan
        try:
            with transaction.atomic():
                row.save(update_fields=columns)
        except IntegrityError as error:
            holder = Deployment.objects.exclude(pk=row.pk).get(stack=row.stack, state__in=LIVE_DEPLOYMENT_STATES)
            raise StackBusy(holder.run) from error

    def _append(self, row: Deployment, entry: JournalEntry) -> None:
        last = row.journal.aggregate(last=Max("sequence"))["last"] or 0
        entry.deployment = row
        entry.sequence = last + 1
        entry.save()
