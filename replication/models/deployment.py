"""Deployments: the row is the deployment, whoever ticks it; the journal is what it did; the lease says who may tick."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from replication.choices import LIVE_DEPLOYMENT_STATES, TERMINAL_DEPLOYMENT_STATES, DeploymentState, JournalKind
from replication.models.base import actor_key
from replication.models.change_request import ChangeRequest
from replication.models.environment import Environment
from replication.models.revision import Revision
from replication.models.team import Team


class Deployment(models.Model):
    """One execution of a revision's plan on one stack. `run` is the name that AWS knows it by (tags, tokens)."""

    run = models.CharField(max_length=64, unique=True)
    stack = models.CharField(max_length=128, help_text="the CloudFormation stack")
    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="deployments")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="deployments")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="deployments")
    change_request = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="deployments"
    )
    state = models.CharField(max_length=12, choices=DeploymentState.choices, default=DeploymentState.QUEUED)
    phase = models.CharField(max_length=30, blank=True, default="", help_text="the engine's own state")
    step = models.PositiveSmallIntegerField(default=0, help_text="which step of the plan, from 0")
    approved_fingerprint = models.CharField(max_length=64, blank=True, default="", help_text="empty: any plan goes")
    plan = models.JSONField(null=True, blank=True)
    record = models.JSONField(default=dict, blank=True, help_text="what else the engine remembers of the run")
    given_up = models.JSONField(
        default=list, blank=True, help_text="tables whose runaway load may be broken off, for their folder is given up"
    )
    sentence = models.TextField(blank=True, default="", help_text="how it stands or ended, in words")
    attempts = models.PositiveIntegerField(default=0, help_text="ticks that broke off in a row")
    told_state = models.CharField(
        max_length=12, blank=True, default="", help_text="the state that the change request and the audit know of"
    )
    told_stage = models.CharField(max_length=40, blank=True, default="", help_text="the step and phase told")
    emergency_reason = models.TextField(
        blank=True, default="", help_text="why it went without review; empty: it did not"
    )
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    rollback_requested_at = models.DateTimeField(
        null=True, blank=True, help_text="when somebody last asked CloudFormation to go on with a failed rollback"
    )
    requested_by = actor_key("deployments")
    requested_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    paused_since = models.DateTimeField(null=True, blank=True, help_text="since when tasks stand still")
    next_tick_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="empty: not to be ticked")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stack"], condition=Q(state__in=LIVE_DEPLOYMENT_STATES), name="one_live_deployment_per_stack"
            ),
        ]
        indexes = [
            models.Index(fields=["environment", "team", "-id"], name="deployment_newest"),
            models.Index(fields=["state", "next_tick_at"], name="deployment_due"),
        ]

    def __str__(self) -> str:
        return f"deployment {self.pk} of {self.stack}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing will move it any more."""
        return self.state in TERMINAL_DEPLOYMENT_STATES

    @property
    def state_choice(self) -> DeploymentState:
        """The state with its label and face."""
        return DeploymentState(self.state)


class JournalEntry(models.Model):
    """One line of a deployment's journal: an intent before a call, its outcome after, or a change of phase."""

    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="journal")
    sequence = models.PositiveIntegerField(help_text="from 1 within the deployment")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=JournalKind.choices)
    phase = models.CharField(max_length=30)
    step = models.PositiveSmallIntegerField(default=0)
    sentence = models.TextField()
    detail = models.TextField(blank=True, default="", help_text="AWS's own words, where there are any")
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["deployment", "sequence"]
        verbose_name_plural = "journal entries"
        constraints = [models.UniqueConstraint(fields=["deployment", "sequence"], name="journal_sequence_once")]

    def __str__(self) -> str:
        return self.sentence


class StackClaim(models.Model):
    """A stack that a live deployment holds, so that no other one begins on it; a base stack's may hold every team's."""

    stack = models.CharField(max_length=128, primary_key=True)
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="claims")

    class Meta:
        ordering = ["stack"]

    def __str__(self) -> str:
        return f"{self.stack} is held by deployment {self.deployment_id}"


class StackLease(models.Model):
    """Who may touch a stack now. Taken by compare-and-swap on the database's clock; each taking raises the fence."""

    stack = models.CharField(max_length=128, primary_key=True)
    owner = models.CharField(max_length=128, blank=True, default="")
    fence = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.stack}: {self.owner or 'free'} (fence {self.fence})"
