"""Remembers which operations were called, so that tests and measurements can count them."""

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 100_000


@dataclass(frozen=True)
class RecordedCall:
    """One call as it arrived: ``at`` in seconds since 1970, ``error`` the code of the refusal or empty."""

    at: float
    service: str
    operation: str
    access_key: str
    error: str


class Recorder:
    """The calls in the order in which they were answered, the newest ``KEPT`` of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[RecordedCall] = deque(maxlen=KEPT)

    def record(self, call: RecordedCall) -> None:
        """Remember ``call``."""
        with self._lock:
            self._calls.append(call)

    def calls(self) -> list[RecordedCall]:
        """Return the calls remembered, oldest first."""
        with self._lock:
            return list(self._calls)

    def clear(self) -> None:
        """Forget the calls."""
        with self._lock:
            self._calls.clear()

    def summary(self) -> dict[str, Any]:
        """Return the counts by ``service:Operation`` and the calls, as the control endpoint shows them."""
        calls = self.calls()
        counts = Counter(f"{call.service}:{call.operation}" for call in calls)
        return {"counts": dict(sorted(counts.items())), "calls": [asdict(call) for call in calls]}
