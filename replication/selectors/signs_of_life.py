"""How long ago each part of the watchdog made its last round."""

from __future__ import annotations

from replication.choices import WatchdogPart
from replication.database_clock import database_now
from replication.models import SignOfLife


def seconds_since_signs_of_life() -> dict[WatchdogPart, float]:
    """By part; one that never made a round is absent."""
    now = database_now()
    return {WatchdogPart(row.part): (now - row.seen_at).total_seconds() for row in SignOfLife.objects.all()}
