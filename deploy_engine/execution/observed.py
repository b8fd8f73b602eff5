"""What one tick looked at: only what its state needs, so that calls stay few. Looking never changes anything.

A part that was not asked for is empty; decisions never read emptiness as good news (statistics that were not read count
as loading, a prefix that was not listed as occupied).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deploy_engine.execution.facts import (
    current_step,
    fence_noted,
    first_time_prefixes,
    tagged_tasks,
    tasks_to_run,
    tasks_to_stop,
    token,
)
from deploy_engine.execution.ports import AwsHands, ChangeSetView, DeploymentRecord
from deploy_engine.execution.resuming import direction, next_to_start, rollback_asked
from deploy_engine.execution.states import State, Why
from deploy_engine.live import StackView, TableStatistics, TaskView
from deploy_engine.planning import Plan

Replan = Callable[[Plan], Plan | str]
"""Makes the plan again from the same config over the world as it is; a sentence where it is refused now."""


@dataclass(frozen=True)
class Observed:
    """``at`` is the journal's time before the first look. Mappings are by DMS task name, ``occupied`` by S3 prefix."""

    at: datetime
    stack: StackView | None = None
    change_set: ChangeSetView | None = None
    tasks: Mapping[str, TaskView] = field(default_factory=dict)
    statistics: Mapping[str, tuple[TableStatistics, ...]] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mappings: Mapping[str, str] = field(default_factory=dict)
    connection_tested: Mapping[str, bool] = field(default_factory=dict)
    occupied: Mapping[str, bool] = field(default_factory=dict)
    failure: str = ""
    session_left: float = 0.0
    fresh_plan: Plan | str = ""


def observe(  # noqa: PLR0911 one branch per state
    record: DeploymentRecord,
    hands: AwsHands,
    replan: Replan,
    at: datetime,
    alive: Callable[[], None] = lambda: None,
) -> Observed:
    """Look at what ``record``'s state needs; raises what ``AwsReader`` raises.

    ``alive`` is called between the looks at one task and the next, where there may be hundreds.
    """
    match record.state:
        case State.PLANNING:
            return Observed(at, fresh_plan=replan(record.plan))
        case State.LOCKED:
            return Observed(at, stack=hands.stack(record.plan.stack, with_template=True))
        case State.PREPARE:
            return Observed(
                at,
                stack=_stack_with_template_at_rest(record, hands),
                change_set=hands.change_set(record.plan.stack, token(record)),
            )
        case State.GUARD:
            return _before_the_pause(record, hands, at, alive)
        case State.PAUSE:
            return _while_stopping(record, hands, at)
        case State.EXECUTE:
            return _while_updating(record, hands, at)
        case State.RESUME | State.STUCK:
            return _before_starting(record, hands, at)
        case State.VERIFY:
            return _while_verifying(record, hands, at)
        case State.ABORT:
            names = tagged_tasks(record)
            change_set = hands.change_set(record.plan.stack, token(record))
            return Observed(at, change_set=change_set, tasks=hands.tasks(names) if names else {})
        case _:
            return Observed(at)


def _stack_with_template_at_rest(record: DeploymentRecord, hands: AwsHands) -> StackView | None:
    """While CloudFormation is at work no decision reads the template, and there are many looks until it rests."""
    return hands.stack(record.plan.stack, with_template=True, at_work_too=False)


def _before_the_pause(record: DeploymentRecord, hands: AwsHands, at: datetime, alive: Callable[[], None]) -> Observed:
    """Before the first step the preconditions of all steps, later those of the step (docs/reliability.md, rule 14)."""
    steps = record.plan.steps if record.step == 0 else (current_step(record),)
    names = dict.fromkeys(task for step in steps for task in (*step.pause, *step.resume, *step.stay_stopped))
    pausing = {task for step in steps for task in step.pause}
    stack = hands.stack(record.plan.stack, with_template=False)
    tasks = hands.tasks(names) if names else {}
    to_stop = [view for name, view in tasks.items() if name in pausing and view.running]
    statistics, tags = {}, {}
    for view in to_stop:
        statistics[view.name], tags[view.name] = hands.table_statistics(view.arn), hands.task_tags(view.arn)
        alive()
    return Observed(
        at,
        stack=stack,
        tasks=tasks,
        statistics=statistics,
        tags=tags,
        occupied={
            load.prefix: hands.prefix_occupied(record.plan.lake_bucket, load.prefix)
            for step in steps
            for load in step.loads
        },
        session_left=hands.session_left(),
    )


def next_to_stop(record: DeploymentRecord, tasks: Mapping[str, TaskView]) -> TaskView | None:
    """The first task of the step that still runs."""
    running = (tasks[name] for name in tasks_to_stop(record) if name in tasks and tasks[name].running)
    return next(running, None)


def _while_stopping(record: DeploymentRecord, hands: AwsHands, at: datetime) -> Observed:
    names = tasks_to_stop(record)
    tasks = hands.tasks(names) if names else {}
    task = next_to_stop(record, tasks)
    if task is None:
        return Observed(at, tasks=tasks)
    tags = {task.name: hands.task_tags(task.arn)} if fence_noted(record, task.name) else {}
    return Observed(at, tasks=tasks, statistics={task.name: hands.table_statistics(task.arn)}, tags=tags)


def _while_updating(record: DeploymentRecord, hands: AwsHands, at: datetime) -> Observed:
    stack = _stack_with_template_at_rest(record, hands)
    change_set = hands.change_set(record.plan.stack, token(record))
    if stack is not None and stack.in_progress:
        return Observed(at, stack=stack, change_set=change_set)
    step = current_step(record)
    names = dict.fromkeys((*step.pause, *step.resume, *step.stay_stopped))
    failed = stack is not None and ("ROLLBACK" in stack.status or "FAILED" in stack.status)
    loads = step.loads if change_set is not None and change_set.execution_status == "AVAILABLE" else ()
    return Observed(
        at,
        stack=stack,
        change_set=change_set,
        tasks=hands.tasks(names) if names else {},
        occupied={load.prefix: hands.prefix_occupied(record.plan.lake_bucket, load.prefix) for load in loads},
        failure=hands.failure_reason(record.plan.stack, token(record)) if failed else "",
    )


def _before_starting(record: DeploymentRecord, hands: AwsHands, at: datetime) -> Observed:
    """All tasks that should run; everything that the guard asks, of the next one to be started."""
    stack = _stack_with_template_at_rest(record, hands)
    if rollback_asked(record, stack):
        return _before_a_rollback(record, hands, at, stack)
    names = tasks_to_run(record, direction(record, stack))
    tasks = hands.tasks(names) if names else {}
    task = None if stack is not None and stack.in_progress else next_to_start(record, names, tasks)
    if task is None:
        return Observed(at, stack=stack, tasks=tasks)
    mapping = hands.table_mappings(task.name)
    statistics = hands.table_statistics(task.arn)
    prefixes = first_time_prefixes(record, task.name, ever_ran=task.ever_ran, mapping=mapping, statistics=statistics)
    return Observed(
        at,
        stack=stack,
        tasks=tasks,
        statistics={task.name: statistics},
        tags={task.name: hands.task_tags(task.arn)},
        mappings={task.name: mapping},
        connection_tested={task.name: hands.endpoint_tested(task.arn)},
        occupied={prefix: hands.prefix_occupied(record.plan.lake_bucket, prefix) for prefix in prefixes},
    )


def _before_a_rollback(record: DeploymentRecord, hands: AwsHands, at: datetime, stack: StackView | None) -> Observed:
    """The tasks that must stand still for it; of those that run, what a stop asks."""
    tasks = hands.tasks(record.resumable) if record.resumable else {}
    running = [task for task in tasks.values() if task.running]
    return Observed(
        at,
        stack=stack,
        tasks=tasks,
        statistics={task.name: hands.table_statistics(task.arn) for task in running},
        tags={task.name: hands.task_tags(task.arn) for task in running},
    )


def _while_verifying(record: DeploymentRecord, hands: AwsHands, at: datetime) -> Observed:
    step = current_step(record)
    running = tasks_to_run(record, record.why)
    names = dict.fromkeys((*running, *step.stay_stopped)) if record.why is Why.GO else dict.fromkeys(running)
    tasks = hands.tasks(names) if names else {}
    counted = [name for name, _ in step.expected_tables if name in tasks] if record.why is Why.GO else []
    return Observed(at, tasks=tasks, statistics={name: hands.table_statistics(tasks[name].arn) for name in counted})
