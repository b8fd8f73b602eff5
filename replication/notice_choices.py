"""What people may be told of, and the life of a message: part of `replication/choices.py`, which gives them on."""

from typing import Any

from django.db import models

from replication.faces import Face, Tone


class NoticeTopic(models.TextChoices):
    """What people may be told of by e-mail; each can be switched off by itself."""

    REVIEWS = "reviews", "a change waits for my review"
    CHANGES = "changes", "somebody reviewed or discussed a change of mine"
    DEPLOYMENTS = "deployments", "a change that I wrote or reviewed is merged or deployed"
    TROUBLE = "trouble", "a deployment of my team failed, or something stands still"


class DeliveryState(models.TextChoices):
    """The life of one message to the outside."""

    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    GIVEN_UP = "given_up", "given up"

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return DELIVERY_FACES[self]


DELIVERY_FACES: dict[Any, Face] = {
    DeliveryState.WAITING: Face(Tone.PROGRESS, "…", "Not sent yet, or to be tried again."),
    DeliveryState.SENT: Face(Tone.GOOD, "✓", "The mail server or the webhook took it."),
    DeliveryState.GIVEN_UP: Face(Tone.BAD, "!", "Tried for two days in vain; it can be tried again by hand."),
}
