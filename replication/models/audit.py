"""The audit: who did what, when, to what, in one sentence and in data. Append-only."""

from __future__ import annotations

from typing import Any

from django.db import models

from replication.choices import AuditKind
from replication.models.base import actor_key
from replication.models.change_request import ChangeRequest
from replication.models.deployment import Deployment
from replication.models.environment import Environment
from replication.models.team import Team


class AuditEvent(models.Model):
    """One act, written by the service that did it, in the same transaction. Nothing changes or removes it."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=40, choices=AuditKind.choices)
    actor = actor_key("audit_events")
    actor_name = models.CharField(max_length=150, help_text="as text: it outlives the account")
    environment = models.ForeignKey(Environment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    change_request = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="audit_events"
    )
    deployment = models.ForeignKey(
        Deployment, null=True, blank=True, on_delete=models.PROTECT, related_name="audit_events"
    )
    object_type = models.CharField(max_length=40, blank=True, default="")
    object_id = models.CharField(max_length=160, blank=True, default="")
    sentence = models.CharField(max_length=1000)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["team", "-at", "-id"], name="audit_by_team"),
            models.Index(fields=["environment", "-at", "-id"], name="audit_by_environment"),
            models.Index(fields=["kind", "-at", "-id"], name="audit_by_kind"),
            models.Index(fields=["actor_name", "-at", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return self.sentence

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; a second save is a defect."""
        if not self._state.adding:
            raise TypeError("an audit event never changes")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """There is no such act."""
        raise TypeError("an audit event is never deleted")
