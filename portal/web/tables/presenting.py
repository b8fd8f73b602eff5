"""From table entries and their history to the lines of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from deploy_engine.config.physical_names import TARGET_SCHEMA
from portal.presenters.events import event_line
from portal.presenters.meters import Meter
from portal.presenters.table_acts import ActButton, act_links
from portal.web.tables.beside import progress_meter, remarks
from replication.models import AuditEvent, TableEntry, TableStatus
from replication.policies import Decision, can_propose
from replication.selectors.asked_for import AskedFor
from replication.selectors.health import TableState, table_state, table_status_of
from replication.selectors.load_progress import rows_of
from replication.selectors.superseded import Superseding
from replication.selectors.tables import TableLife, s3_path

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class TableLine:
    """One table entry: how it fares, where it lands, what was last seen of it, and what the reader may propose.

    `remark` tells of another version that stands beside it; `meter` how far its load is, while it loads.
    """

    entry: TableEntry
    state: TableState
    path: str
    short_path: str
    status: TableStatus | None
    may_propose: Decision
    acts: list[ActButton]
    remark: str = ""
    meter: Meter | None = None

    @property
    def load_took(self) -> timedelta | None:
        """How long the last full load took; None while it runs or before it."""
        status = self.status
        if status is None or status.full_load_started_at is None or status.full_load_ended_at is None:
            return None
        return status.full_load_ended_at - status.full_load_started_at


@dataclass(frozen=True)
class LifeLine:
    """One change of the table: what happened, when, by whom, why, by which change request, and what came of that."""

    at: datetime
    sentence: str
    tone: str
    symbol: str
    person: str
    reason: str
    asked_for: AskedFor | None = None


def table_line(entry: TableEntry, actor: User, *, remark: str = "", expected_rows: int | None = None) -> TableLine:
    """One table as `actor` sees it; `expected_rows`, where another version tells them, are what its load will have."""
    return TableLine(
        entry=entry,
        state=table_state(entry),
        path=s3_path(entry.environment, entry.folder),
        short_path=f"{TARGET_SCHEMA}/{entry.folder}/",
        status=table_status_of(entry),
        may_propose=can_propose(actor, entry.environment, entry.task.setup.team),
        acts=act_links(entry),
        remark=remark,
        meter=progress_meter(entry, expected_rows=expected_rows),
    )


def table_lines(entries: Sequence[TableEntry], actor: User, pairs: Sequence[Superseding]) -> list[TableLine]:
    """The tables as `actor` sees them; `pairs` are those of them that stand in two tasks."""
    said = remarks(pairs)
    rows = {pair.newer.pk: rows_of(pair.older) for pair in pairs}
    return [
        table_line(entry, actor, remark=said.get(entry.pk, ""), expected_rows=rows.get(entry.pk)) for entry in entries
    ]


def life_lines(life: TableLife) -> list[LifeLine]:
    """The table's history and what was seen of it in DMS, as sentences, newest first."""
    rows = life.history
    earlier: dict[int, Any] = {}
    lines: list[LifeLine] = []
    for row in reversed(rows):
        sentence, tone, symbol = _what_happened(row, earlier.get(row.id))
        earlier[row.id] = row
        number = row.change_request_number or 0
        lines.append(
            LifeLine(
                at=row.history_date,
                sentence=sentence,
                tone=tone,
                symbol=symbol,
                person=row.actor_name or "Sluice",
                reason="" if number in life.change_requests else row.history_change_reason or "",
                asked_for=life.change_requests.get(number),
            )
        )
    lines += [_observed(event) for event in life.observed]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _observed(event: AuditEvent) -> LifeLine:
    """A load, or another change of state in DMS."""
    line = event_line(event)
    return LifeLine(event.at, event.sentence, line.tone, "◦", event.actor_name, "")


def _what_happened(row: Any, before: Any) -> tuple[str, str, str]:
    """The sentence, its tone and its symbol; history types: + created, ~ changed, - deleted."""
    if row.history_type == "-":
        return f"Removed; {row.version} is retired.", "remove", "−"
    if before is None:
        return f"Added as {row.version}.", "add", "+"
    if row.version != before.version:
        return f"Reloaded: {before.version} became {row.version}.", "reload", "↻"
    if row.paused != before.paused:
        return ("Paused.", "change", "‖") if row.paused else ("Resumed.", "add", "●")
    return "Changed.", "change", "~"
