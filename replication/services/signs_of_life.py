"""The watchdog's signs of life, once for each round."""

from __future__ import annotations

from replication.choices import WatchdogPart
from replication.database_clock import database_now
from replication.models import SignOfLife


def sign_of_life_give(*, part: WatchdogPart) -> None:
    """Write down that this part has just ended a round."""
    SignOfLife.objects.update_or_create(part=part, defaults={"seen_at": database_now()})
