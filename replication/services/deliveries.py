"""Messages to the outside: gathered from notices, claimed before they are sent, tried again until they are given up.

Sending itself is the portal's (`portal/notices`): it knows addresses and templates. A claim is a time: whoever claims a
delivery moves its next attempt ahead, so that a sender that dies leaves it to the next one. A message may therefore
arrive twice, and never not at all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Min

from replication.choices import DeliveryState
from replication.database_clock import database_now
from replication.errors import WrongState
from replication.models import Delivery, Notice
from replication.policies import can_manage_platform, require
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

GATHER_AFTER = timedelta(seconds=60)
"""What concerns one within this time comes in one message."""

CLAIM = timedelta(seconds=90)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=2)


@transaction.atomic
def deliveries_gather(*, after: timedelta = GATHER_AFTER) -> int:
    """Put the notices of everybody whose oldest one is `after` old into one delivery each; gives how many."""
    now = database_now()
    loose = Notice.objects.filter(delivery__isnull=True)
    targets = loose.values("user", "webhook").annotate(oldest=Min("created_at")).filter(oldest__lte=now - after)
    made = 0
    for target in targets.order_by("oldest"):
        rows = list(loose.select_for_update().filter(user=target["user"], webhook=target["webhook"]))
        if not rows:
            continue
        delivery = Delivery(user_id=target["user"], webhook=target["webhook"], created_at=now, next_attempt_at=now)
        delivery.full_clean()
        delivery.save()
        for notice in rows:
            notice.delivery = delivery
            notice.save(update_fields=["delivery"])
        made += 1
    return made


@transaction.atomic
def delivery_claim() -> Delivery | None:
    """The delivery that is due for longest, claimed for this sender; None where none is."""
    now = database_now()
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(state=DeliveryState.WAITING, next_attempt_at__lte=now)
        .order_by("next_attempt_at", "id")
        .first()
    )
    if delivery is not None:
        delivery.attempts += 1
        delivery.next_attempt_at = now + CLAIM
        delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


def delivery_sent(*, delivery: Delivery) -> None:
    """It arrived."""
    delivery.state = DeliveryState.SENT
    delivery.sent_at = database_now()
    delivery.last_error = ""
    delivery.save(update_fields=["state", "sent_at", "last_error"])


def delivery_failed(*, delivery: Delivery, error: str) -> None:
    """It did not; it is tried again later and later, and given up after two days."""
    now = database_now()
    delivery.last_error = error
    delivery.next_attempt_at = now + min(LONGEST_WAIT, timedelta(seconds=30 * 2 ** min(delivery.attempts, 10)))
    if now - delivery.created_at > GIVE_UP_AFTER:
        delivery.state = DeliveryState.GIVEN_UP
    delivery.save(update_fields=["state", "last_error", "next_attempt_at"])


@service
def delivery_retry(*, actor: User, delivery: Delivery) -> Delivery:
    """Try one that failed again now."""
    require(can_manage_platform(actor))
    if delivery.state == DeliveryState.SENT:
        raise WrongState("This message was sent; there is nothing to try again.")
    delivery.state = DeliveryState.WAITING
    delivery.created_at = delivery.next_attempt_at = database_now()
    delivery.save(update_fields=["state", "created_at", "next_attempt_at"])
    return delivery
