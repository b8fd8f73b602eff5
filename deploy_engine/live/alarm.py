"""The alarms of team stacks, as CloudWatch has them; which there are: `rendering/templates/alarm_*.j2`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AlarmView:
    """One alarm. ``state`` is CloudWatch's own word: `OK`, `ALARM` or `INSUFFICIENT_DATA`; ``since``: when it began.

    ``about`` is what the alarm says of itself, ``reason`` why CloudWatch judged so.
    """

    name: str
    state: str
    about: str
    reason: str
    since: datetime

    @property
    def rings(self) -> bool:
        """Whether what it watches is wrong now."""
        return self.state == "ALARM"
