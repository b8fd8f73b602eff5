"""Delivering the outbox to git: in order, each item until it succeeds."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F

from replication.audit_chain import Anchor
from replication.choices import AuditKind, OutboxKind, OutboxState
from replication.database_clock import database_now
from replication.models import AuditChain, OutboxItem
from replication.services.audit import audit_write
from replication.services.committing import SLUICE_EMAIL, anchor_commit
from replication.services.git_place import git_repository, signing_key

log = structlog.get_logger(__name__)

LONGEST_WAIT = timedelta(minutes=10)
ANCHOR_EVERY = timedelta(days=1)
COMMITTER = ("Sluice", SLUICE_EMAIL)


def git_export_run() -> int:
    """Deliver what waits, oldest first, until one fails: no overtaking. Gives how many items went out."""
    _anchor_if_due()
    delivered = 0
    while _deliver_next():
        delivered += 1
    return delivered


@transaction.atomic
def _deliver_next() -> bool:
    """One item, its row locked meanwhile: of two workers the later one finds it delivered."""
    item = OutboxItem.objects.select_for_update().filter(state=OutboxState.PENDING).order_by("id").first()
    if item is None or item.next_attempt_at > database_now():
        return False
    chains = list(AuditChain.objects.filter(sequence__gt=0))
    try:
        item.receipt = _commit(item, [Anchor(chain.name, chain.sequence, chain.hash) for chain in chains])
    except Exception as error:
        log.exception("git_export.failed", item=item.pk)
        item.attempts += 1
        item.last_error = f"{type(error).__name__}: {error}"
        item.next_attempt_at = database_now() + min(LONGEST_WAIT, timedelta(seconds=2 ** min(item.attempts, 10)))
        item.save()
        return False
    item.state = OutboxState.DONE
    item.attempts += 1
    item.last_error = ""
    item.done_at = database_now()
    item.save()
    _anchored(chains)
    if item.kind == OutboxKind.GIT_COMMIT:  # an anchor that wrote an event would ask for the next anchor
        _tell(item)
    return True


def _anchor_if_due() -> None:
    """Where nothing was committed for a day although something was audited, an empty commit carries the anchors."""
    late = database_now() - ANCHOR_EVERY
    open_ends = AuditChain.objects.filter(sequence__gt=F("anchored_sequence"))
    due = [chain for chain in open_ends if chain.anchored_at is None or chain.anchored_at <= late]
    if due and not OutboxItem.objects.filter(state=OutboxState.PENDING).exists():
        anchor_commit()


def _anchored(chains: list[AuditChain]) -> None:
    """Remember what the commit covers. Of the rows only these two columns: the ends may have moved on meanwhile."""
    now = database_now()
    for chain in chains:
        chain.anchored_sequence, chain.anchored_at = chain.sequence, now
        chain.save(update_fields=["anchored_sequence", "anchored_at"])


def _commit(item: OutboxItem, anchors: list[Anchor]) -> str:
    name, email = item.payload["author"]
    return git_repository().commit(
        item.payload["files"],
        author=(name, email),
        committer=COMMITTER,
        message=item.payload["message"],
        trailers=[*((key, value) for key, value in item.payload["trailers"]), *(each.trailer for each in anchors)],
        at=datetime.fromisoformat(item.payload["at"]),
        even_if_empty=item.kind == OutboxKind.GIT_ANCHOR,
        key=signing_key(),
    )


def _tell(item: OutboxItem) -> None:
    revision = item.revision
    audit_write(
        actor=None,
        kind=AuditKind.GIT_COMMITTED,
        environment=revision.environment if revision is not None else None,
        team=revision.team if revision is not None else None,
        change_request=revision.change_request if revision is not None else None,
        subject=revision or item,
        sentence=f"{revision or 'The imported company'} is in git as {item.receipt[:12]}.",
        data={"commit": item.receipt},
    )
