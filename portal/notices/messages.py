"""What a message says: one subject and one line for each event, newest last, with links into the portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse

from replication.choices import AuditKind
from replication.models import AuditEvent, Delivery

if TYPE_CHECKING:
    from django.contrib.auth.models import User

UNSUBSCRIBE_SALT = "sluice.notices.unsubscribe"
LONGEST_SUBJECT = 120


@dataclass(frozen=True)
class Line:
    """One event: a sentence, and where it leads."""

    sentence: str
    url: str


@dataclass(frozen=True)
class Message:
    """All that one delivery says."""

    subject: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """As plain text."""
        return "\n\n".join(f"{line.sentence}\n{line.url}" for line in self.lines)


def message_of(delivery: Delivery) -> Message:
    """The message of a delivery, from its notices' events."""
    notices = delivery.notices.select_related("event__change_request", "event__deployment", "event__environment")
    events = [notice.event for notice in notices.order_by("event_id")]
    lines = tuple(Line(event.sentence, _address(event)) for event in events)
    last = events[-1].sentence if events else ""
    more = f" (and {len(events) - 1} more)" if len(events) > 1 else ""
    subject = " ".join(f"Sluice: {last}".split())
    longest = LONGEST_SUBJECT - len(more)
    return Message((subject if len(subject) <= longest else f"{subject[: longest - 1]}…") + more, lines)


def unsubscribe_url(person: User) -> str:
    """The link, signed, by which somebody ends their e-mails without signing in."""
    token = signing.dumps(person.pk, salt=UNSUBSCRIBE_SALT)
    return _absolute(reverse("notices:unsubscribe", args=[token]))


def _address(event: AuditEvent) -> str:
    if event.deployment_id is not None:
        return _absolute(reverse("deployments:detail", args=[event.deployment_id]))
    if event.change_request_id is not None:
        return _absolute(reverse("changes:detail", args=[event.change_request_id]))
    if event.kind == AuditKind.PROPOSAL_REFUSED:
        return _absolute(f"{reverse('history:git')}#branches")
    return _absolute(reverse("home"))


def _absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"
