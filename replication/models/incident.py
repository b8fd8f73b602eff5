"""Incidents: what stands still, or needs a person, although it should not. Open until it is settled; never removed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from replication.choices import IncidentKind
from replication.models.base import actor_key
from replication.models.deployment import Deployment
from replication.models.environment import Environment
from replication.models.team import Team


class Incident(models.Model):
    """One alarm. At most one of a kind is open for each thing (`subject`) in an environment."""

    kind = models.CharField(max_length=20, choices=IncidentKind.choices)
    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="incidents")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents")
    deployment = models.ForeignKey(
        Deployment, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    subject = models.CharField(max_length=128, help_text="a DMS task's name, or the stack")
    sentence = models.TextField(help_text="what is wrong, for people")
    remedy = models.TextField(blank=True, default="", help_text="what Sluice does about it, or what a person can do")
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = actor_key("incidents_settled")
    settled_by_name = models.CharField(max_length=150, blank=True, default="")
    settled_reason = models.TextField(blank=True, default="", max_length=1000)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "kind", "subject"],
                condition=Q(settled_at__isnull=True),
                name="one_open_incident_per_thing",
            ),
        ]
        indexes = [models.Index(fields=["settled_at", "environment", "team"], name="incident_open")]

    def __str__(self) -> str:
        return self.sentence

    @property
    def is_open(self) -> bool:
        """Whether it still stands."""
        return self.settled_at is None

    @property
    def kind_choice(self) -> IncidentKind:
        """The kind with its label and face."""
        return IncidentKind(self.kind)
