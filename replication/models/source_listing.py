"""What a source was last seen to hold: the list that tables are picked from. A cache, filled by a worker."""

from __future__ import annotations

from django.db import models

from replication.models.tasks import Source


class SourceListing(models.Model):
    """The tables of a source as of `read_at`; `reason` tells why the last try gave none, and is empty after a good one.

    `tables` are lists of schema, name, rows, bytes (either null where the source does not know), key, and what stands
    in the way of replicating it (empty: nothing), sorted. They go with `catalogue_secret`: another may lead elsewhere.
    """

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="listing")
    catalogue_secret = models.CharField(max_length=200)
    tables = models.JSONField(default=list, blank=True)
    complete = models.BooleanField(default=True, help_text="false: the source has more tables than are ever listed")
    problems = models.JSONField(default=list, blank=True, help_text="settings that stand in the way, as sentences")
    reason = models.CharField(max_length=500, blank=True, default="")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="a worker was asked, and has not answered yet")
    tried_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.source}: {len(self.tables)} tables"
