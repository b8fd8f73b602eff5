"""A DMS replication task as it is now. Life cycle: dms-facts.md section 3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class RunState(StrEnum):
    """What a task should be, or was found, doing. ``ABSENT``: there is no such task."""

    RUNNING = "running"
    STOPPED = "stopped"
    ABSENT = "absent"


@dataclass(frozen=True)
class TaskView:
    """``name`` is the DMS identifier; ``ever_ran`` tells, from its start dates, whether it was ever started.

    ``stopped_at`` is when it last stopped, aware, in UTC; None where DMS does not tell. ``table_mappings`` and
    ``settings`` are JSON texts, "" where they were not asked for.
    """

    name: str
    arn: str
    status: str
    ever_ran: bool
    stop_reason: str = ""
    last_failure: str = ""
    tables_loading: int = 0
    tables_queued: int = 0
    tables_errored: int = 0
    full_load_percent: int = 0
    table_mappings: str = ""
    settings: str = ""
    stopped_at: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        return self.status == "running"

    @property
    def run_state(self) -> RunState:
        """Running, or on its way there, is running; everything else that exists is stopped."""
        return RunState.RUNNING if self.status in {"running", "starting"} else RunState.STOPPED

    @property
    def loads_nothing(self) -> bool:
        """DMS counts no table of it that loads or waits to."""
        return not self.tables_loading and not self.tables_queued

    @property
    def at_rest(self) -> bool:
        """Neither running nor on its way anywhere: it can be modified and started."""
        return self.status in {"ready", "stopped", "failed"}
