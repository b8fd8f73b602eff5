"""The audit: who did what, when, to what, in one sentence and in data. Append-only."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import StrIndex, Substr

from replication.audit_chain import GENESIS
from replication.choices import audit_kinds
from replication.models.base import actor_key
from replication.models.change_request import ChangeRequest
from replication.models.deployment import Deployment
from replication.models.environment import Environment
from replication.models.team import Team


class AuditChain(models.Model):
    """The end of one chain: who writes an event holds this row locked, so that each has exactly one predecessor."""

    name = models.CharField(max_length=30, primary_key=True, help_text="the environment's name, or `-`")
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)
    anchored_sequence = models.PositiveBigIntegerField(default=0, help_text="up to where commits cover the chain")
    anchored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}: {self.sequence}"


class AuditEvent(models.Model):
    """One act, written by the service that did it, in the same transaction. Nothing changes or removes it."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=40, choices=audit_kinds)
    about = models.GeneratedField(
        expression=Substr("kind", 1, StrIndex("kind", Value(".")) - 1),
        output_field=models.CharField(max_length=40),
        db_persist=True,
        help_text="what the kind begins with",
    )
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
    table = models.CharField(max_length=160, blank=True, default="", help_text="source/schema/table, if it is of one")
    sentence = models.CharField(max_length=1000)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=64, blank=True, default="")
    chain = models.CharField(max_length=30, help_text="the environment's name, or `-`")
    sequence = models.PositiveBigIntegerField(help_text="the place in the chain, from 1")
    hash = models.CharField(max_length=64, help_text="over the hash before it and the row")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_place_once")]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["team", "-at", "-id"], name="audit_by_team"),
            models.Index(fields=["environment", "-at", "-id"], name="audit_by_environment"),
            models.Index(fields=["environment", "team", "-at", "-id"], name="audit_by_scope"),
            models.Index(fields=["kind", "-at", "-id"], name="audit_by_kind"),
            models.Index(fields=["team", "kind", "-at", "-id"], name="audit_by_team_kind"),
            models.Index(fields=["team", "about", "-at", "-id"], name="audit_by_team_subject"),
            models.Index(fields=["about", "-at", "-id"], name="audit_by_subject"),
            models.Index(fields=["environment", "about", "-at", "-id"], name="audit_by_place_subject"),
            models.Index(fields=["table", "-at", "-id"], name="audit_by_table", condition=~Q(table="")),
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

    @property
    def chained_values(self) -> dict[str, Any]:
        """Every column that the hash covers, by name: all but the place, the hash itself, and what is derived."""
        return {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.attname not in ("chain", "sequence", "hash", "about")
        }
