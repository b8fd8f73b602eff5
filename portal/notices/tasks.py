"""Celery's way to the deliveries."""

from __future__ import annotations

from celery import shared_task

from portal.notices.sending import deliver


@shared_task(name="portal.deliver_notices")
def deliver_notices() -> None:
    """Send what waits."""
    deliver()
