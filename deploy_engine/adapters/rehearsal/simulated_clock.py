"""The local AWS's time, reckoned here: a deployment in it waits and measures in simulated seconds.

The local AWS itself tells this machine's times to whoever asks, however fast it lives; they are translated here.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from deploy_engine.adapters.rehearsal.local_aws_process import LocalAwsProcess
from deploy_engine.errors import EngineError
from deploy_engine.execution.limits import Limits

LONGEST_SECONDS = 240.0
"""Of this machine's clock, for the whole of a rehearsal."""


class RehearsalGivenUp(EngineError):
    """The rehearsal took longer than it may, or nobody waits for it any more."""


@dataclass(frozen=True)
class SimulatedClock:
    """``speed`` simulated seconds pass in a real one; ``deadline`` is a moment of this machine's monotonic clock."""

    process: LocalAwsProcess
    speed: float
    deadline: float
    parent: int
    """The process that waits for the rehearsal; once it is gone, a local AWS must not be left running for nobody."""

    def now(self) -> datetime:
        """The present moment in the local AWS, aware, in UTC."""
        return self.began + timedelta(seconds=(time.monotonic() - self.process.measured) * self.speed)

    @property
    def began(self) -> datetime:
        """The moment that both clocks share, simulated time and this machine's."""
        return datetime.fromtimestamp(self.process.now, UTC)

    def simulated(self, told: datetime) -> datetime:
        """The simulated moment of a time that the local AWS told."""
        return self.began + (told - self.began) * self.speed

    def told(self, simulated: datetime) -> datetime:
        """The time that the local AWS tells of a simulated moment."""
        return self.began + (simulated - self.began) / self.speed

    def sleep(self, seconds: float) -> None:
        """Wait so many simulated seconds; raises :class:`RehearsalGivenUp` where it must end."""
        if time.monotonic() > self.deadline:
            raise RehearsalGivenUp("The rehearsal took too long and was given up; nothing outside of it was touched")
        if os.getppid() != self.parent:
            raise RehearsalGivenUp("Whoever asked for the rehearsal is gone, so it was given up")
        time.sleep(seconds / self.speed)


def limits_at(speed: float) -> Limits:
    """The limits of a deployment by such a clock: what bounds this machine's own slowness stays in real seconds.

    The local AWS dates statistics by this machine's clock, which falls behind the simulated one all the while.
    """
    real = Limits()
    return replace(
        real,
        lease=real.lease * speed,
        grace=real.grace * speed,
        call_budget=real.call_budget * speed,
        statistics_age=real.statistics_age * speed,
        statistics_refreshed=real.statistics_refreshed + LONGEST_SECONDS * speed,
    )
