"""Meters: a measure against its limit, for `components/meter.html`."""

from __future__ import annotations

from dataclasses import dataclass

NEARLY_FULL_PERCENT = 80


@dataclass(frozen=True)
class Meter:
    """`percent` is 0 to 100; `words` tell the measure and the limit."""

    label: str
    words: str
    percent: int
    tone: str


def meter_for(label: str, value: int, limit: int, *, unit: str) -> Meter:
    """A meter that is good with room to spare, a warning from 80 % on, and bad above its limit."""
    percent = round(100 * value / limit) if limit else 100
    tone = "bad" if value > limit else "warning" if percent >= NEARLY_FULL_PERCENT else "good"
    return Meter(label, f"{value} of {limit} {unit}", min(percent, 100), tone)
