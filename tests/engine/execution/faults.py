"""Every point at which a deployment can be hurt, found by letting it run: each call of each port is one or more points.

A point is the number of a call, counted over all processes that carry a deployment. After each call the invariants are
asked, so that what was broken only for a moment is seen too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, cast

from deploy_engine.errors import AwsThrottled, AwsUnreachable
from deploy_engine.execution.invariants import CALLS, Event
from deploy_engine.execution.ports import AwsHands, Journal

READS = frozenset(
    {
        "stack",
        "tasks",
        "task_tags",
        "table_statistics",
        "prefix_occupied",
        "change_set",
        "failure_reason",
        "table_mappings",
        "endpoint_tested",
    }
)
MUTATIONS = frozenset(
    {
        "put_template",
        "create_change_set",
        "delete_change_set",
        "execute_change_set",
        "delete_stack",
        "cancel_update",
        "continue_rollback",
        "stop_task",
        "start_task",
        "tag_task",
        "untag_task",
    }
)
COMMITS = frozenset({"acquire", "intend", "record", "release"})
HARMLESS = frozenset({"now", "load", "session_left", "fence"})
"""They only read what the journal holds: to crash there is to crash after the call before."""


class Fault(Enum):
    """What goes wrong at a point."""

    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    THROTTLE = "throttle"
    SILENT_BEFORE = "no answer, no effect"
    SILENT_AFTER = "no answer, but the effect"
    BROKEN_BEFORE = "the database fails before the commit"
    BROKEN_AFTER = "the database fails after the commit"


CRASHES = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER)
FAULTS_OF_A_CALL = (*CRASHES, Fault.THROTTLE, Fault.SILENT_BEFORE, Fault.SILENT_AFTER)
FAULTS_OF_A_COMMIT = (*CRASHES, Fault.BROKEN_BEFORE, Fault.BROKEN_AFTER)


class Crash(BaseException):
    """The process is gone; not an ``Exception``, so that nothing catches it by accident."""


class DatabaseFails(Exception):
    """The database does not take the transaction, or nobody knows whether it did."""


def faults_of(method: str) -> tuple[Fault, ...]:
    """The faults that a call of this method can meet; a method that is in no list fails the test run."""
    if method in READS | MUTATIONS:
        return FAULTS_OF_A_CALL
    if method in COMMITS:
        return FAULTS_OF_A_COMMIT
    if method in HARMLESS:
        return ()
    raise AssertionError(f"{method} is a call that no fault covers")


def leaves_a_mark(method: str) -> bool:
    """Whether a process that died after this call left another world than one that died before it."""
    return method in MUTATIONS or method in COMMITS


Point = tuple[int, Fault]


@dataclass
class Weather:
    """Counts the calls of a whole deployment, over all processes that carry it, and hurts the scheduled ones.

    ``events`` is where the effects in AWS are written; ``after_call`` is asked after every call, whatever became of it.
    """

    schedule: Mapping[int, Fault] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    after_call: Callable[[], None] = lambda: None
    before_call: Callable[[int], None] = lambda _number: None

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple((number, fault) for number, call in enumerate(self.calls) for fault in faults_of(call))

    @property
    def crashes(self) -> Iterator[Point]:
        """One for each state in which a process can be found dead: after every commit and every mutating call.

        A crash before one of these, or around a look, finds the same state as the crash after what came before it.
        """
        for number, call in enumerate(self.calls):
            if leaves_a_mark(call):
                yield number, Fault.CRASH_AFTER


class Process:
    """One worker's view of the ports: faults strike its calls, and after a crash nothing of it acts any more."""

    def __init__(self, weather: Weather, hands: AwsHands, journal: Journal) -> None:
        self._weather = weather
        self._dead = False
        self._fence = 0
        self.hands = cast(AwsHands, _Port(self, hands))
        self.journal = cast(Journal, _Port(self, journal))

    def call(self, name: str, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._dead:
            raise Crash
        weather = self._weather
        number = len(weather.calls)
        weather.calls.append(name)
        weather.before_call(number)
        fault = weather.schedule.get(number)
        self._strike_before(fault)
        begin = len(weather.events)
        try:
            result = method(*args, **kwargs)
        finally:
            self._sign(begin)
            weather.after_call()
        if name == "acquire" and result is not None:
            self._fence = result.fence
        self._strike_after(fault)
        return result

    def _sign(self, begin: int) -> None:
        """Write on the effects under whose fence they were caused."""
        events = self._weather.events
        for place in range(begin, len(events)):
            if events[place].kind in CALLS:
                events[place] = replace(events[place], fence=self._fence)

    def _strike_before(self, fault: Fault | None) -> None:
        if fault is Fault.THROTTLE:
            raise AwsThrottled("Rate exceeded")
        if fault is Fault.SILENT_BEFORE:
            raise AwsUnreachable("the connection was reset")
        if fault is Fault.BROKEN_BEFORE:
            raise DatabaseFails("database is locked")
        if fault is Fault.CRASH_BEFORE:
            self._dead = True
            raise Crash

    def _strike_after(self, fault: Fault | None) -> None:
        if fault is Fault.SILENT_AFTER:
            raise AwsUnreachable("no answer within 5 s")
        if fault is Fault.BROKEN_AFTER:
            raise DatabaseFails("the connection was lost")
        if fault is Fault.CRASH_AFTER:
            self._dead = True
            raise Crash


class _Port:
    def __init__(self, process: Process, real: object) -> None:
        self._process = process
        self._real = real

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._real, name)
        return lambda *args, **kwargs: self._process.call(name, method, *args, **kwargs)
