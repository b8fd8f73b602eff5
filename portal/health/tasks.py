"""What Celery finds when it looks for this package's tasks and signals."""

from typing import Any

from celery.signals import worker_ready

from portal.health.heartbeat import heartbeat

__all__ = ["heartbeat"]


@worker_ready.connect
def _show_life_at_once(**_signal: Any) -> None:
    """Take the first heartbeat when the worker is ready, instead of up to one interval later."""
    heartbeat()
