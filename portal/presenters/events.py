"""Audit events as lines of a timeline, grouped by day, for `components/event_days.html`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from replication.choices import AuditKind
from replication.models import AuditEvent

MARKS = {
    "review.approved": ("check", "good"),
    "review.changes_requested": ("message-square-warning", "warning"),
    "review.refused": ("x", "bad"),
    "review.voided": ("undo-2", "warning"),
    "review": ("eye", "neutral"),
    "change_request.merged": ("git-merge", "progress"),
    "change_request.returned": ("undo-2", "warning"),
    "change_request": ("git-pull-request", "neutral"),
    "version": ("layers", "progress"),
    "checks": ("list-checks", "neutral"),
    "deployment.finished": ("waves-horizontal", "good"),
    "deployment.failed": ("triangle-alert", "bad"),
    "deployment": ("waves-horizontal", "progress"),
    "attempt": ("shield-alert", "bad"),
    "task": ("workflow", "neutral"),
    "table": ("table-2", "neutral"),
    "session": ("log-in", "neutral"),
    "session.signed_out": ("log-out", "neutral"),
    "session.refused": ("shield-alert", "warning"),
    "audit": ("download", "neutral"),
    "incident": ("triangle-alert", "bad"),
    "git": ("git-commit-horizontal", "neutral"),
    "company": ("download", "neutral"),
    "environment": ("waves-horizontal", "neutral"),
    "team": ("users", "neutral"),
    "membership": ("user-round-plus", "neutral"),
}
"""Icon and tone by kind, or by what the kind is about."""


STATE_TONES = {
    "running": "good",
    "failed": "bad",
    "stopped": "warning",
    "Table completed": "good",
    "Table error": "bad",
    "Table cancelled": "bad",
}
"""Tone by the state that a task or table came into, in DMS's words."""


@dataclass(frozen=True)
class EventLine:
    """One event with the mark beside it."""

    event: AuditEvent
    icon: str
    tone: str
    word: str


@dataclass(frozen=True)
class EventDay:
    """The events of one day (UTC), newest first."""

    day: date
    lines: list[EventLine]


def event_days(events: Iterable[AuditEvent]) -> list[EventDay]:
    """Events, newest first, under the days on which they happened."""
    return [
        EventDay(day, [event_line(event) for event in group])
        for day, group in groupby(events, key=lambda event: event.at.date())
    ]


def event_line(event: AuditEvent) -> EventLine:
    """One event with its mark; a kind that nobody drew a mark for gets a dot."""
    about = event.kind.partition(".")[0]
    icon, tone = MARKS.get(event.kind) or MARKS.get(about) or ("circle-dot", "neutral")
    if about in ("task", "table"):
        tone = STATE_TONES.get(str(event.data.get("to", "")), tone)
    return EventLine(event, icon, tone, str(AuditKind(event.kind).label))
