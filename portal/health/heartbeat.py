"""The worker's sign of life: beat sends a heartbeat, a worker that takes it writes the time into the broker.

It passes every link of the chain (beat, broker, worker), so a fresh one means that work sent now will be done. It is
kept in the broker and not in a table because it says nothing worth remembering, every five seconds.
"""

from datetime import UTC, datetime

import redis
from celery import shared_task
from django.conf import settings

HEARTBEAT_KEY = "sluice:worker:seen-at"
FORGET_AFTER_SECONDS = 3600
PROBE_TIMEOUT_SECONDS = 1.0


def broker_client() -> "redis.Redis":
    """Give a client of the broker that gives up within a second, so that no page hangs on it."""
    return redis.Redis.from_url(
        str(settings.SLUICE.broker_url),
        socket_connect_timeout=PROBE_TIMEOUT_SECONDS,
        socket_timeout=PROBE_TIMEOUT_SECONDS,
        decode_responses=True,
    )


@shared_task(name="portal.heartbeat")
def heartbeat() -> None:
    """Write down that a worker was alive just now."""
    with broker_client() as client:
        client.set(HEARTBEAT_KEY, datetime.now(UTC).isoformat(), ex=FORGET_AFTER_SECONDS)


def worker_seen_at(client: "redis.Redis") -> datetime | None:
    """Tell when a worker last took a heartbeat; `None` if none did within the last hour. Raises `redis.RedisError`."""
    written = client.get(HEARTBEAT_KEY)
    return datetime.fromisoformat(str(written)) if written else None
