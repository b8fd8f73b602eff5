"""Meters: a measure against its limit, for `components/meter.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from deploy_engine.checks import LimitMeter

NEARLY_FULL_PERCENT = 80
FULLEST_SHOWN = 3
KILOBYTE, MEGABYTE = 1_000, 1_000_000


@dataclass(frozen=True)
class Meter:
    """`percent` is 0 to 100; `words` tell the measure and the limit; `note` says what to do about it, or nothing."""

    label: str
    words: str
    percent: int
    tone: str
    note: str = ""


def meter_for(label: str, value: int, limit: int, *, unit: str) -> Meter:
    """A meter that is good with room to spare, a warning from 80 % on, and bad above its limit."""
    percent = round(100 * value / limit) if limit else 100
    tone = "bad" if value > limit else "warning" if percent >= NEARLY_FULL_PERCENT else "good"
    return Meter(label, f"{value} of {limit} {unit}", min(percent, 100), tone)


def limit_meters(limits: Sequence[LimitMeter], before: Sequence[LimitMeter] = ()) -> list[Meter]:
    """The limits of the stack, and of its fullest tasks; with `before`, how much a change adds to each.

    Every task has a meter of its mappings. Only the fullest are worth a line, and those that are nearly full.
    """
    earlier = {limit.label: limit.value for limit in before}
    of_stack = [limit for limit in limits if not limit.task]
    of_tasks = sorted((limit for limit in limits if limit.task), key=lambda limit: -limit.value)
    shown = [limit for place, limit in enumerate(of_tasks) if place < FULLEST_SHOWN or limit.nearly_full]
    return [_limit_meter(limit, earlier.get(limit.label, 0) if before else None) for limit in (*of_stack, *shown)]


def _limit_meter(limit: LimitMeter, before: int | None) -> Meter:
    meter = meter_for(limit.label, limit.value, limit.limit, unit=limit.unit)
    difference = limit.value - before if before is not None else 0
    sign = "+" if difference > 0 else "−"
    change = f" ({sign}{_size(abs(difference), limit.unit)} by this change)" if difference else ""
    value = _size(limit.value, limit.unit) if limit.unit == "bytes" else str(limit.value)
    words = f"{value} of {_size(limit.limit, limit.unit)}{change}"
    note = limit.remedy if limit.over or limit.nearly_full else limit.note
    return replace(meter, words=words, note=f"{note[:1].upper()}{note[1:]}." if note else "")


def _size(number: int, unit: str) -> str:
    """ "727 bytes", "26.1 kB", "2 MB", "15 resources"; a kB is a thousand bytes, as the limits count them."""
    if unit != "bytes" or number < KILOBYTE:
        return f"{number} {unit}"
    size, name = (number / MEGABYTE, "MB") if number >= MEGABYTE else (number / KILOBYTE, "kB")
    return f"{size:.1f}".removesuffix(".0") + f" {name}"
