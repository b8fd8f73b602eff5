"""From a record and what happened to the next record: pure bookkeeping, the only place where records are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from deploy_engine.execution.calls import Call, StopTask
from deploy_engine.execution.decision import ALL_RUN, ERROR, INFO, STEP_FACT, WARNING, Act, Finish, Move, Wait
from deploy_engine.execution.decisions.giving_up import REFUSALS, REFUSED
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.ports import DeploymentRecord, Intent, LogLine
from deploy_engine.execution.states import PAUSED_STATES, State

OVER_BUDGET = "step.over-budget"
LOOKED_AGAIN = "Looked again"
"""How the line begins that says of an unanswered call that AWS was looked at."""

SLOWED = "slowed"
"""Remembers how many looks in a row got no answer, for the back-off."""

Outcome = tuple[DeploymentRecord, tuple[LogLine, ...]]


def intent_of(record: DeploymentRecord, call: Call, now: datetime) -> Intent:
    return Intent(record.intents + 1, call.operation, call.target, call.token, record.step, now, record.epoch)


def line(record: DeploymentRecord, now: datetime, message: str, *, detail: str = "", level: str = INFO) -> LogLine:
    return LogLine(now, record.state, record.step, message, detail, level)


def _without(memory: Mapping[str, str], *beginnings: str) -> dict[str, str]:
    return {name: value for name, value in memory.items() if not name.startswith(beginnings)}


def after_unknown(record: DeploymentRecord, now: datetime) -> tuple[LogLine, ...]:
    """AWS was looked at again after a call whose outcome nobody wrote down: the look is its outcome."""
    unknown = record.pending
    if unknown is None:
        return ()
    message = f"{LOOKED_AGAIN}: it was not known what became of {unknown.operation} of {unknown.target}"
    return (line(record, now, message),)


def after_act(record: DeploymentRecord, act: Act, now: datetime) -> Outcome:
    """The call succeeded."""
    target = act.call.target
    since = record.paused_since or (now if isinstance(act.call, StopTask) else None)
    memory = _without(record.memory, SLOWED)
    memory = {name: value for name, value in memory.items() if name not in {REFUSALS + target, REFUSED + target}}
    new = replace(
        record,
        pending=None,
        attempts=0,
        message=act.call.sentence,
        next_tick_at=now,
        paused_since=since,
        memory={**memory, **act.remember},
    )
    return new, (line(record, now, act.call.sentence),)


def after_move(record: DeploymentRecord, move: Move, now: datetime) -> Outcome:
    """Facts of the state are dropped, facts of the step with the step; the line belongs to the state that was left."""
    step = record.step if move.step is None else move.step
    kept = {name: value for name, value in record.memory.items() if name.startswith(STEP_FACT)}
    memory = kept if step == record.step else {}
    pausing = move.state in PAUSED_STATES and bool(record.paused_since or move.state is State.PAUSE)
    new = replace(
        record,
        plan=move.plan or record.plan,
        state=move.state,
        step=step,
        why=move.why or record.why,
        entered_at=now,
        next_tick_at=now,
        paused_since=(record.paused_since or now) if pausing else None,
        attempts=0,
        resumable=record.resumable if move.resumable is None else move.resumable,
        pending=None,
        message=move.message,
        memory={**memory, **move.remember},
    )
    return new, (line(record, now, move.message, detail=move.detail, level=move.level),)


def after_wait(record: DeploymentRecord, wait: Wait, now: datetime) -> Outcome:
    memory = _without(record.memory, SLOWED, *wait.forget)
    new = replace(
        record,
        pending=None,
        attempts=0,
        message=wait.message,
        next_tick_at=now + timedelta(seconds=wait.seconds),
        paused_since=None if wait.all_run else record.paused_since,
        memory={**memory, **wait.remember},
    )
    over = (line(record, now, f"{ALL_RUN}; the pause is over"),) if wait.all_run and record.paused_since else ()
    return new, (*over, line(record, now, wait.message, level=wait.level)) if wait.told else over


def after_finish(record: DeploymentRecord, finish: Finish, now: datetime) -> Outcome:
    new = replace(
        record,
        state=finish.state,
        entered_at=now,
        next_tick_at=now,
        paused_since=None,
        pending=None,
        message=finish.message,
        memory={},
    )
    return new, (line(new, now, finish.message, detail=finish.detail, level=finish.level),)


def after_refusal(record: DeploymentRecord, call: Call, reason: str, delay: float, now: datetime) -> Outcome:
    """AWS said no, so nothing happened; it is counted, and the state decides when it has been asked often enough."""
    times = int(record.memory.get(REFUSALS + call.target, "0")) + 1
    message = f"{call.sentence} was refused; trying again"
    new = replace(
        record,
        pending=None,
        attempts=record.attempts + 1,
        message=message,
        next_tick_at=now + timedelta(seconds=delay),
        memory={**record.memory, REFUSALS + call.target: str(times), REFUSED + call.target: reason},
    )
    return new, (line(record, now, message, detail=reason, level=WARNING),)


def after_blind_look(record: DeploymentRecord, wait: Wait, delay: float, now: datetime) -> Outcome:
    """AWS does not let us look; what was begun stays as it is."""
    new = replace(
        record,
        attempts=record.attempts + 1,
        message=wait.message,
        next_tick_at=now + timedelta(seconds=min(delay, wait.seconds)),
        memory={**record.memory, **wait.remember},
    )
    if wait.told:
        return new, (line(record, now, wait.message, level=wait.level),)
    return new, () if record.attempts else (line(record, now, wait.message, level=WARNING),)


def with_pause_watched(record: DeploymentRecord, lines: tuple[LogLine, ...], now: datetime, limits: Limits) -> Outcome:
    """People are told, once in a step, that tasks stand still for longer than they should, whatever the reason is."""
    since = record.paused_since
    if since is None or (now - since).total_seconds() <= limits.pause_budget or OVER_BUDGET in record.memory:
        return record, lines
    message = f"Tasks have stood still for more than {limits.pause_budget / 60:.0f} minutes: {record.message}"
    told = replace(record, memory={**record.memory, OVER_BUDGET: "yes"})
    return told, (*lines, line(record, now, message, level=ERROR))


def after_silence(record: DeploymentRecord, message: str, delay: float, now: datetime) -> Outcome:
    """No answer came, or AWS asked to slow down: the same again later, and no deadline counts the time.

    A pending intent stays pending: whether its call had an effect is for the next look to find out.
    """
    times = int(record.memory.get(SLOWED, "0"))
    new = replace(
        record,
        message=message,
        entered_at=record.entered_at + timedelta(seconds=delay),
        next_tick_at=now + timedelta(seconds=delay),
        memory={**record.memory, SLOWED: str(times + 1)},
    )
    return new, () if times else (line(record, now, message, level=WARNING),)
