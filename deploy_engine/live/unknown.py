"""What could not be learnt. It is never read as "nothing": a check over an unknown blocks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part of an observation that AWS did not tell, with the reason in a sentence."""

    reason: str
