"""One small question per part that Sluice rests on. A probe never raises: what is wrong is its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import redis
from django.db import Error as DatabaseError
from django.db import connection

from portal.health.heartbeat import broker_client, worker_seen_at

WORKER_IS_LATE_AFTER_SECONDS = 60


@dataclass(frozen=True)
class Health:
    """What one part answered: whether it works, and a sentence that says what was seen."""

    part: str
    works: bool
    message: str


def database() -> Health:
    """Ask the database for a one."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Health("database", works=False, message=f"The database does not answer: {error}")
    return Health("database", works=True, message=f"{connection.display_name} answers.")


def broker() -> Health:
    """Ping the broker."""
    try:
        with broker_client() as client:
            client.ping()
    except redis.RedisError as error:
        return Health("broker", works=False, message=f"The broker does not answer: {error}")
    return Health("broker", works=True, message="The broker answers.")


def worker() -> Health:
    """Read when a worker last took a heartbeat from the broker."""
    try:
        with broker_client() as client:
            seen_at = worker_seen_at(client)
    except redis.RedisError:
        return Health("worker", works=False, message="Unknown: the broker, which would tell, does not answer.")
    if seen_at is None:
        return Health("worker", works=False, message="No worker took a heartbeat within the last hour.")
    seconds = (datetime.now(UTC) - seen_at).total_seconds()
    return Health(
        "worker",
        works=seconds <= WORKER_IS_LATE_AFTER_SECONDS,
        message=f"A worker last took a heartbeat {seconds:.0f} s ago.",
    )


PROBES: tuple[Callable[[], Health], ...] = (database, broker, worker)
