"""What was last seen in AWS of tasks and tables: caches that the observer fills and pages read. Never the truth."""

from __future__ import annotations

from django.db import models

from replication.models.tasks import TableEntry, Task


class TaskStatus(models.Model):
    """A replication task as DMS last described it."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="status")
    state = models.CharField(max_length=30, help_text="DMS's own word; empty: DMS does not have the task")
    stop_reason = models.CharField(max_length=500, blank=True, default="")
    failure = models.TextField(blank=True, default="")
    full_load_percent = models.PositiveSmallIntegerField(default=0)
    tables_loaded = models.PositiveIntegerField(default=0)
    tables_loading = models.PositiveIntegerField(default=0)
    tables_queued = models.PositiveIntegerField(default=0)
    tables_errored = models.PositiveIntegerField(default=0)
    latency_seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="how late changes arrive in the lake; empty: not measured"
    )
    observed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "task statuses"

    def __str__(self) -> str:
        return f"{self.task}: {self.state}"


class TaskLatency(models.Model):
    """How late a task's changes were in the last two days, as CloudWatch measured it; a bounded series."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="latency")
    points = models.JSONField(
        default=list,
        blank=True,
        help_text="[seconds since 1970, source, target], oldest first: the most within 5 min, in seconds or null",
    )
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "task latencies"

    def __str__(self) -> str:
        return f"{self.task}: {len(self.points)} points"


class TableStatus(models.Model):
    """A table as DMS's statistics last had it. Counts are rows since the task began with this table."""

    entry = models.OneToOneField(TableEntry, on_delete=models.CASCADE, related_name="status")
    state = models.CharField(max_length=50, help_text="DMS's own words, such as `Table completed`; empty: not listed")
    full_load_rows = models.PositiveBigIntegerField(default=0)
    inserts = models.PositiveBigIntegerField(default=0)
    updates = models.PositiveBigIntegerField(default=0)
    deletes = models.PositiveBigIntegerField(default=0)
    full_load_started_at = models.DateTimeField(null=True, blank=True)
    full_load_ended_at = models.DateTimeField(null=True, blank=True)
    observed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "table statuses"

    def __str__(self) -> str:
        return f"{self.entry}: {self.state}"
