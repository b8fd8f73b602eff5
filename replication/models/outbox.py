"""The outbox: what has to leave the database, written in the same transaction as what it tells of."""

from __future__ import annotations

from django.db import models

from replication.choices import OutboxKind, OutboxState
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
