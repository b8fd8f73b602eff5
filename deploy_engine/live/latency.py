"""How late changes are, as CloudWatch measures it on a task; metrics: dms-facts.md section 8."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class LatencyPoint:
    """The most within the five minutes from ``at`` on, in seconds; None where CloudWatch has no datapoint.

    ``source``: between a commit and DMS reading it. ``target``: between a commit and its row in the lake.
    """

    at: datetime
    source: int | None = None
    target: int | None = None
