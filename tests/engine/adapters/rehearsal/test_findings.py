"""What is wrong with a change that was carried out, said in sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from deploy_engine.adapters.rehearsal.copy import Deployed
from deploy_engine.adapters.rehearsal.findings import Seen, result_of
from deploy_engine.adapters.rehearsal.looking import TaskEvent
from deploy_engine.config import Subject
from deploy_engine.execution.ports import LogLine
from deploy_engine.execution.rehearsal import RehearsalOutcome
from deploy_engine.execution.states import State
from deploy_engine.live import TableStatistics, TaskView
from deploy_engine.planning import Flavour, Load, Plan, Resources, Step
from tests.engine.example_company import example_company

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
TASK = "food-nutrition"
TABLE, PREFIX = "fooddb/nutrition/nutrients", "data/fooddb_nutrition_nutrients_v202412071105/"
STEP = Step(
    pause=(TASK,),
    resume=(TASK,),
    start=(),
    stay_stopped=(),
    tables_add=(TABLE,),
    tables_remove=(),
    resources=Resources(modify=("Task",)),
    loads=(Load(TASK, TABLE, "v202412071105", PREFIX),),
    template="{}",
)
PLAN = Plan(
    environment="local",
    stack="sluice-local-food",
    team="food",
    flavour=Flavour.SINGLE_STEP,
    steps=(STEP,),
    side_effects=(),
    not_affected="",
    deployed_sha256="",
    first_deployment=False,
    lake_bucket="lake",
    pause_estimate_seconds=60,
    fingerprint="f",
)
LINE = LogLine(BEGAN + timedelta(seconds=3), State.PAUSE, 0, "Stopping food-nutrition")
DONE = Deployed(PLAN, State.DONE, "Deployed", (LINE,))


def event(task: str, second: int, *, started: bool) -> TaskEvent:
    return TaskEvent(task, BEGAN + timedelta(seconds=second), started)


def task(name: str, status: str = "running") -> TaskView:
    return TaskView(name, f"arn:{name}", status, ever_ran=True)


GOOD = Seen(
    subject=Subject(example_company(), "local", "food"),
    began=BEGAN,
    ended=BEGAN + timedelta(seconds=40),
    tasks={name: task(name) for name in (TASK, "food-foodsearch")},
    statistics={TASK: (TableStatistics("nutrition", "nutrients", "Table completed", full_load_rows=5),)},
    events=(event(TASK, 10, started=False), event(TASK, 24, started=True)),
    files_before={"data/old/LOAD00000001.csv.gz": "1"},
    files_after={"data/old/LOAD00000001.csv.gz": "1", f"{PREFIX}LOAD00000001.csv.gz": "1"},
)


def test_result_of__all_as_planned__passes_with_pause_load_and_story_by_the_copys_clock() -> None:
    result = result_of(DONE, GOOD, 10.0, PLAN.as_json())
    assert (result.outcome, result.problems, result.same_plan) == (RehearsalOutcome.PASSED, (), True)
    assert [(pause.task, pause.seconds) for pause in result.pauses] == [(TASK, 14.0)]
    assert [(load.table, load.rows, load.prefix, load.files) for load in result.loads] == [(TABLE, 5, PREFIX, 1)]
    assert [(line.second, line.message) for line in result.lines] == [(3.0, "Stopping food-nutrition")]
    assert result.seconds == 40.0


def test_result_of__a_table_in_error__fails_and_names_it() -> None:
    statistics = {TASK: (TableStatistics("nutrition", "nutrients", "Table error"),)}
    result = result_of(DONE, replace(GOOD, statistics=statistics), 10.0, None)
    assert result.outcome is RehearsalOutcome.FAILED
    assert result.problems == (f"{TABLE} did not load: Table error.",)
    assert not result.same_plan


def test_result_of__rows_but_no_file__says_where_nothing_lies() -> None:
    result = result_of(DONE, replace(GOOD, files_after=GOOD.files_before), 10.0, None)
    assert result.problems == (f"{TABLE} loaded, but nothing lies under {PREFIX}.",)


def test_result_of__another_task_stopped_and_another_folder_written__are_told_of() -> None:
    moved = replace(
        GOOD,
        events=(*GOOD.events, event("food-foodsearch", 12, started=False), event("food-foodsearch", 13, started=True)),
        files_after={**GOOD.files_after, "data/old/LOAD00000001.csv.gz": "2"},
    )
    assert result_of(DONE, moved, 10.0, None).problems == (
        "food-foodsearch stopped or started, although the plan does not touch it.",
        "data/old/ was loaded again, although the plan does not say so.",
    )


def test_result_of__deployment_gave_up_and_left_a_task_stopped__says_both() -> None:
    failed = Deployed(PLAN, State.FAILED_SAFE, "the stack was rolled back", (LINE,))
    stopped = replace(GOOD, tasks={**GOOD.tasks, TASK: replace(task(TASK, "failed"), last_failure="FATAL_ERROR")})
    assert result_of(failed, stopped, 10.0, None).problems == (
        "The deployment ended as “failed safe”: the stack was rolled back",
        f"{TASK} ended failed, which is not what the config wants (FATAL_ERROR).",
    )
