"""Word of what happened: who is told of which event, and each message that carries such news out of the portal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from replication.choices import DeliveryState, NoticeTopic
from replication.models.audit import AuditEvent


class NoticePreferences(models.Model):
    """What somebody wants to be told of by e-mail. Whoever has no row is told of everything that concerns them."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_preferences")
    email = models.BooleanField(default=True)
    muted = models.JSONField(default=list, blank=True, help_text="topics")

    def __str__(self) -> str:
        return f"{self.user}: {'e-mail' if self.email else 'no e-mail'}"


class Delivery(models.Model):
    """One message to one person by e-mail, or to one webhook (by its configured name): several notices at once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    webhook = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="", help_text="never holds an address or a secret")
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"delivery {self.pk} to {self.to}"

    @property
    def to(self) -> str:
        """Whom it goes to, in words."""
        return self.user.get_username() if self.user is not None else f"webhook {self.webhook}"

    @property
    def state_choice(self) -> DeliveryState:
        """The state with its label and face."""
        return DeliveryState(self.state)


class Notice(models.Model):
    """One event told to one person or webhook; `delivery` is empty until it is gathered into a message."""

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="notices")
    topic = models.CharField(max_length=12, choices=NoticeTopic.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    webhook = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField()
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user"], condition=Q(user__isnull=False), name="notice_once_per_person"
            ),
            models.UniqueConstraint(fields=["event", "webhook"], condition=~Q(webhook=""), name="notice_once_per_hook"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(delivery__isnull=True), name="notice_ungathered"),
        ]

    def __str__(self) -> str:
        return f"notice of event {self.event_id}"
