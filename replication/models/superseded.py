"""Versions that a newer one beside them has superseded: what Sluice drafted about each, once."""

from __future__ import annotations

from django.db import models

from replication.models.change_request import ChangeRequest
from replication.models.environment import Environment


class SupersededVersion(models.Model):
    """An older version of a table whose end Sluice drafted when the newer one had caught up.

    The row stays whatever becomes of the draft: one that people closed is not drafted again.
    """

    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="superseded_versions")
    identity = models.CharField(max_length=160, help_text="source/schema/table")
    version = models.CharField(max_length=13)
    newer = models.CharField(max_length=13, help_text="the version that had caught up")
    change_request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="superseded_versions")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "identity", "version", "newer"], name="superseded_version_drafted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identity} {self.version} → {self.newer}"
