"""Looking at the remote for branches on which changes are proposed: what moved is read, what is gone is named.

Nothing is ever written to the remote here. As with pushing, a claim is a time and no lock: no row is held while the
network is slow, and a reader that dies leaves the next look to another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import transaction

from deploy_engine.config.proposals import ProposalReading, read_proposal
from deploy_engine.findings import Finding, Status
from replication.choices import AuditKind
from replication.database_clock import database_now
from replication.models import ProposalBranch, ProposalLook
from replication.policies import can_have_branches_read, require
from replication.services.audit import audit_write
from replication.services.enqueue import enqueue_after_commit
from replication.services.git_place import git_remote, git_repository
from replication.services.git_push import git_push_want
from replication.services.proposal_putting import BranchHead
from replication.services.proposal_taking import proposal_take
from replication.services.proposal_writers import Claimed
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from deploy_engine.adapters.git_proposals import Branches

log = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=2)
LOOK_EVERY = timedelta(seconds=20)
LONGEST_WAIT = timedelta(minutes=10)
THE_ROW = 1
READ_AT_ONCE = 10
"""So many branches are read in one look; the others in the next."""


def proposals_run() -> int:
    """Look if the time has come; gives how many branches were read."""
    from deploy_engine.adapters.git_proposals import (  # noqa: PLC0415 - dulwich loads only in workers
        UnreadableBranch,
        proposal_branches,
    )
    from deploy_engine.adapters.git_remote import RemoteTrouble  # noqa: PLC0415 - the same

    if not settings.GIT_REMOTE_URL or not (Path(settings.GIT_REPOSITORY_PATH) / "HEAD").exists():
        return 0
    if git_repository().head is None or not _claim():
        return 0
    read = 0
    try:
        found = proposal_branches(git_remote())
        for name, commit in _moved(found):
            _read(name, commit, found.main)
            read += 1
        _gone(found)
        if found.main is not None:
            git_push_want(main=found.main)
        _looked(found.misnamed)
    except (RemoteTrouble, UnreadableBranch) as error:
        log.warning("proposals.not_looked", error=str(error))
        _failed(str(error))
    return read


@service
def proposal_branch_read_again(*, actor: User, branch: ProposalBranch) -> None:
    """Have a branch read once more although it has not moved: what it rests on may have."""
    require(can_have_branches_read(actor))
    branch.read_again = True
    branch.save(update_fields=["read_again"])
    look = ProposalLook.objects.select_for_update().first()
    if look is not None:
        look.next_look_at = min(look.next_look_at, database_now())
        look.save(update_fields=["next_look_at"])
    enqueue_after_commit("replication.export_git")


@transaction.atomic
def _claim() -> bool:
    now = database_now()
    look, _ = ProposalLook.objects.select_for_update().get_or_create(pk=THE_ROW, defaults={"next_look_at": now})
    if look.next_look_at > now:
        return False
    look.next_look_at = now + CLAIM
    look.save()
    return True


def _moved(found: Branches) -> Iterator[tuple[str, str]]:
    """Branches that are not where they were read last, or that are to be read again."""
    known = {row.name: row for row in ProposalBranch.objects.order_by("id")}  # of one name, the newest stays
    left = READ_AT_ONCE
    for name, commit in found.proposals.items():
        row = known.get(name)
        if left and (row is None or row.commit != commit or row.read_again or row.gone_at is not None):
            left -= 1
            yield name, commit


def _read(name: str, commit: str, main: str | None) -> None:
    """Whatever a branch holds, the others are read too: what cannot be read says so on the page."""
    from deploy_engine.adapters.git_proposals import (  # noqa: PLC0415 - dulwich loads only in workers
        UnreadableBranch,
        branch_opened,
    )
    from deploy_engine.adapters.git_remote import RemoteTrouble  # noqa: PLC0415 - the same

    head = BranchHead(name, commit, Claimed("", ""))
    try:
        with branch_opened(git_remote(), git_repository().path, commit=commit, main=main) as branch:
            head = BranchHead(
                name=name,
                commit=commit,
                author=Claimed(branch.author.name, branch.author.email),
                authors=tuple(Claimed(each.name, each.email) for each in branch.authors),
                committers=tuple(Claimed(each.name, each.email) for each in branch.committers),
                message=branch.message,
            )
            reading = read_proposal(branch.changes(), branch.before, branch.after)
    except RemoteTrouble:
        raise
    except UnreadableBranch as error:
        reading = _unreadable(str(error))
    except Exception as error:
        log.exception("proposals.not_read", branch=name)
        reading = _unreadable(f"it could not be read: {type(error).__name__}")
    proposal_take(head=head, reading=reading)


def _unreadable(message: str) -> ProposalReading:
    return ProposalReading((), (Finding("config.schema", Status.FAILED, message),))


@transaction.atomic
def _gone(found: Branches) -> None:
    for branch in ProposalBranch.objects.select_for_update().filter(gone_at=None):
        if branch.name in found.proposals:
            continue
        branch.gone_at = database_now()
        branch.save()
        numbers = ", ".join(f"#{number}" for number in branch.scopes.values_list("change_request_id", flat=True))
        stays = f"; {numbers} stays as it is" if numbers else ""
        audit_write(
            actor=None,
            kind=AuditKind.PROPOSAL_GONE,
            subject=branch,
            sentence=f"{branch.name} was deleted from the remote{stays}.",
            data={"branch": branch.name, "commit": branch.commit},
        )


@transaction.atomic
def _looked(misnamed: tuple[str, ...]) -> None:
    look = ProposalLook.objects.select_for_update().get()
    now = database_now()
    look.looked_at, look.misnamed, look.next_look_at = now, list(misnamed[:20]), now + LOOK_EVERY
    look.attempts, look.last_error = 0, ""
    look.save()


@transaction.atomic
def _failed(words: str) -> None:
    look = ProposalLook.objects.select_for_update().get()
    look.attempts += 1
    look.last_error = words[:2000]
    wait = max(LOOK_EVERY, timedelta(seconds=2 ** min(look.attempts, 10)))
    look.next_look_at = database_now() + min(LONGEST_WAIT, wait)
    look.save()
