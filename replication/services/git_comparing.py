"""Comparing git with the database, and repairing it: pages ask, a worker reads and keeps what it found."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from replication.database_clock import database_now
from replication.errors import Refused
from replication.models import GitComparison
from replication.policies import can_manage_platform, can_verify_git, require
from replication.selectors.git_difference import GitDifference, git_difference
from replication.services.enqueue import enqueue_after_commit
from replication.services.git_export import git_export_run
from replication.services.git_repair import git_repair
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

COMPARE_EVERY = timedelta(hours=1)
LOST_AFTER = timedelta(minutes=5)
"""A comparison takes seconds for the largest company; one that took longer was killed."""
THE_ROW = 1
MOST_FILES = 100
MOST_CHARACTERS = 60_000
"""Of one file, for the page; what is longer is named only."""


@service
def git_comparison_ask(*, actor: User) -> None:
    """Have git compared with the database soon."""
    require(can_verify_git(actor))
    row = comparison_locked()
    row.asked_at = timezone.now()
    row.save()
    enqueue_after_commit("replication.export_git")


@service
def git_repair_ask(*, actor: User) -> None:
    """Have the database's word written to git: a worker does it, and compares again."""
    require(can_manage_platform(actor))
    row = comparison_locked()
    row.repair_asked_at, row.repair_asked_by = timezone.now(), actor
    row.save()
    enqueue_after_commit("replication.export_git")


def git_compare_run() -> bool:
    """Repair where somebody asked for it, and compare where it is time; gives whether it was."""
    asked = GitComparison.objects.first()
    if asked is not None and asked.repair_asked_at is not None:
        _repair(asked)
    if not _claim():
        return False
    _keep(git_difference())
    return True


def _repair(asked: GitComparison) -> None:
    said = ""
    try:
        git_repair(actor=asked.repair_asked_by)
    except Refused as refusal:
        said = refusal.sentence
    with transaction.atomic():
        row = comparison_locked()
        row.repair_asked_at, row.repair_asked_by, row.said, row.asked_at = None, None, said, timezone.now()
        row.save()
    git_export_run()


def comparison_locked() -> GitComparison:
    return GitComparison.objects.select_for_update().get_or_create(pk=THE_ROW)[0]


@transaction.atomic
def _claim() -> bool:
    """Whether it is due; whoever claims it moves the next time ahead."""
    if not (Path(settings.GIT_REPOSITORY_PATH) / "HEAD").exists():
        return False
    row, now = comparison_locked(), database_now()
    if row.asked_at is None and not _older(row.compared_at, now - COMPARE_EVERY):
        return False
    row.asked_at = None
    row.compared_at = now - COMPARE_EVERY + LOST_AFTER
    row.save()
    return True


def _older(at: datetime | None, moment: datetime) -> bool:
    return at is None or at <= moment


@transaction.atomic
def _keep(difference: GitDifference) -> None:
    row = comparison_locked()
    row.head, row.compared_at = difference.head, database_now()
    row.count, row.waiting = len(difference.files), difference.waiting
    row.files = [
        {"path": each.path, "in_git": each.in_git, "accepted": each.accepted}
        if len(each.in_git) + len(each.accepted) <= MOST_CHARACTERS
        else {"path": each.path}
        for each in difference.files[:MOST_FILES]
    ]
    row.save()
