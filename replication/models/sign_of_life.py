"""When each part of the watchdog last made its round: a watchdog of whom nobody knows whether it lives is none."""

from __future__ import annotations

from django.db import models

from replication.choices import WatchdogPart


class SignOfLife(models.Model):
    """One row for each part. It stands in the database, for the watchdog needs nothing else."""

    part = models.CharField(max_length=12, primary_key=True, choices=WatchdogPart.choices)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part}: {self.seen_at:%Y-%m-%d %H:%M:%S}"
