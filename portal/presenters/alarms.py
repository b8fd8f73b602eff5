"""Incidents with what the reader may do about them: for `components/alarms.html`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from replication.models import Incident
from replication.policies import Decision, can_settle

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Alarm:
    """One incident that stands; `settle` says whether the reader may settle it."""

    incident: Incident
    settle: Decision


def alarms_for(actor: User, incidents: Iterable[Incident]) -> list[Alarm]:
    """Those about what stands still come first, else in the order given."""
    found = [Alarm(incident, can_settle(actor, incident)) for incident in incidents]
    return sorted(found, key=lambda alarm: not alarm.incident.kind_choice.is_still)
