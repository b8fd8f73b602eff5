"""Moving time for processes and for the database at once, as it passes in truth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import time_machine
from django.utils import timezone

from replication.database_clock import clock_taken_from


@contextmanager
def travel(moment: datetime | str, *, tick: bool = True) -> Iterator[None]:
    """Be at `moment`; as a context or as a decorator."""
    with time_machine.travel(moment, tick=tick), clock_taken_from(timezone.now):
        yield
