"""A plan as numbered stages: for `components/step_timeline.html`, before a deployment and while it runs.

A stage is what the deployment's state machine does in one of its phases (`deploy_engine.execution.states`), so that the
journal's lines fall under the stage that the plan announced.
"""

from __future__ import annotations

from dataclasses import dataclass

from deploy_engine.execution.states import State
from deploy_engine.planning import Plan, Step
from portal.presenters.plan_summary import tables_paused
from portal.presenters.words import counted, listed

TABLES_SPELT_OUT = 8


@dataclass(frozen=True)
class StageLine:
    """What a stage does to one thing: "adds" "fooddb/foodsearch/barcodes"."""

    lead: str
    text: str


@dataclass(frozen=True)
class Stage:
    """One numbered line of the timeline. `step` and `phases` say which lines of the journal belong to it."""

    title: str
    step: int
    phases: frozenset[str]
    detail: str = ""
    lines: tuple[StageLine, ...] = ()
    state: str = "planned"


BEGIN = frozenset({State.QUEUED, State.PLANNING, State.LOCKED, State.PREPARE, State.GUARD})
NEXT = frozenset({State.PREPARE, State.GUARD})
STOP = frozenset({State.PAUSE})
UPDATE = frozenset({State.EXECUTE})
RUN_AGAIN = frozenset({State.RESUME})
VERIFY = frozenset({State.VERIFY})


def plan_stages(plan: Plan) -> tuple[Stage, ...]:
    """Every stage of `plan` in order; none where there is nothing to do."""
    stages: list[Stage] = []
    for index, step in enumerate(plan.steps):
        stages.extend(_stages_of(plan, index, step))
    return tuple(stages)


def _stages_of(plan: Plan, index: int, step: Step) -> list[Stage]:
    many = len(plan.steps) > 1
    of_step = f" for step {index + 1} of {len(plan.steps)}" if many else ""
    stages = [_begin(plan) if index == 0 else Stage(f"Prepare step {index + 1}", index, NEXT, _GUARDED)]
    if step.pause:
        stages.append(Stage(f"Stop {_tasks(step.pause)}{of_step}", index, STOP, _STOPPED, _task_lines(step.pause)))
    stages.append(_update(plan, index, step, many=many))
    running = (*step.resume, *step.start)
    if running:
        detail = _run_detail(step, last=index + 1 == len(plan.steps))
        stages.append(Stage(f"{_run_title(step)}{of_step}", index, RUN_AGAIN, detail, _task_lines(running)))
    verified = "Every task that should run does, DMS lists exactly its tables, and none is in error."
    stages.append(Stage(f"Verify{of_step}", index, VERIFY, verified))
    return stages


_GUARDED = "What the plan supposes is looked at once more, before anything is stopped."
_STOPPED = "Replication stands still from here; the source keeps its log meanwhile."


def _begin(plan: Plan) -> Stage:
    return Stage(f"Lock {plan.stack} and prepare", 0, BEGIN, _GUARDED)


def _update(plan: Plan, index: int, step: Step, *, many: bool) -> Stage:
    act = "Create" if plan.first_deployment and index == 0 else "Update"
    title = f"{act} the stack, step {index + 1} of {len(plan.steps)}" if many else f"{act} the stack {plan.stack}"
    parts = [
        f"{verb} {counted(len(names), 'resource')}"
        for verb, names in (
            ("adds", step.resources.add),
            ("changes", step.resources.modify),
            ("removes", step.resources.remove),
        )
        if names
    ]
    detail = f"CloudFormation {listed(parts)}." if parts else "The template stays as it is; only run states change."
    stopped = tuple(StageLine("leaves stopped", task) for task in step.stay_stopped)
    again, paused = _reloaded(plan), tables_paused(plan)
    lines = (
        *_table_lines("removes", _but(step.tables_remove, again | paused)),
        *_table_lines("takes out, paused", _both(step.tables_remove, paused)),
        *_table_lines("takes out until the next step", _both(step.tables_remove, again)),
        *_table_lines("brings back under its new version", _both(step.tables_add, again)),
        *_table_lines("adds", _but(step.tables_add, again)),
        *stopped,
    )
    return Stage(title, index, UPDATE, detail, lines)


def _reloaded(plan: Plan) -> frozenset[str]:
    """Tables that one step takes out and a later one brings back."""
    removed = {table for step in plan.steps for table in step.tables_remove}
    added = {table for step in plan.steps for table in step.tables_add}
    return frozenset(removed & added) if len(plan.steps) > 1 else frozenset()


def _both(tables: tuple[str, ...], chosen: frozenset[str]) -> tuple[str, ...]:
    return tuple(table for table in tables if table in chosen)


def _but(tables: tuple[str, ...], left_out: frozenset[str]) -> tuple[str, ...]:
    return tuple(table for table in tables if table not in left_out)


def _run_title(step: Step) -> str:
    if not step.start:
        return f"Resume {_tasks(step.resume)}"
    if not step.resume:
        return f"Start {_tasks(step.start)}"
    return f"Resume {_tasks(step.resume)}, start {_tasks(step.start)}"


def _run_detail(step: Step, *, last: bool) -> str:
    sentences = []
    if step.resume:
        sentences.append("Replication goes on from where it stopped.")
    if not last:
        sentences.append("Running without a table makes DMS forget it; nothing loads in this step.")
    if step.loads:
        sentences.append(f"{counted(len(step.loads), 'table')} begin{'s' if len(step.loads) == 1 else ''} to load.")
    return " ".join(sentences)


def _tasks(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else counted(len(names), "task")


def _task_lines(names: tuple[str, ...]) -> tuple[StageLine, ...]:
    return tuple(StageLine("task", name) for name in names) if len(names) > 1 else ()


def _table_lines(lead: str, tables: tuple[str, ...]) -> tuple[StageLine, ...]:
    lines = tuple(StageLine(lead, table) for table in tables[:TABLES_SPELT_OUT])
    rest = len(tables) - len(lines)
    return (*lines, StageLine(lead, f"{rest} more")) if rest else lines
