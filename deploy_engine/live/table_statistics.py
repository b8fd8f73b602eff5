"""What DMS counts for one table of a task. States: dms-facts.md section 4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LOADING_STATES = frozenset({"Before load", "Full load", "Table is being reloaded"})
ERROR_STATES = frozenset({"Table error", "Table cancelled", "Table does not exist"})
_SETTLED_STATES = frozenset({"Table completed"}) | ERROR_STATES


@dataclass(frozen=True)
class TableStatistics:
    """``schema`` and ``table`` are the source's names; times are aware, in UTC."""

    schema: str
    table: str
    state: str
    full_load_rows: int = 0
    inserts: int = 0
    updates: int = 0
    deletes: int = 0
    load_started: datetime | None = None
    load_ended: datetime | None = None
    refreshed: datetime | None = None

    @property
    def loading(self) -> bool:
        """A full load runs or is about to; a state that nobody knows counts as loading (fail closed)."""
        return self.state not in _SETTLED_STATES

    @property
    def in_error(self) -> bool:
        return self.state in ERROR_STATES
