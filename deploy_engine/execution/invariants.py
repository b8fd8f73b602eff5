"""What must hold whatever happens (docs/reliability.md), as sentences about what AWS was seen to go through.

Tests record events and ask :func:`standing` after each of them and :func:`settled` once a deployment has ended; empty
answers are the proof. I11 (the audit is append-only) and I13 (an end is reached) are the journal's and the clock's, and
are proven where those are at hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from deploy_engine.execution.states import State
from deploy_engine.planning import Plan

STOP, START, EXECUTE, LOAD = "StopReplicationTask", "StartReplicationTask", "ExecuteChangeSet", "load"
FELL = "fell"
"""A task that stopped running by itself."""

TAG, UNTAG = "AddTagsToResource", "RemoveTagsFromResource"
ON_TASKS = frozenset({STOP, START, TAG, UNTAG})
CALLS = ON_TASKS | {
    EXECUTE,
    "PutObject",
    "CreateChangeSet",
    "DeleteChangeSet",
    "DeleteStack",
    "CancelUpdateStack",
    "ContinueUpdateRollback",
}
"""Every call by which a deployment changes anything."""

NOTICED_WITHIN = 120.0
"""Seconds in which people must have been told that a task stands still for longer than its budget."""

_VERSIONED = re.compile(r"(?P<table>.+)_(?P<version>v\d{12})/")


@dataclass(frozen=True)
class Event:
    """Something that had an effect in AWS: a call (``kind`` is its operation), a ``load`` that began, a task that fell.

    ``trouble`` names what made it forbidden at that moment: the tables that a stopped task was loading, the stack at
    work under a start, the tasks not at rest under an execution, the data in the way of a load; "" for nothing.
    ``fence`` is that of the lease under which a call was made, 0 where nobody knows it.
    """

    at: datetime
    kind: str
    target: str
    trouble: str = ""
    fence: int = 0


@dataclass(frozen=True)
class WrittenIntent:
    """An intent as the journal kept it; ``closed`` once its outcome is known."""

    operation: str
    target: str
    at: datetime
    closed: bool
    fence: int = 0


@dataclass(frozen=True)
class History:
    """All that happened so far. ``told`` are the moments at which people were told that something is wrong;
    ``loaded_before`` the S3 prefixes that held data before.
    """

    plan: Plan
    events: Sequence[Event]
    intents: Sequence[WrittenIntent]
    pause_budget_seconds: float
    told: Sequence[datetime] = ()
    loaded_before: frozenset[str] = field(default_factory=frozenset)


_FORBIDDEN: Mapping[str, str] = {
    STOP: "I1: {target} was stopped while it loaded {trouble}",
    LOAD: "I2: a table began to load into {target}, where data lay",
    START: "I4: {target} was started while {trouble} was being updated",
    EXECUTE: "I4: {target} was executed while {trouble} was not at rest",
}


def standing(history: History, now: datetime) -> tuple[str, ...]:
    """What has been broken by now, in words: what must hold at every moment."""
    return (
        *_forbidden(history.plan, history.events),
        *_executed_once(history.events),
        *_paused(history, now),
        *_unwritten(history),
        *_foreign(history.plan, history.events),
        *_old_versions(history),
    )


def settled(
    history: History,
    *,
    state: State,
    ran_before: Mapping[str, bool],
    wanted: Mapping[str, str],
    found: Mapping[str, str],
) -> tuple[str, ...]:
    """What is broken at the end of a deployment beside what :func:`standing` says.

    ``wanted`` are the run states (``running`` or ``stopped``) of tasks that the revision asks for which holds after a
    run that ended in ``state``; ``found`` their DMS statuses, and ``ran_before`` who ran at the beginning.
    """
    return (
        *_run_states(state, wanted, found),
        *_balanced(history.events, ran_before, found),
        *_never_found_out(history.intents),
    )


def acts_of_a_planner(calls: Iterable[str]) -> tuple[str, ...]:
    """I12: the mutating operations among the calls of a role that may only look."""
    return tuple(f"I12: a planner called {call}" for call in calls if call in CALLS)


def _forbidden(plan: Plan, events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        if event.kind == STOP and _given_up(plan, event):
            continue
        if event.trouble and event.kind in _FORBIDDEN:
            yield _FORBIDDEN[event.kind].format(target=event.target, trouble=event.trouble)


def _given_up(plan: Plan, stop: Event) -> bool:
    """Whether the plan gives up every load that the stop interrupted, with its folder."""
    given_up = {table for step in plan.steps for task, table in step.given_up if task == stop.target}
    return bool(stop.trouble) and given_up.issuperset(stop.trouble.split(","))


def _executed_once(events: Iterable[Event]) -> Iterator[str]:
    for target, times in Counter(event.target for event in events if event.kind == EXECUTE).items():
        if times > 1:
            yield f"I3: {target} was executed {times} times"


def _paused(history: History, now: datetime) -> Iterator[str]:
    """A pause beyond its budget is no breach where people were told of it in time."""
    stopped: dict[str, datetime] = {}
    removed = {task for step in history.plan.steps for task in (*step.stay_stopped, *step.pause)} - {
        task for step in history.plan.steps for task in (*step.resume, *step.start)
    }
    over: list[tuple[str, datetime, datetime]] = []
    for event in history.events:
        if event.kind == STOP and event.target not in removed:
            stopped[event.target] = event.at
        if event.kind == START and event.target in stopped:
            over.append((event.target, stopped.pop(event.target), event.at))
    over += [(task, since, now) for task, since in stopped.items()]
    for task, since, until in over:
        seconds, budget = (until - since).total_seconds(), history.pause_budget_seconds
        in_time = any(0 <= (told - since).total_seconds() <= budget + NOTICED_WITHIN for told in history.told)
        if seconds > budget + NOTICED_WITHIN and not in_time:
            yield f"I6: {task} stood still for {seconds:.0f} s, {budget:.0f} s are allowed, and nobody was told"


def _unwritten(history: History) -> Iterator[str]:
    for event in history.events:
        if event.kind not in CALLS:
            continue
        written = [i for i in history.intents if (i.operation, i.target) == (event.kind, event.target)]
        if not any(intent.at <= event.at and event.fence in {0, intent.fence} for intent in written):
            yield f"I8: {event.kind} of {event.target} was not written down before it was made"


def _never_found_out(intents: Iterable[WrittenIntent]) -> Iterator[str]:
    for intent in intents:
        if not intent.closed:
            yield f"I8: it was never found out what became of {intent.operation} of {intent.target}"


def _foreign(plan: Plan, events: Iterable[Event]) -> Iterator[str]:
    ours = {name for step in plan.steps for name in (*step.pause, *step.resume, *step.start, *step.stay_stopped)}
    for event in events:
        if event.kind in ON_TASKS and event.target not in ours:
            yield f"I9: {event.target} was touched, and is not in the plan"


def _old_versions(history: History) -> Iterator[str]:
    newest: dict[str, str] = {}
    loads = [event.target for event in history.events if event.kind == LOAD]
    for prefix in (*sorted(history.loaded_before), *loads):
        found = _VERSIONED.fullmatch(prefix)
        if found is None:
            continue
        table, version = found["table"], found["version"]
        if prefix not in history.loaded_before and version <= newest.get(table, ""):
            yield f"I10: {table} was loaded as {version} after {newest[table]}"
        newest[table] = max(version, newest.get(table, ""))


def _run_states(state: State, wanted: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for task, run_state in sorted(wanted.items()):
        if (found.get(task) == "running") != (run_state == "running"):
            yield f"I5: {task} should be {run_state} after {state.value}, and is {found.get(task, 'gone')}"


def _balanced(events: Iterable[Event], ran_before: Mapping[str, bool], found: Mapping[str, str]) -> Iterator[str]:
    """I7: what was stopped was started as often, but for the run states that changed between before and after."""
    counts = Counter((event.kind, event.target) for event in events if event.kind in {STOP, START, FELL})
    for task in sorted({target for _, target in counts}):
        stops, starts = counts[STOP, task], counts[START, task]
        runs = ran_before.get(task, False) + starts - stops - counts[FELL, task]
        if runs != (found.get(task) == "running"):
            yield f"I7: {task} was stopped {stops} times and started {starts} times, and is {found.get(task, 'gone')}"
