"""The right to act on a stack, for a while: taken by one compare-and-swap on the database's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from replication.database_clock import database_now
from replication.models import StackLease

LEASE = timedelta(seconds=20)
"""How long a lease holds without being renewed."""

GRACE = timedelta(seconds=10)
"""How long after its end another worker still waits: calls that the holder had begun have ended by then."""


def lease_take(
    stack: str,
    owner: str,
    *,
    clock: Callable[[], datetime] = database_now,
    lease_for: timedelta = LEASE,
    grace: timedelta = GRACE,
) -> tuple[int, datetime] | None:
    """Take or renew it; gives its fence and its end, or None while somebody else holds it."""
    with transaction.atomic():
        StackLease.objects.get_or_create(stack=stack)
        now = clock()
        expires_at = now + lease_for
        mine = StackLease.objects.filter(stack=stack, owner=owner, expires_at__gte=now)
        renewed = mine.update(expires_at=expires_at)
        if not renewed:
            free = Q(owner="") | Q(expires_at__isnull=True) | Q(expires_at__lt=now - grace) | Q(owner=owner)
            taken = StackLease.objects.filter(free, stack=stack).update(
                owner=owner, fence=F("fence") + 1, expires_at=expires_at
            )
            if not taken:
                return None
        return StackLease.objects.values_list("fence", flat=True).get(stack=stack), expires_at


@contextmanager
def lease_held(stack: str, owner: str) -> Iterator[bool]:
    """Hold it for as long as the context lasts; gives whether it was to be had."""
    taken = lease_take(stack, owner)
    try:
        yield taken is not None
    finally:
        if taken is not None:
            StackLease.objects.filter(stack=stack, owner=owner, fence=taken[0]).update(owner="", expires_at=None)
