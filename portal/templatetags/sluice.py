"""Template filters: how Sluice writes times, durations, counts and people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.presenters.badges import Badge, StateWithFace, badge_for
from replication.models import TableEntry
from replication.selectors.health import TableState
from replication.selectors.health import table_state as state_of_table

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86400
SOON_SECONDS = 10
SHORTEST_SECONDS = 0.1
DAYS_BEFORE_DATES = 14


@register.filter
def ago(at: datetime | None) -> str:
    """Distance from now in one unit: "just now", "4 min ago", "in 2 h"; a date once it is over two weeks away."""
    if at is None:
        return "never"
    seconds = (timezone.now() - at).total_seconds()
    distance = abs(seconds)
    if distance < SOON_SECONDS:
        return "just now"
    if distance >= DAYS_BEFORE_DATES * DAY:
        return at.strftime("%-d %b %Y")
    words = _one_unit(distance)
    return f"{words} ago" if seconds > 0 else f"in {words}"


@register.filter
def moment(at: datetime | str | None) -> SafeString:
    """A `<time>` that tells the distance from now, and the exact moment in UTC when pointed at.

    "never" without a moment; Django hands a missing variable over as an empty text.
    """
    if not isinstance(at, datetime):
        return format_html('<span class="soft">{}</span>', "never")
    exact = at.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>', exact.isoformat(), f"{exact:%Y-%m-%d %H:%M:%S}", ago(at)
    )


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A length of time (seconds, or a timedelta) in at most two units: "0.4 s", "42 s", "4 min 10 s", "3 h 55 min"."""
    if value is None:
        return ""
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if seconds < SHORTEST_SECONDS:
        return "under 0.1 s"
    if seconds < SOON_SECONDS:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    whole = round(seconds)
    for size, unit, next_size, next_unit in (
        (DAY, "d", HOUR, "h"),
        (HOUR, "h", MINUTE, "min"),
        (MINUTE, "min", 1, "s"),
    ):
        if whole >= size:
            rest = whole % size // next_size
            return f"{whole // size} {unit} {rest} {next_unit}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


@register.filter
def thousands(number: int | None) -> str:
    """A count with narrow spaces between groups of three digits: "812 400 117" cannot be read as a fraction."""
    return "" if number is None else f"{number:,}".replace(",", "\u202f")


@register.filter
def badge(state: StateWithFace) -> Badge:
    """The context of `components/state_badge.html` for a state of the domain."""
    return badge_for(state)


@register.filter
def table_state(entry: TableEntry) -> TableState:
    """How a table fares, from what was last seen of it."""
    return state_of_table(entry)


@register.filter
def initials(name: str) -> str:
    """At most two letters for a person's disc: "Ada Lovelace" and "ada.lovelace" are "AL"."""
    words = [word for word in name.replace(".", " ").replace("-", " ").replace("_", " ").split() if word]
    letters = [word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)]
    return "".join(letters).upper() or "?"


def _one_unit(seconds: float) -> str:
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"
