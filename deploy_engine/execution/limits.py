"""How long things may take and how often they are looked at; every figure a setting (docs/reliability.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Limits:
    """All in seconds, but for ``attempts`` and what is yes or no. Deadlines change the state; none raises."""

    lease: float = 20
    grace: float = 10
    """How long after a lease's end nobody takes over: its holder may still be in its last call."""

    call_budget: float = 5
    """The longest that one AWS call may take; a stop is sent only with twice this left of the lease."""

    fenced: bool = False
    """Whether AWS itself refuses a stop or start that comes too late; the deployer's role needs the condition."""

    statistics_age: float = 5
    """How old the table statistics may be on which a stop rests (invariant I1)."""

    statistics_refreshed: float = 900
    """How long ago DMS itself may have refreshed a running task's statistics; older ones tell nothing."""

    slow_write: float = 1
    """No task is stopped while a write to the journal takes longer: the start would be as slow."""

    session_left: float = 900
    """How long the credentials must still hold before a task is stopped."""

    poll: float = 2
    load_poll: float = 15
    stuck_poll: float = 30
    backoff: float = 1
    backoff_longest: float = 60
    settle: float = 10
    """How long an accepted call may take to show; only then is it made again (with the same token)."""

    steady: float = 10
    """Tasks must be seen running twice, this far apart, before a step counts as verified."""

    prepare_deadline: float = 600
    guard_deadline: float = 24 * 3600
    """Full loads take hours, and the deployment waits for their end while the task keeps running."""

    stop_deadline: float = 900
    update_deadline: float = 3600
    cancel_late_updates: bool = False
    """Whether an update beyond its deadline is cancelled without anybody asking; else people are told and asked."""

    start_deadline: float = 900
    verify_deadline: float = 600
    half_retry: float = 60
    pause_budget: float = 1800
    """Written on a stopped task as the moment by which somebody must have resumed it."""

    attempts: int = 5
    """How often a refused call, or a task that does not stay running, is tried again within a state."""

    def faster(self, factor: float) -> Limits:
        """The same with all waiting between looks divided by ``factor``: for a local AWS that runs faster."""
        return replace(
            self,
            poll=self.poll / factor,
            load_poll=self.load_poll / factor,
            stuck_poll=self.stuck_poll / factor,
            backoff=self.backoff / factor,
            settle=self.settle / factor,
            steady=self.steady / factor,
            half_retry=self.half_retry / factor,
        )
