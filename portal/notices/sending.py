"""Sending what waits: each delivery is claimed, sent, and its outcome written down."""

from __future__ import annotations

import time
from smtplib import SMTPException
from typing import TYPE_CHECKING

import structlog
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from portal.notices.messages import message_of, unsubscribe_url
from portal.notices.webhooks import WebhookRefused, webhook_post
from replication.configuration import sends_email, webhooks
from replication.models import Delivery
from replication.services.deliveries import (
    deliveries_gather,
    delivery_claim,
    delivery_failed,
    delivery_sent,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 50
"""Deliveries of one pass: a pass stays short, and the next one goes on."""


class NotSent(Exception):
    """A delivery that did not go out, in words without address or secret."""


def deliver() -> int:
    """Gather and send; gives how many went out."""
    deliveries_gather()
    sent = 0
    for _ in range(MOST_AT_ONCE):
        delivery = delivery_claim()
        if delivery is None:
            break
        sent += _deliver_one(delivery)
    return sent


def _deliver_one(delivery: Delivery) -> bool:
    try:
        _send(delivery)
    except NotSent as failed:
        log.warning("notices.not_sent", delivery=delivery.pk, to=delivery.to, reason=str(failed))
        delivery_failed(delivery=delivery, error=str(failed))
        return False
    delivery_sent(delivery=delivery)
    return True


def _send(delivery: Delivery) -> None:
    if delivery.user is not None:
        _send_email(delivery, delivery.user)
        return
    hook = webhooks().get(delivery.webhook)
    if hook is None:
        raise NotSent(f"no webhook {delivery.webhook} is configured any more")
    try:
        webhook_post(hook, message_of(delivery), at=int(time.time()))
    except WebhookRefused as refused:
        raise NotSent(str(refused)) from None


def _send_email(delivery: Delivery, person: User) -> None:
    if not sends_email():
        raise NotSent("no mail server is configured any more")
    message, stop = message_of(delivery), unsubscribe_url(person)
    context = {"message": message, "name": person.first_name or person.get_username(), "unsubscribe_url": stop}
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=render_to_string("notices/email.txt", context),
        to=[person.email],
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    email.attach_alternative(render_to_string("notices/email.html", context), "text/html")
    try:
        email.send()
    except (OSError, SMTPException) as error:
        raise NotSent(f"the mail server did not take it ({type(error).__name__})") from None
