"""Pushing the config's repository to its remote: again and again until it succeeds, and never over others' commits.

A claim is a time, as with messages: whoever pushes moves the next attempt ahead, so that no database row is held while
the network is slow, and a pusher that dies leaves it to the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from replication.choices import AuditKind
from replication.database_clock import database_now
from replication.models import GitComparison, GitRemoteStatus, OutboxItem
from replication.selectors.git_state import deployed_commits
from replication.services.audit import audit_write
from replication.services.git_place import git_remote, git_repository, signing_key

if TYPE_CHECKING:
    from deploy_engine.adapters.git_remote import GitRemote
    from deploy_engine.adapters.git_repository import GitRepository

log = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=10)
THE_ROW = 1
"""Of what there is one row: a key of its own, so that two workers never make two."""

REPLAYS = 3
"""So often the remote may move while our commits are put on top of it, before the next attempt is left to later."""


def git_push_run() -> bool:
    """Push if there is something to push and the time has come; gives whether the remote now has everything."""
    if not settings.GIT_REMOTE_URL:
        return False
    repository = git_repository()
    head, tags = repository.head, deployed_commits()
    status = _claim(head, tags) if head is not None else None
    if status is None or head is None:
        return False
    try:
        _push(repository, git_remote())
    except Exception as error:
        log.exception("git_push.failed")
        _failed(status, error, repository.count_above(status.commit or None))
        return False
    return True


@transaction.atomic
def _claim(head: str, tags: Mapping[str, str]) -> GitRemoteStatus | None:
    """The row, its next attempt moved ahead; None where the remote has everything, or it is not time."""
    now = database_now()
    status, _ = GitRemoteStatus.objects.select_for_update().get_or_create(pk=THE_ROW, defaults={"next_attempt_at": now})
    if (status.commit == head and status.tags == tags) or status.next_attempt_at > now:
        return None
    status.next_attempt_at = now + CLAIM
    status.save()
    return status


def _push(repository: GitRepository, remote: GitRemote) -> None:
    from deploy_engine.adapters.git_remote import RemoteAhead  # noqa: PLC0415 - dulwich loads only in workers

    for _ in range(REPLAYS):
        head = repository.head
        if head is None:
            return
        tags = deployed_commits()
        repository.tag(tags)
        try:
            remote.push(repository.path, commit=head, tags=tags)
        except RemoteAhead:
            _replay(repository, remote)
            continue
        _succeeded(head, tags, timezone.now())
        return
    raise RemoteMovesOn("the remote moved each time that our commits were put on top of it")


class RemoteMovesOn(Exception):
    """Somebody else writes to the remote's branch all the time."""


def _replay(repository: GitRepository, remote: GitRemote) -> None:
    """Put what the remote has not on top of what it has; the receipts follow their commits."""
    from deploy_engine.adapters.git_replay import replay_onto  # noqa: PLC0415 - dulwich loads only in workers

    theirs = remote.fetch(repository.path)
    if theirs is None:
        return
    with transaction.atomic():
        moved = replay_onto(repository.path, theirs, at=timezone.now(), key=signing_key())
        for item in OutboxItem.objects.filter(receipt__in=moved):
            item.receipt = moved[item.receipt]
            item.save(update_fields=["receipt"])
        comparison, _ = GitComparison.objects.select_for_update().get_or_create(pk=THE_ROW)
        comparison.asked_at = timezone.now()  # what others wrote may not be what is accepted
        comparison.save()
        count = len(moved)
        audit_write(
            actor=None,
            kind=AuditKind.GIT_REPLAYED,
            sentence=(
                f"The remote's branch had commits of others, up to {theirs[:12]}: "
                + (f"{count} of Sluice's {'was' if count == 1 else 'were'} put on top of them." if count else "kept.")
            ),
            data={"onto": theirs, "commits": moved},
        )


@transaction.atomic
def _succeeded(head: str, tags: Mapping[str, str], now: datetime) -> None:
    status = GitRemoteStatus.objects.select_for_update().get()
    status.commit, status.tags, status.pushed_at = head, dict(tags), now
    status.waiting, status.attempts, status.last_error, status.next_attempt_at = 0, 0, "", now
    status.save()


@transaction.atomic
def _failed(claimed: GitRemoteStatus, error: Exception, waiting: int) -> None:
    status = GitRemoteStatus.objects.select_for_update().get(pk=claimed.pk)
    status.attempts += 1
    status.last_error = f"{type(error).__name__}: {error}"[:2000]
    status.waiting = waiting
    status.next_attempt_at = database_now() + min(LONGEST_WAIT, timedelta(seconds=2 ** min(status.attempts, 10)))
    status.save()


@transaction.atomic
def git_push_want(*, main: str) -> None:
    """Push, although nothing is new here, if the remote's `main` is not where it was left: others wrote to it."""
    status = GitRemoteStatus.objects.select_for_update().first()
    if status is not None and status.commit not in ("", main):
        status.commit, status.next_attempt_at = "", database_now()
        status.save()
