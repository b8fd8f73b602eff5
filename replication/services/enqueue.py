"""Telling a worker that there is something to look at. The row is the truth: a lost message costs seconds only."""

from __future__ import annotations

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def enqueue_after_commit(task: str, *args: int) -> None:
    """Send `task` (a Celery task's name) once the transaction is committed."""
    transaction.on_commit(lambda: enqueue_now(task, *args))


def enqueue_now(task: str, *args: int, countdown: float = 0.0) -> None:
    """Send `task`, to be taken up after `countdown` seconds; a broker that is away is only logged."""
    try:
        current_app.send_task(task, args=args, countdown=countdown or None)
    except (OperationalError, OSError) as error:
        log.warning("enqueue.failed", task=task, args=args, error=str(error), remedy="the watchdog finds the row")
