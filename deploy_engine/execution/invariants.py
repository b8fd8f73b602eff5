"""What must hold whatever happens (reliability.md A5), as sentences about what AWS was seen to go through.

Tests record events and ask :func:`violations` after each run; an empty answer is the proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from deploy_engine.execution.states import State
from deploy_engine.planning import Plan

STOP, START, EXECUTE, LOAD = "StopReplicationTask", "StartReplicationTask", "ExecuteChangeSet", "load"
CALLS = frozenset(
    {
        STOP,
        START,
        EXECUTE,
        "PutObject",
        "CreateChangeSet",
        "DeleteChangeSet",
        "DeleteStack",
        "AddTagsToResource",
        "RemoveTagsFromResource",
    }
)


@dataclass(frozen=True)
class Event:
    """Something that had an effect in AWS: a call (``kind`` is its operation), or a ``load`` that began.

    ``trouble`` names what made it forbidden at that moment: the tables that a stopped task was loading, the stack at
    work under a start, the tasks not at rest under an execution, the data in the way of a load; "" for nothing.
    """

    at: datetime
    kind: str
    target: str
    trouble: str = ""


@dataclass(frozen=True)
class WrittenIntent:
    """An intent as the journal kept it; ``closed`` once its outcome is known."""

    operation: str
    target: str
    at: datetime
    closed: bool


_FORBIDDEN: Mapping[str, str] = {
    STOP: "I1: {target} was stopped while it loaded {trouble}",
    LOAD: "I2: a table began to load into {target}, where data lay",
    START: "I4: {target} was started while {trouble} was being updated",
    EXECUTE: "I4: {target} was executed while {trouble} was not at rest",
}


def _forbidden(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        if event.trouble and event.kind in _FORBIDDEN:
            yield _FORBIDDEN[event.kind].format(target=event.target, trouble=event.trouble)


def _executed_once(events: Iterable[Event]) -> Iterator[str]:
    for target, times in Counter(event.target for event in events if event.kind == EXECUTE).items():
        if times > 1:
            yield f"I3: {target} was executed {times} times"


def _paused(events: Sequence[Event], budget_seconds: float) -> Iterator[str]:
    stopped: dict[str, datetime] = {}
    for event in events:
        if event.kind == STOP:
            stopped[event.target] = event.at
        if event.kind == START and event.target in stopped:
            paused = (event.at - stopped.pop(event.target)).total_seconds()
            if paused > budget_seconds:
                yield f"I6: {event.target} stood still for {paused:.0f} s, and {budget_seconds:.0f} s are allowed"


def _unwritten(events: Iterable[Event], intents: Sequence[WrittenIntent]) -> Iterator[str]:
    for event in events:
        written = [i for i in intents if i.operation == event.kind and i.target == event.target and i.at <= event.at]
        if event.kind in CALLS and not written:
            yield f"I8: {event.kind} of {event.target} was not written down before it was made"
    for intent in intents:
        if not intent.closed:
            yield f"I8: it was never found out what became of {intent.operation} of {intent.target}"


def _foreign(plan: Plan, events: Iterable[Event]) -> Iterator[str]:
    ours = {name for step in plan.steps for name in (*step.pause, *step.resume, *step.start, *step.stay_stopped)}
    for event in events:
        if event.kind in {STOP, START, "AddTagsToResource", "RemoveTagsFromResource"} and event.target not in ours:
            yield f"I9: {event.target} was touched, and is not in the plan"


def _run_states(state: State, wanted: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for task, run_state in sorted(wanted.items()):
        if (found.get(task) == "running") != (run_state == "running"):
            yield f"I5: {task} should be {run_state} after {state.value}, and is {found.get(task, 'gone')}"


def violations(
    plan: Plan,
    events: Sequence[Event],
    intents: Sequence[WrittenIntent],
    *,
    state: State,
    wanted: Mapping[str, str],
    found: Mapping[str, str],
    pause_budget_seconds: float,
) -> tuple[str, ...]:
    """Every invariant that a deployment broke, in words.

    ``wanted`` are the run states (``running`` or ``stopped``) of tasks that the revision asks for which holds after a
    run that ended in ``state``; ``found`` their DMS statuses.
    """
    return (
        *_forbidden(events),
        *_executed_once(events),
        *_run_states(state, wanted, found),
        *_paused(events, pause_budget_seconds),
        *_unwritten(events, intents),
        *_foreign(plan, events),
    )
