"""GUARD: everything that must hold before the first stop; waiting here costs nothing, for all tasks still run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from deploy_engine.execution.decision import Decision, Move, Wait
from deploy_engine.execution.decisions.giving_up import abort, may_be_cancelled
from deploy_engine.execution.facts import (
    TAG_RESUME_BY,
    TAG_RUN,
    changes_run_states_only,
    current_step,
    interrupted,
    listed,
    rests,
    tasks_to_stop,
    unrefreshed,
    waited,
)
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import State
from deploy_engine.planning import Step


def guard(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    if may_be_cancelled(record):
        return abort("it was cancelled")
    steps = record.plan.steps if record.step == 0 else (current_step(record),)
    reasons = (
        *_stack(record, observed),
        *_tasks(record, observed),
        *_foreign(record, observed, now),
        *_occupied(steps, observed),
    )
    for reason in reasons:
        return abort(reason)
    waiting = next(chain(_unready(steps, observed, now, limits), _short_session(observed, limits)), "")
    if waiting:
        if waited(record, now) > limits.guard_deadline:
            return abort(f"after {limits.guard_deadline / 3600:.0f} hours: {waiting}")
        return Wait(limits.load_poll, f"Everything still runs; waiting: {waiting}")
    return _go(record)


def _go(record: DeploymentRecord) -> Decision:
    stopping = tasks_to_stop(record)
    if not stopping and changes_run_states_only(record):
        return Move(State.RESUME, "No task has to be stopped")
    if not stopping:
        return Move(State.EXECUTE, "No task has to be stopped", resumable=())
    return Move(State.PAUSE, f"Pausing {listed(stopping)}", resumable=stopping)


def _stack(record: DeploymentRecord, observed: Observed) -> Iterator[str]:
    stack = observed.stack
    if changes_run_states_only(record) or (stack is not None and stack.in_progress):
        return
    if not rests(stack) or (stack is None and not record.plan.first_deployment):
        yield f"{record.plan.stack} cannot be updated ({'it does not exist' if stack is None else stack.status})"


def _tasks(record: DeploymentRecord, observed: Observed) -> Iterator[str]:
    step = current_step(record)
    for name in tasks_to_stop(record):
        if name not in observed.tasks:
            yield f"{name} does not exist any more"
    if changes_run_states_only(record):
        return
    for name in (*step.resume, *step.stay_stopped):
        if name not in step.pause and name in observed.tasks and observed.tasks[name].running:
            yield f"{name} was started by somebody since the plan was made"


def _foreign(record: DeploymentRecord, observed: Observed, now: datetime) -> Iterator[str]:
    """The note of another live deployment on a task; a note whose time is over belongs to a dead one."""
    for name, tags in observed.tags.items():
        other, until = tags.get(TAG_RUN, ""), _moment(tags.get(TAG_RESUME_BY, ""))
        if other and other != record.run and until is not None and until > now:
            yield f"{name} is being worked on by deployment {other}"


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _occupied(steps: tuple[Step, ...], observed: Observed) -> Iterator[str]:
    for step in steps:
        for load in step.loads:
            if observed.occupied.get(load.prefix, True):
                yield f"data lies already under {load.prefix}, and loading {load.table} would overwrite it"


def _unready(steps: tuple[Step, ...], observed: Observed, now: datetime, limits: Limits) -> Iterator[str]:
    """What will pass by itself: a full load, a task on its way somewhere, CloudFormation at work."""
    if observed.stack is not None and observed.stack.in_progress:
        yield f"CloudFormation is at work on {observed.stack.name} ({observed.stack.status})"
    for name in dict.fromkeys(name for step in steps for name in step.pause):
        task = observed.tasks.get(name)
        if task is None or task.at_rest:
            continue
        if not task.running:
            yield f"{name} is {task.status}"
        elif name not in observed.statistics:
            yield f"the tables of {name} are not known yet"
        elif unrefreshed(observed.statistics[name], now, limits):
            yield f"whether {name} is loading is not known: {unrefreshed(observed.statistics[name], now, limits)}"
        elif interrupted(steps, name, observed.statistics[name]):
            tables = _some(interrupted(steps, name, observed.statistics[name]))
            yield f"{name} is loading {tables}; a full load is never interrupted"


def _short_session(observed: Observed, limits: Limits) -> Iterator[str]:
    """Whoever stops a task must still be let in when it has to be started."""
    if observed.session_left < limits.session_left:
        yield f"the credentials hold for {observed.session_left / 60:.0f} more minutes only, and are being renewed"


def _some(tables: tuple[str, ...]) -> str:
    return listed(tables) if len(tables) <= 3 else f"{listed(tables[:2])} and {len(tables) - 2} more tables"
