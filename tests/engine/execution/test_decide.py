"""The brain alone: total over every state and every observation, and never forbidden acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import given, settings

from deploy_engine.execution import TERMINAL, DeploymentRecord, Limits, State, Why
from deploy_engine.execution.calls import DeleteStack, ExecuteChangeSet, StartTask, StopTask
from deploy_engine.execution.decide import decide
from deploy_engine.execution.decision import REASON, Act, Decision, Finish, Move, Wait
from deploy_engine.execution.decisions.execute import EXECUTED
from deploy_engine.execution.decisions.giving_up import REFUSALS
from deploy_engine.execution.decisions.prepare import CREATED, PUT
from deploy_engine.execution.decisions.verify import RUNNING_SINCE
from deploy_engine.execution.facts import (
    CLEARED,
    ROUND,
    STARTS,
    TAG_RESUME_BY,
    TAG_RUN,
    TAGGED,
    UNCHANGED,
    tasks_to_stop,
)
from deploy_engine.execution.observed import Observed, observe
from deploy_engine.execution.outcome import after_finish, after_move, after_wait
from deploy_engine.execution.ports import ChangeSetView, ResourceChange
from deploy_engine.execution.resuming import BLOCKED
from deploy_engine.live import StackView, TableStatistics, TaskView
from tests.engine.execution.plans import STACK, parsed, plan_of, template
from tests.engine.execution.scenarios import ALL, BEFORE, Stage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIMITS = Limits()
PLANS = [scenario.plan() for scenario in ALL]
TASKS = ("food-foodsearch", "food-orders", "food-recipes")
TEMPLATES = [None, parsed(template(BEFORE)), *(parsed(step.template) for plan in PLANS for step in plan.steps)]
STACK_STATUSES = (
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "CREATE_COMPLETE",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "ROLLBACK_COMPLETE",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_COMPLETE",
    "REVIEW_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "SOMETHING_NEW",
)
TASK_STATUSES = (
    "creating",
    "ready",
    "starting",
    "running",
    "stopping",
    "stopped",
    "modifying",
    "moving",
    "failed",
    "failed-move",
    "deleting",
    "testing",
    "unheard-of",
)
TABLE_STATES = ("Before load", "Full load", "Table completed", "Table error", "Something new")
CHANGE_SET_STATUSES = ("CREATE_PENDING", "CREATE_IN_PROGRESS", "CREATE_COMPLETE", "FAILED", "DELETE_IN_PROGRESS", "?")
EXECUTION_STATUSES = (
    "UNAVAILABLE",
    "AVAILABLE",
    "EXECUTE_IN_PROGRESS",
    "EXECUTE_COMPLETE",
    "EXECUTE_FAILED",
    "OBSOLETE",
    "?",
)

moments = st.timedeltas(timedelta(0), timedelta(days=3)).map(lambda ago: NOW - ago)
names = st.sampled_from(TASKS)
stacks = st.builds(
    StackView,
    st.just(STACK),
    st.sampled_from(STACK_STATUSES),
    st.sampled_from(["", "a reason"]),
    st.sampled_from(TEMPLATES),
)
changes = st.builds(
    ResourceChange,
    st.sampled_from(["TaskfoodXfoodsearch", "TaskfoodXorders", "Alarm"]),
    st.sampled_from(["AWS::DMS::ReplicationTask", "AWS::CloudWatch::Alarm"]),
    st.sampled_from(["Add", "Modify", "Remove", "Dynamic"]),
    st.sampled_from(["", "True", "False", "Conditional"]),
)
change_sets = st.builds(
    ChangeSetView,
    st.just("run-1-s0"),
    st.sampled_from(CHANGE_SET_STATUSES),
    st.sampled_from(EXECUTION_STATUSES),
    st.sampled_from(["", "The submitted information didn't contain changes."]),
    st.lists(changes, max_size=2).map(tuple),
)
tasks = st.dictionaries(names, st.sampled_from(TASK_STATUSES)).flatmap(
    lambda found: st.fixed_dictionaries(
        {
            name: st.builds(TaskView, st.just(name), st.just(f"arn:{name}"), st.just(s), st.booleans())
            for name, s in found.items()
        }
    )
)
tables = st.lists(
    st.builds(
        TableStatistics, st.just("foodsearch"), st.sampled_from(["barcodes", "brands"]), st.sampled_from(TABLE_STATES)
    ),
    max_size=2,
).map(tuple)
mappings = st.sampled_from(
    [
        "",
        "{",
        "[]",
        '{"rules": 3}',
        *(
            r["Properties"]["TableMappings"]
            for t in TEMPLATES
            if t
            for r in t["Resources"].values()
            if "TableMappings" in r["Properties"]
        ),
    ]
)
prefixes = st.sampled_from(sorted({load.prefix for plan in PLANS for step in plan.steps for load in step.loads}))
tags = st.fixed_dictionaries(
    {},
    optional={
        TAG_RUN: st.sampled_from(["1", "2"]),
        TAG_RESUME_BY: st.sampled_from(["soon", "2026-03-02T10:00:00+00:00", "2026-03-02"]),
    },
)
PARTS: dict[str, st.SearchStrategy[object]] = {
    "stack": st.none() | stacks,
    "change_set": st.none() | change_sets,
    "tasks": tasks,
    "statistics": st.dictionaries(names, tables, max_size=2),
    "tags": st.dictionaries(names, tags, max_size=2),
    "mappings": st.dictionaries(names, mappings, max_size=2),
    "connection_tested": st.dictionaries(names, st.booleans(), max_size=2),
    "occupied": st.dictionaries(prefixes, st.booleans(), max_size=2),
    "failure": st.sampled_from(["", "TaskX: cannot be modified"]),
    "fresh_plan": st.sampled_from(["", "refused", plan_of([], None), *PLANS]),
}
counts = st.integers(0, 9).map(str)
MOMENTS = (CREATED, EXECUTED, RUNNING_SINCE)
FLAGS = (PUT, UNCHANGED, REASON, *(f"{kind}{name}" for name in TASKS for kind in (TAGGED, CLEARED, BLOCKED)))
COUNTED = (ROUND, *(f"{kind}{name}" for name in (*TASKS, STACK, "run-1-s0") for kind in (REFUSALS, STARTS)))
memories = st.builds(
    lambda *parts: {name: value for part in parts for name, value in part.items()},
    st.dictionaries(st.sampled_from(MOMENTS), moments.map(datetime.isoformat), max_size=2),
    st.dictionaries(st.sampled_from(FLAGS), st.just("yes"), max_size=4),
    st.dictionaries(st.sampled_from(COUNTED), counts, max_size=2),
)


def _moments_of_real_deployments() -> list[tuple[DeploymentRecord, Observed]]:
    """Every record and what was seen with it, where a calm deployment of each kind goes on."""
    seen = []
    for scenario in ALL:
        stage, tick = Stage(scenario), None
        while tick is None or tick.next_in_seconds is not None:
            record = stage.journal.load(stage.run)
            observed = observe(record, stage.aws, lambda plan: plan, stage.clock.now())
            if not isinstance(decide(record, observed, observed.at, LIMITS), Wait):
                seen.append((record, observed))
            tick = stage.executor().tick(stage.run)
            stage.clock.sleep(tick.next_in_seconds or 0)
    return seen


REAL = _moments_of_real_deployments()


@st.composite
def situations(draw: st.DrawFn, *, any_state: bool) -> tuple[DeploymentRecord, Observed]:
    """A moment of a real deployment of which some parts are something else entirely."""
    record, observed = draw(st.sampled_from(REAL))
    strange = draw(st.lists(st.sampled_from(sorted(PARTS)), max_size=3, unique=True))
    observed = replace(observed, **{part: draw(PARTS[part]) for part in strange})  # type: ignore[arg-type]
    if any_state:
        record = replace(record, state=draw(st.sampled_from(State)), why=draw(st.sampled_from(Why)))
    if draw(st.booleans()):
        record = replace(record, memory=draw(memories), cancel_requested=draw(st.booleans()))
    return record, observed


@given(situations(any_state=True), st.timedeltas(timedelta(0), timedelta(days=3)))
@settings(max_examples=200)
def test_decide__any_state_and_observation__answers_with_something_that_can_be_recorded(
    situation: tuple[DeploymentRecord, Observed], later: timedelta
) -> None:
    record, observed = situation

    decision: Decision = decide(record, observed, observed.at + later, LIMITS)

    match decision:
        case Act():
            assert record.state not in TERMINAL
            assert decision.call.target
            assert decision.call.sentence
        case Move():
            moved, lines = after_move(record, decision, NOW)
            assert moved.state not in TERMINAL
            assert 0 <= moved.step < len(record.plan.steps)
            assert lines[0].message
        case Wait():
            assert decision.seconds >= 0
            assert after_wait(record, decision, NOW)[0].message
        case Finish():
            assert after_finish(record, decision, NOW)[0].state in TERMINAL


@given(situations(any_state=False))
@settings(max_examples=200)
def test_decide__any_state_and_observation__never_does_what_could_destroy(
    situation: tuple[DeploymentRecord, Observed],
) -> None:
    record, observed = situation

    decision = decide(record, observed, observed.at, LIMITS)

    if not isinstance(decision, Act):
        return
    stack, call = observed.stack, decision.call
    if isinstance(call, StopTask):
        assert record.state is State.PAUSE
        assert call.task in tasks_to_stop(record)
        assert TAGGED + call.task in record.memory
        assert not any(table.loading for table in observed.statistics[call.task])
    if isinstance(call, StartTask):
        assert record.state in {State.RESUME, State.STUCK}
        assert stack is None or not stack.in_progress
        assert call.first is not observed.tasks[call.task].ever_ran
        assert not any(observed.occupied.values())
        assert observed.connection_tested[call.task]
    if isinstance(call, ExecuteChangeSet):
        assert record.state is State.EXECUTE
        assert all(observed.tasks[name].at_rest for name in record.plan.steps[record.step].pause)
    if isinstance(call, DeleteStack):
        assert stack is not None
        assert stack.never_succeeded


def test_decide__terminal_state__stays_as_it_is() -> None:
    for state in TERMINAL:
        record = DeploymentRecord("1", PLANS[0], state, 0, Why.GO, NOW, NOW, message="as it ended")

        assert decide(replace(record), Observed(NOW), NOW, LIMITS) == Finish(state, "as it ended")
