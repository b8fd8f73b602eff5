"""A plan as numbered stages."""

from __future__ import annotations

from dataclasses import replace

from deploy_engine.execution.states import State
from deploy_engine.planning import Flavour, Load, Resources
from portal.presenters.plan_steps import plan_stages
from tests.portal.presenters.test_plan_summary import PLAN, STEP


def _titles(*steps: object, **changes: object) -> list[str]:
    plan = replace(PLAN, steps=steps, **changes)  # type: ignore[arg-type]  # any of the plan's fields
    return [stage.title for stage in plan_stages(plan)]


def test_plan_stages__one_step__lock_stop_update_resume_verify() -> None:
    assert _titles(STEP) == [
        "Lock sluice-local-food and prepare",
        "Stop food-a",
        "Update the stack sluice-local-food",
        "Resume food-a",
        "Verify",
    ]


def test_plan_stages__a_first_deployment__creates_and_starts() -> None:
    step = replace(STEP, pause=(), resume=(), start=("food-a", "food-b"))
    assert _titles(step, first_deployment=True)[1:3] == ["Create the stack sluice-local-food", "Start 2 tasks"]


def test_plan_stages__two_steps__number_what_happens_twice() -> None:
    titles = _titles(STEP, STEP, flavour=Flavour.TWO_STEP)
    assert titles.count("Prepare step 2") == 1
    assert "Update the stack, step 2 of 2" in titles


def test_plan_stages__a_reload__says_what_leaves_and_comes_back_and_that_only_the_last_step_loads() -> None:
    load = Load("food-a", "db/s/again", "v202611231804", "data/x/")
    first = replace(STEP, tables_remove=("db/s/again", "db/s/gone"), tables_add=(), loads=())
    last = replace(STEP, tables_remove=(), tables_add=("db/s/again", "db/s/new"), loads=(load,))
    stages = plan_stages(replace(PLAN, steps=(first, last), flavour=Flavour.TWO_STEP))
    updates = [stage for stage in stages if stage.title.startswith("Update the stack")]
    assert [[(line.lead, line.text) for line in stage.lines] for stage in updates] == [
        [("removes", "db/s/gone"), ("takes out until the next step", "db/s/again")],
        [("brings back under its new version", "db/s/again"), ("adds", "db/s/new")],
    ]
    runs = [stage for stage in stages if stage.title.startswith("Resume")]
    assert [stage.title for stage in runs] == ["Resume food-a for step 1 of 2", "Resume food-a for step 2 of 2"]
    assert ["nothing loads in this step" in stage.detail for stage in runs] == [True, False]


def test_plan_stages__nothing_to_do__are_none() -> None:
    assert _titles(flavour=Flavour.NONE) == []


def test_plan_stages__many_tables__fold_after_the_first_ones() -> None:
    step = replace(STEP, tables_add=tuple(f"db/s/t{number}" for number in range(20)), tables_remove=())
    update = plan_stages(replace(PLAN, steps=(step,)))[2]
    assert len(update.lines) == 9
    assert update.lines[-1].text == "12 more"


def test_plan_stages__resources_and_loads__are_said_in_words() -> None:
    load = Load("food-a", "db/s/new", "v202611231804", "data/x/")
    step = replace(STEP, resources=Resources(add=("A",), modify=("B", "C")), loads=(load,))
    stages = plan_stages(replace(PLAN, steps=(step,)))
    assert stages[2].detail == "CloudFormation adds 1 resource and changes 2 resources."
    assert stages[3].detail == "Replication goes on from where it stopped. 1 table begins to load."


def test_plan_stages__every_phase_before_the_end__belongs_to_a_stage() -> None:
    covered = {phase for stage in plan_stages(PLAN) for phase in stage.phases}
    ends = {State.ABORT, State.HALF, State.STUCK, State.DONE, State.FAILED_SAFE, State.STALE, State.REJECTED}
    assert covered == set(State) - ends
