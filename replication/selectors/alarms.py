"""The alarms that ring, as the observer last saw them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from replication.models import EnvironmentStatus, Team


@dataclass(frozen=True)
class Ringing:
    """One alarm that rings since ``since``; ``about`` is what it says of itself."""

    environment: str
    about: str
    since: datetime


def alarms_ringing(seen: Iterable[EnvironmentStatus], team: Team | None) -> list[Ringing]:
    """Those of the environments, or of one team in them; the oldest first."""
    found = [
        Ringing(status.environment.name, alarm["about"] or name, datetime.fromisoformat(alarm["since"]))
        for status in seen
        for name, alarm in status.alarms.items()
        if team is None or name.startswith(f"sluice-{status.environment.name}-{team.slug}-")
    ]
    return sorted(found, key=lambda ringing: ringing.since)
