"""Durations, counts and rows as people say them."""

from __future__ import annotations

from collections.abc import Iterable


def duration(seconds: float) -> str:
    """``under 1 s``, ``40 s``, ``4 min``, ``4 h 10 min``: seconds below a minute, else whole minutes."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    whole = round(seconds / 60)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60:02d} min"


def about(seconds: float) -> str:
    """An estimate: ``about 4 h 10 min``; a few seconds are said as they are."""
    return duration(seconds) if seconds < 60 else f"about {duration(seconds)}"


def tables(count: int) -> str:
    return "1 table" if count == 1 else f"{count} tables"


def rows(count: int) -> str:
    """``1 row``, ``53,120 rows``, ``5.3 M rows``, ``812 M rows``."""
    if count < 1_000_000:
        return "1 row" if count == 1 else f"{count:,} rows"
    millions = count / 1_000_000
    return f"{millions:.1f} M rows" if millions < 10 else f"{millions:,.0f} M rows"


def listed(names: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *others, last = list(names) or ["nothing"]
    return f"{', '.join(others)} and {last}" if others else last
