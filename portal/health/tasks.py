"""What Celery finds when it looks for this package's tasks."""

from portal.health.heartbeat import heartbeat

__all__ = ["heartbeat"]
