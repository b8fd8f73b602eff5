"""Revisions and the ledger: what was accepted, for ever."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from replication.choices import VersionState
from replication.models.base import Versioned, actor_key
from replication.models.environment import Environment
from replication.models.team import Team, TeamSetup


class LedgerEntry(Versioned):
    """One version that one table of a team ever had in an environment. Rows are added and retired, never removed."""

    setup = models.ForeignKey(TeamSetup, on_delete=models.PROTECT, related_name="ledger_entries")
    identity = models.CharField(max_length=160, help_text="source/schema/table")
    version = models.CharField(max_length=13)
    state = models.CharField(max_length=10, choices=VersionState.choices)

    class Meta:
        ordering = ["identity", "version"]
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(fields=["setup", "identity", "version"], name="ledger_version_once"),
        ]
        indexes = [
            models.Index(fields=["identity"], name="ledger_identity"),
            models.Index(fields=["setup", "state", "-id"], name="ledger_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.identity} {self.version}: {self.state}"


class FolderCount(models.Model):
    """How much lay in the folder of a retired version, when a worker counted it last."""

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="folder_count")
    objects_counted = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    cut = models.BooleanField(default=False, help_text="there is more: the count ended at its limit")
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.entry}: {self.size} bytes{' or more' if self.cut else ''}"


class Revision(models.Model):
    """One accepted state of a scope's config: numbered in its scope, one git commit, never changed. Base: no team."""

    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="revisions")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField(help_text="the scope's whole config")
    document_hash = models.CharField(max_length=64)
    ledger = models.JSONField(default=dict, blank=True, help_text="versions by table, after this revision")
    changed = models.JSONField(
        null=True, blank=True, help_text="places of the config that differ from the revision before; empty: all do"
    )
    title = models.CharField(max_length=200)
    change_request = models.OneToOneField(
        "replication.ChangeRequest", null=True, blank=True, on_delete=models.PROTECT, related_name="revision"
    )
    author = actor_key("revisions")
    author_name = models.CharField(max_length=150)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "team", "number"],
                condition=Q(team__isnull=False),
                name="team_revision_number_once",
            ),
            models.UniqueConstraint(
                fields=["environment", "number"], condition=Q(team__isnull=True), name="base_revision_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["environment", "team", "-number"], name="revision_newest"),
            models.Index(fields=["environment", "team", "-created_at", "-id"], name="revision_by_time"),
            models.Index(fields=["-created_at", "-id"], name="revision_newest_of_all"),
        ]

    def __str__(self) -> str:
        return f"{self.environment}/{self.team or 'base'} revision {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; a second save is a defect."""
        if not self._state.adding:
            raise TypeError("a revision never changes once it is accepted")
        super().save(*args, **kwargs)
