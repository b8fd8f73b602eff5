"""Teams, who is in them, and what a team has in an environment."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from replication.choices import Demanded, GlobalRoleName, TeamRole
from replication.models.base import Versioned
from replication.models.environment import Environment


class Team(Versioned):
    """A product team; its slug names its stacks and its secrets, and never changes."""

    slug = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Membership(Versioned):
    """What one user may do in one team."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=TeamRole.choices)

    class Meta:
        ordering = ["team", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="membership_once_per_team")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}: {self.role}"


class GlobalRole(Versioned):
    """A role that somebody has for the whole company."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="global_roles")
    role = models.CharField(max_length=10, choices=GlobalRoleName.choices)

    class Meta:
        ordering = ["user", "role"]
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="global_role_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class TeamSetup(Versioned):
    """A team in one environment: whom to tell, and which approvals its changes need there."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="setups")
    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="setups")
    title = models.CharField(max_length=200)
    contacts = models.JSONField(default=list, help_text="e-mail addresses")
    alert_channel = models.CharField(max_length=300)
    approvals_needed = models.PositiveSmallIntegerField(default=1, help_text="for a change that harms nothing")
    platform_approves_risky = models.BooleanField(
        default=True, help_text="a reload, a removal or a new secret needs the platform team"
    )
    approvals_risky = models.PositiveSmallIntegerField(default=1, help_text="for a risky change")
    risky_pause_minutes = models.PositiveSmallIntegerField(
        default=15, help_text="a plan that keeps tasks paused for longer is risky"
    )
    risky_loads = models.PositiveSmallIntegerField(
        null=True, blank=True, default=None, help_text="a plan that loads more tables is risky; empty: any number may"
    )
    rehearsal = models.CharField(
        max_length=8, choices=Demanded.choices, default=Demanded.NEVER, help_text="a passed rehearsal of the very plan"
    )
    trial = models.CharField(
        max_length=8,
        choices=Demanded.choices,
        default=Demanded.NEVER,
        help_text="what it loads runs elsewhere first",
    )
    freeze_windows = models.TextField(
        blank=True, default="", max_length=4000, help_text="times in which nothing is merged, one a line"
    )

    class Meta:
        ordering = ["environment", "team"]
        constraints = [models.UniqueConstraint(fields=["team", "environment"], name="setup_once_per_environment")]

    def __str__(self) -> str:
        return f"{self.team} in {self.environment}"
