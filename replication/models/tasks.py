"""What a team replicates in an environment, as accepted: sources, instances, tasks and their tables."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from replication.choices import Delivery, SourceEngine
from replication.models.base import Versioned
from replication.models.environment import Environment
from replication.models.team import TeamSetup


class Source(Versioned):
    """A relational database that a team owns. Its id is unique in the environment; its password is never here."""

    setup = models.ForeignKey(TeamSetup, on_delete=models.PROTECT, related_name="sources")
    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="sources")
    slug = models.CharField(max_length=30)
    engine = models.CharField(max_length=10, choices=SourceEngine.choices)
    database = models.CharField(max_length=63, blank=True, default="", help_text="PostgreSQL only")
    secret = models.CharField(max_length=200)
    catalogue_secret = models.CharField(max_length=200, blank=True, default="")
    log_retention_hours = models.PositiveIntegerField()
    loads_at_once = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "slug"], name="source_once_per_environment"),
        ]

    def __str__(self) -> str:
        return self.slug


class Instance(Versioned):
    """A replication instance of a team."""

    setup = models.ForeignKey(TeamSetup, on_delete=models.PROTECT, related_name="instances")
    name = models.CharField(max_length=30)
    instance_class = models.CharField(max_length=50)
    storage_gb = models.PositiveIntegerField()
    engine_version = models.CharField(max_length=20)
    multi_az = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["setup", "name"], name="instance_once_per_setup")]

    def __str__(self) -> str:
        return self.name


class Task(Versioned):
    """A replication task: one source, one instance, one delivery class, and tables."""

    setup = models.ForeignKey(TeamSetup, on_delete=models.PROTECT, related_name="tasks")
    name = models.CharField(max_length=30)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="tasks")
    replication_instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="tasks")
    delivery = models.CharField(max_length=5, choices=Delivery.choices)
    paused = models.BooleanField(default=False)
    settings = models.JSONField(null=True, blank=True, help_text="overrides of DMS task settings; null: none")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["setup", "name"], name="task_once_per_setup")]

    def __str__(self) -> str:
        return self.name


class TableEntry(Versioned):
    """One table of a task, with its version. `folder` is where it lands; no two of an environment share one.

    As `paths.unique` has it, folders that differ in case only are one; the constraint's index answers that check too.
    """

    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="entries")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="entries")
    source_slug = models.CharField(max_length=30)
    schema_name = models.CharField(max_length=63)
    table_name = models.CharField(max_length=63)
    version = models.CharField(max_length=13)
    paused = models.BooleanField(default=False)
    folder = models.CharField(max_length=200, help_text="<source>_<schema>_<table>_<version>")
    history_indexes = (
        models.Index(fields=["source_slug", "schema_name", "table_name", "-history_id"], name="entry_history_by_table"),
    )

    class Meta:
        ordering = ["source_slug", "schema_name", "table_name", "version"]
        verbose_name_plural = "table entries"
        constraints = [
            models.UniqueConstraint(fields=["task", "schema_name", "table_name"], name="table_once_per_task"),
            models.UniqueConstraint("environment", Lower("folder"), name="folder_once_per_environment"),
        ]
        indexes = [
            models.Index(fields=["environment", "source_slug", "schema_name", "table_name"], name="entry_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.identity} {self.version}"

    @property
    def identity(self) -> str:
        """`fooddb/foodsearch/barcodes`: what the config language calls `source`."""
        return f"{self.source_slug}/{self.schema_name}/{self.table_name}"
