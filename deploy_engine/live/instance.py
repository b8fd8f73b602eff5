"""What CloudWatch measures on a replication instance; metrics: dms-facts.md section 8."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class InstanceRoom:
    """The lowest free storage and memory of the last minutes, in bytes; None where CloudWatch has no datapoint."""

    free_storage: int | None = None
    freeable_memory: int | None = None
