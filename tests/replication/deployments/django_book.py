"""The portal's journal as a book that a change is carried out by, with the audit that grows beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from deploy_engine.execution import DeploymentRecord, Journal
from deploy_engine.execution.invariants import WrittenIntent
from deploy_engine.execution.ports import Lease, LogLine
from deploy_engine.planning import Plan
from replication.choices import JournalKind
from replication.deployments import DjangoJournal
from replication.models import AuditEvent, Deployment
from replication.selectors.audit_proof import audit_prove
from replication.services.deployment_steps import deployment_step_tell
from tests.engine.adapters.carried_out.carrying import LIMITS
from tests.engine.adapters.carried_out.watching import Written
from tests.engine.adapters.carried_out.world import Worlds
from tests.replication.deployments.rows import Rows

NO_REPOSITORY = Path("nowhere")


class _Telling(DjangoJournal):
    """Tells the audit of each step, in the transaction in which its tick is recorded."""

    def record(self, lease: Lease, record: DeploymentRecord, lines: tuple[LogLine, ...]) -> None:
        with transaction.atomic():
            super().record(lease, record, lines)
            deployment_step_tell(Deployment.objects.select_for_update().get(run=lease.run))


class DjangoBook:
    """The portal's tables; what stands in them goes back by savepoints, since the journal itself takes nothing back."""

    def __init__(self, rows: Rows, of: Worlds) -> None:
        self._rows = rows
        self._worlds = of

    def journal(self) -> Journal:
        lease, grace = timedelta(seconds=LIMITS.lease), timedelta(seconds=LIMITS.grace)
        return _Telling(clock=self._worlds.now, lease_for=lease, grace=grace)

    def create(self, plan: Plan) -> str:
        return self._rows.create(plan)

    def written(self, run: str) -> Written:
        entries = Deployment.objects.get(run=run).journal.order_by("sequence")
        events = AuditEvent.objects.order_by("chain", "sequence")
        return {
            "journal": list(
                entries.values_list("sequence", "at", "kind", "phase", "step", "sentence", "detail", "data")
            ),
            "audit": list(events.values_list("chain", "sequence", "hash", "kind", "sentence")),
        }

    def doubts(self) -> Sequence[str]:
        """What is wrong with the audit's chains; there must be one."""
        chains = audit_prove(NO_REPOSITORY).chains
        wrong = [f"I11: {verdict.problem}" for verdict in chains if verdict.problem]
        return wrong if chains else ["I11: nothing was audited"]

    def kept(self) -> str:
        return transaction.savepoint()

    def put_back(self, kept: str) -> None:
        transaction.savepoint_rollback(kept)

    def intents(self, run: str) -> Sequence[WrittenIntent]:
        deployment = Deployment.objects.get(run=run)
        pending = (deployment.record.get("pending") or {}).get("number")
        entries = deployment.journal.filter(kind=JournalKind.INTENT)
        written = []
        for entry in entries:
            operation, _, target = entry.sentence.partition(" ")
            written.append(WrittenIntent(operation, target, entry.at, closed=entry.data["number"] != pending))
        return written
