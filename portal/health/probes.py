"""One small question per part that Sluice rests on. A probe never raises: what is wrong is its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import redis
from django.db import Error as DatabaseError
from django.db import connection

from portal.health.heartbeat import broker_client, worker_seen_at
from replication.choices import WatchdogPart
from replication.configuration import watchdog_seconds
from replication.selectors.signs_of_life import seconds_since_signs_of_life

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


def watchdog() -> Health:
    """Read when each part of the watchdog last made its round."""
    try:
        ago = seconds_since_signs_of_life()
    except DatabaseError:
        return Health("watchdog", works=False, message="Unknown: the database, which would tell, does not answer.")
    missing = [part.label for part in WatchdogPart if part not in ago]
    if missing:
        return Health("watchdog", works=False, message=f"The watchdog never looked for {' nor for '.join(missing)}.")
    looks = " and for ".join(f"{part.label} {ago[part]:.0f} s ago" for part in WatchdogPart)
    works = all(ago[part] <= _late_after(part) for part in WatchdogPart)
    overdue = "" if works else " That is overdue: what a lost worker leaves behind is found by nobody."
    return Health("watchdog", works=works, message=f"The watchdog last looked for {looks}.{overdue}")


def _late_after(part: WatchdogPart) -> float:
    """Four rounds; an AWS that does not answer may hold the search for tasks up for longer."""
    rounds = 4 if part is WatchdogPart.DEPLOYMENTS else 20
    return rounds * watchdog_seconds()


PROBES: tuple[Callable[[], Health], ...] = (database, broker, worker, watchdog)
