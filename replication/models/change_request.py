"""Change requests and what people write about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from replication.choices import OPEN_STATES, ChangeRequestState, Verdict
from replication.models.base import Versioned, actor_key
from replication.models.environment import Environment
from replication.models.revision import Revision
from replication.models.team import Team


class ChangeRequest(Versioned):
    """A proposed edit of one scope's config. Its key is the number that people speak of. Base scope: no team."""

    number = models.BigAutoField(primary_key=True)
    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="change_requests")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="change_requests")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="", max_length=5000, help_text="why; may be empty")
    state = models.CharField(
        max_length=12, choices=ChangeRequestState.choices, default=ChangeRequestState.DRAFT, db_index=True
    )
    author = actor_key("change_requests")
    author_name = models.CharField(max_length=150)
    base_revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="what it started from"
    )
    promoted_from = models.ForeignKey(
        Revision,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="promotions",
        help_text="what another environment had",
    )
    document = models.JSONField(help_text="the scope's whole proposed config; always fits the language")
    document_hash = models.CharField(max_length=64)
    emergency_reason = models.TextField(
        blank=True, default="", help_text="why it went without review; empty: it did not"
    )
    given_up = models.JSONField(
        default=list, blank=True, help_text="tables whose runaway load the platform team gives up with its folder"
    )
    returned_reason = models.TextField(blank=True, default="", help_text="why it came back to its author")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    merged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["state", "-updated_at"], name="change_request_by_state"),
            models.Index(fields=["team", "environment", "-number"], name="change_request_by_team"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether the proposed document may still change."""
        return self.state in OPEN_STATES

    @property
    def state_choice(self) -> ChangeRequestState:
        """The state with its label and face."""
        return ChangeRequestState(self.state)

    @property
    def scope_name(self) -> str:
        """`production/food`, or `production/base`."""
        return f"{self.environment.name}/{self.team.slug if self.team else 'base'}"


class ChangeRequestEdit(models.Model):
    """One edit of a change request: who wrote it, what in words, and the document that came of it."""

    change_request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="edits")
    editor = actor_key("change_request_edits")
    editor_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    sentence = models.CharField(max_length=500)
    document = models.JSONField()
    document_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.editor_name}: {self.sentence}"


class Review(models.Model):
    """What a reviewer said of one document and one plan. It stays when the document moves on, but no longer counts."""

    change_request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="reviews")
    reviewer = actor_key("reviews")
    reviewer_name = models.CharField(max_length=150)
    change_author = actor_key("reviews_received")  # as it was then: the database itself keeps the two apart
    as_platform = models.BooleanField(default=False, help_text="given with the platform team's authority")
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    reason = models.TextField(blank=True, default="", max_length=5000)
    fingerprint = models.CharField(max_length=64, blank=True, default="", help_text="the plan that was looked at")
    document_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.APPROVE) | ~Q(reviewer=F("change_author")) | Q(change_author__isnull=True),
                name="nobody_approves_their_own_change",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_name} {Verdict(self.verdict).label}"

    @property
    def counts(self) -> bool:
        """Whether the review still stands."""
        return self.voided_at is None


class Comment(models.Model):
    """A remark on a whole change request, or on one table of it."""

    change_request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="comments")
    author = actor_key("comments")
    author_name = models.CharField(max_length=150)
    body = models.TextField(max_length=5000)
    table = models.CharField(max_length=160, blank=True, default="", help_text="source/schema/table; empty: the whole")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.body[:60]}"
