"""Every point at which a deployment can be hurt, found by letting it run: each call of each port is one or more points.

A crash during a look is the same as one after the lease was taken, and one before a call the same as one after what
came before it: so crashes are injected after each write and each mutating call: that covers all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast

from deploy_engine.errors import AwsThrottled, AwsUnreachable
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
        "stop_task",
        "start_task",
        "tag_task",
        "untag_task",
    }
)
WRITES = frozenset({"acquire", "intend", "record"})
HARMLESS = frozenset({"now", "load", "release", "validate_template"})
"""Nothing lies between these and the next point that would make a fault here another one."""


class Fault(Enum):
    """What goes wrong at a point."""

    CRASH_AFTER = "crash after"
    THROTTLE = "throttle"
    SILENT_BEFORE = "no answer, no effect"
    SILENT_AFTER = "no answer, but the effect"


FAULTS_OF_A_READ = (Fault.SILENT_BEFORE,)
FAULTS_OF_A_MUTATION = (Fault.CRASH_AFTER, Fault.THROTTLE, Fault.SILENT_BEFORE, Fault.SILENT_AFTER)
FAULTS_OF_A_WRITE = (Fault.CRASH_AFTER,)


class Crash(BaseException):
    """The process is gone; not an ``Exception``, so that nothing catches it by accident."""


def faults_of(method: str) -> tuple[Fault, ...]:
    """The faults that a call of this method can meet; a method that is in no list fails the test run."""
    for methods, faults in ((READS, FAULTS_OF_A_READ), (MUTATIONS, FAULTS_OF_A_MUTATION), (WRITES, FAULTS_OF_A_WRITE)):
        if method in methods:
            return faults
    if method in HARMLESS:
        return ()
    raise AssertionError(f"{method} is a call that no fault covers")


@dataclass
class Weather:
    """Counts the calls of a whole deployment, over all processes that carry it, and hurts the scheduled ones."""

    schedule: Mapping[int, Fault] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    @property
    def points(self) -> tuple[tuple[int, Fault], ...]:
        return tuple((number, fault) for number, call in enumerate(self.calls) for fault in faults_of(call))


class Process:
    """One worker's view of the ports: faults strike its calls, and after a crash nothing of it acts any more."""

    def __init__(self, weather: Weather, hands: AwsHands, journal: Journal) -> None:
        self._weather = weather
        self._dead = False
        self.hands = cast(AwsHands, _Port(self, hands))
        self.journal = cast(Journal, _Port(self, journal))

    def call(self, name: str, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._dead:
            raise Crash
        number = len(self._weather.calls)
        self._weather.calls.append(name)
        fault = self._weather.schedule.get(number)
        if fault is Fault.THROTTLE:
            raise AwsThrottled("Rate exceeded")
        if fault is Fault.SILENT_BEFORE:
            raise AwsUnreachable("the connection was reset")
        result = method(*args, **kwargs)
        if fault is Fault.SILENT_AFTER:
            raise AwsUnreachable("no answer within 5 s")
        if fault is Fault.CRASH_AFTER:
            self._dead = True
            raise Crash
        return result


class _Port:
    def __init__(self, process: Process, real: object) -> None:
        self._process = process
        self._real = real

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._real, name)
        return lambda *args, **kwargs: self._process.call(name, method, *args, **kwargs)
