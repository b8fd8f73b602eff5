"""VERIFY: the tasks run, and run still; DMS lists exactly the configured tables; then the notes on them are cleared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from deploy_engine.execution.calls import TagTask, UntagTask
from deploy_engine.execution.decision import REASON, WARNING, Act, Decision, Finish, Move, Wait
from deploy_engine.execution.decisions.giving_up import refused, stuck
from deploy_engine.execution.facts import (
    CLEARED,
    NOTES,
    STOPPED,
    TAG_DESIRED,
    TAG_RESUME_BY,
    TAG_RUN,
    TAGGED,
    current_step,
    is_last_step,
    listed,
    tasks_to_run,
    waited,
)
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import State, Why

RUNNING_SINCE = "running-since"


def verify(record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits) -> Decision:
    names = tasks_to_run(record, record.why)
    fallen = [name for name in names if name in observed.tasks and observed.tasks[name].at_rest]
    if fallen:
        return Move(State.RESUME, f"{listed(fallen)} stopped again; starting it once more", level=WARNING)
    unsettled = next(_unsettled(record, observed, names), "")
    if unsettled:
        if waited(record, now) > limits.verify_deadline:
            return _unverified(record, unsettled)
        return Wait(limits.poll, f"Waiting: {unsettled}", forget=(RUNNING_SINCE,))
    since = record.memory.get(RUNNING_SINCE)
    if names and since is None:
        return Wait(limits.steady, f"{listed(names)} to be seen running once more", {RUNNING_SINCE: now.isoformat()})
    if since is not None and (now - datetime.fromisoformat(since)).total_seconds() < limits.steady:
        return Wait(limits.poll, f"{listed(names)} to be seen running once more")
    return _clear(record, observed, limits) or _verified(record, observed)


def _unsettled(record: DeploymentRecord, observed: Observed, names: tuple[str, ...]) -> Iterator[str]:
    """What is not yet as it should be, in words."""
    for name in names:
        task = observed.tasks.get(name)
        if task is None or not task.running:
            yield f"{name} {'does not exist' if task is None else f'is {task.status}'}"
    if record.why is Why.ABORT:
        return
    step = current_step(record)
    for name in step.stay_stopped:
        if name in observed.tasks and not observed.tasks[name].at_rest:
            yield f"{name} should stand still, and is {observed.tasks[name].status}"
    for name, expected in step.expected_tables:
        if name not in names:
            continue
        counted = {f"{table.schema}.{table.table}" for table in observed.statistics.get(name, ())}
        missing, extra = sorted(set(expected) - counted), sorted(counted - set(expected))
        if missing:
            yield f"DMS does not list {listed(missing)} in {name} yet"
        if extra:
            yield f"DMS still lists {listed(extra)} in {name}"


def _unverified(record: DeploymentRecord, unsettled: str) -> Decision:
    if record.why is Why.GO and not is_last_step(record):
        message = f"The first step is done, but not verified: {unsettled}"
        return Move(State.HALF, message, remember={REASON: unsettled}, level=WARNING)
    return stuck(unsettled)


def _clear(record: DeploymentRecord, observed: Observed, limits: Limits) -> Decision | None:
    """Take the deployment's notes from the tasks, and leave on the deliberately stopped ones that they are."""
    step = current_step(record)
    running = tasks_to_run(record, record.why)
    for name in dict.fromkeys((*record.resumable, *step.resume)):
        task = observed.tasks.get(name)
        if task is None or name not in running or CLEARED + name in record.memory or refused(record, name, limits):
            continue
        return Act(UntagTask(name, task.arn, NOTES), {CLEARED + name: "yes", TAGGED + name: ""})
    if record.why is Why.ABORT:
        return None
    for name in step.stay_stopped:
        task = observed.tasks.get(name)
        if task is None or CLEARED + name in record.memory or refused(record, name, limits):
            continue
        if f"{CLEARED}{name}:desired" not in record.memory:
            return Act(TagTask(name, task.arn, {TAG_DESIRED: STOPPED}), {f"{CLEARED}{name}:desired": "yes"})
        gone = {CLEARED + name: "yes", TAGGED + name: ""}
        return Act(UntagTask(name, task.arn, (TAG_RUN, TAG_RESUME_BY)), gone)
    return None


def _verified(record: DeploymentRecord, observed: Observed) -> Decision:
    if record.why is Why.ABORT:
        cleared = {CLEARED + name: "yes" for name in record.resumable}
        return Move(State.ABORT, "All tasks run as they did before", remember=cleared)
    if not is_last_step(record):
        return Move(
            State.PREPARE,
            f"Step {record.step + 1} is done; preparing the next",
            step=record.step + 1,
            resumable=(),
        )
    broken = [
        f"{table.schema}.{table.table} ({table.state.lower()})"
        for tables in observed.statistics.values()
        for table in tables
        if table.in_error
    ]
    if broken:
        message = f"Deployed, but DMS reports {listed(broken)}: such a table comes back only under a new version"
        return Finish(State.DONE, message, WARNING)
    return Finish(State.DONE, "Deployed: what runs is what the config says")
