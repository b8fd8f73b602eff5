"""Proving the audit: every chain read from the database, and held against the anchors in a repository's commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from deploy_engine.diffing import changed_places
from replication.audit_chain import (
    ANCHOR_TRAILER,
    Anchor,
    ChainRow,
    ChainVerdict,
    anchor_from_trailer,
    chain_verify,
)
from replication.documents import document_hash
from replication.models import AuditEvent, Revision
from replication.models.append_only import guards_missing


@dataclass(frozen=True)
class Proof:
    """What verifying found: how each chain stands, and what else speaks against the record, in sentences."""

    chains: tuple[ChainVerdict, ...]
    anchors: int
    others: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is wrong; empty where the record is proven."""
        return (*(verdict.problem for verdict in self.chains if verdict.problem), *self.others)


def audit_prove(repository: Path | None = None) -> Proof:
    """Read everything once, in constant memory. `repository`: where the anchors are; else Sluice's own."""
    anchors = anchors_in(repository or Path(settings.GIT_REPOSITORY_PATH))
    known = AuditEvent.objects.order_by("chain").values_list("chain", flat=True).distinct()
    names = sorted({*known, *(anchor.chain for anchor in anchors)})
    verdicts = tuple(chain_verify(name, chain_rows(name), anchors) for name in names)
    others = [f"The guard {name} is missing in the database: run `manage.py migrate`." for name in _missing()]
    return Proof(verdicts, len(anchors), (*others, *_rewritten_revisions()))


def anchors_in(repository: Path) -> list[Anchor]:
    """The anchors in the trailers of every commit of the repository's branch; none where there is no repository."""
    from deploy_engine.adapters.git_repository import GitRepository  # noqa: PLC0415 - dulwich loads only where needed

    if not (repository / "HEAD").exists():
        return []
    found = []
    for commit in GitRepository(repository).log(limit=None):
        for line in commit.message.rsplit("\n\n", 1)[-1].splitlines():
            key, _, value = line.partition(": ")
            anchor = anchor_from_trailer(value, f"commit {commit.sha[:12]}") if key == ANCHOR_TRAILER else None
            if anchor is not None:
                found.append(anchor)
    return found


def chain_rows(chain: str) -> Iterator[ChainRow]:
    """The rows of one chain in the order of their sequence, as the database has them; read in pieces."""
    for event in AuditEvent.objects.filter(chain=chain).order_by("sequence", "id").iterator():
        yield ChainRow(event.chain, event.sequence, event.hash, event.chained_values)


def _missing() -> list[str]:
    return guards_missing(connection)


def _rewritten_revisions() -> Iterator[str]:
    """Revisions whose document is not the one whose hash they were accepted, and audited, with.

    And those that do not say of themselves what their documents say: who is behind a line is read from that.
    """
    merged = AuditEvent.objects.filter(kind="change_request.merged").values_list("change_request_id", "data")
    audited = {number: data.get("document_hash") for number, data in merged.iterator()}
    before: Revision | None = None
    rows = Revision.objects.select_related("environment", "team").order_by("environment", "team", "number")
    for revision in rows.defer("ledger").iterator(chunk_size=100):
        if before is not None and (before.environment_id, before.team_id) != (
            revision.environment_id,
            revision.team_id,
        ):
            before = None
        wanted = audited.get(revision.change_request_id or 0) or revision.document_hash
        if not document_hash(revision.document) == revision.document_hash == wanted:
            yield f"The document of {revision} is not the one that was accepted."
        elif revision.changed != (changed_places(before.document, revision.document) if before is not None else None):
            yield f"What {revision} says that it changed is not what its documents say."
        before = revision
