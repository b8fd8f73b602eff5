"""The outbox: what has to leave the database, written in the same transaction as what it tells of."""

from __future__ import annotations

from django.db import models

from replication.choices import OutboxKind, OutboxState
from replication.models.base import actor_key
from replication.models.revision import Revision


class OutboxItem(models.Model):
    """One delivery. Items go out in the order of their keys, each until it succeeds: none is lost, none overtakes."""

    kind = models.CharField(max_length=12, choices=OutboxKind.choices)
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="outbox_items")
    payload = models.JSONField(help_text="what to deliver; for git: files, author, message, trailers")
    state = models.CharField(max_length=8, choices=OutboxState.choices, default=OutboxState.PENDING, db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    receipt = models.CharField(max_length=64, blank=True, default="", help_text="for git: the commit")
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"


class GitRemoteStatus(models.Model):
    """How the remote of the config's repository stands: the one row says what was pushed last, and what went wrong."""

    commit = models.CharField(max_length=64, blank=True, default="", help_text="where the remote's branch is")
    tags = models.JSONField(default=dict, blank=True, help_text="tag to commit, as pushed")
    pushed_at = models.DateTimeField(null=True, blank=True)
    waiting = models.PositiveIntegerField(default=0, help_text="commits that the remote has not")
    attempts = models.PositiveIntegerField(default=0, help_text="in a row without success")
    last_error = models.TextField(blank=True, default="")
    next_attempt_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "git remote statuses"

    def __str__(self) -> str:
        return f"remote at {self.commit[:12] or 'nothing'}, {self.waiting} waiting"


class GitComparison(models.Model):
    """The one row that says how git's config files stood beside what is accepted, and what was asked about it."""

    head = models.CharField(max_length=64, blank=True, default="", help_text="the commit that was read")
    compared_at = models.DateTimeField(null=True, blank=True)
    files = models.JSONField(default=list, blank=True, help_text="files that differ: path, in_git, accepted; the first")
    count = models.PositiveIntegerField(default=0, help_text="all that differ")
    waiting = models.PositiveIntegerField(default=0, help_text="commits that waited then: they may explain it")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="somebody wants it compared again")
    repair_asked_at = models.DateTimeField(null=True, blank=True)
    repair_asked_by = actor_key("git_repairs")
    said = models.TextField(blank=True, default="", help_text="what came of the last repair that was asked for")

    def __str__(self) -> str:
        return f"{self.count} files differ at {self.head[:12] or 'nothing'}"
