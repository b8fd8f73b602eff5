"""Python's collector of cycles, kept from the middle of somebody's page."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 100, 1_000
"""A young collection after so many objects more, a middle one after so many young ones, a whole one after so many of
those. With Python's own 700, 10 and 10, every third page of a large team waited a tenth of a second for a whole one
(`docs/measurements.md`)."""


def keep_collector_short() -> None:
    """Set apart all that is loaded, which stays for good, and let young collections do the work: they take a moment."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
