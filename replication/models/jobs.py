"""What rows that are jobs have in common: work that a person asked for, and that any worker may take up."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """Work on one document of a change request. The row is the job; the queue only says "look at it"."""

    error = models.TextField(blank=True, default="", help_text="why it broke off, in words")
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_by_name = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
