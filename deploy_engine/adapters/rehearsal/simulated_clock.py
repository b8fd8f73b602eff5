"""The local AWS's time, reckoned here: a deployment in it waits and measures in simulated seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from deploy_engine.adapters.rehearsal.local_aws_process import LocalAwsProcess
from deploy_engine.errors import EngineError
from deploy_engine.execution.limits import Limits


class RehearsalTooLong(EngineError):
    """The rehearsal was given up, because it took longer than it may."""


@dataclass(frozen=True)
class SimulatedClock:
    """``speed`` simulated seconds pass in a real one; ``deadline`` is a moment of this machine's monotonic clock."""

    process: LocalAwsProcess
    speed: float
    deadline: float

    def now(self) -> datetime:
        """The present moment in the local AWS, aware, in UTC."""
        passed = (time.monotonic() - self.process.measured) * self.speed
        return datetime.fromtimestamp(self.process.now + passed, UTC)

    def sleep(self, seconds: float) -> None:
        """Wait so many simulated seconds; raises :class:`RehearsalTooLong` once the deadline is over."""
        if time.monotonic() > self.deadline:
            raise RehearsalTooLong("the rehearsal took too long and was given up; nothing outside of it was touched")
        time.sleep(seconds / self.speed)


def limits_at(speed: float) -> Limits:
    """The limits of a deployment by such a clock: what bounds this machine's own slowness stays in real seconds."""
    real = Limits()
    return replace(
        real,
        lease=real.lease * speed,
        grace=real.grace * speed,
        call_budget=real.call_budget * speed,
        statistics_age=real.statistics_age * speed,
    )
