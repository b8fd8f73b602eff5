"""What holds of every plan, for generated configs and edits, over a model of what AWS does with it."""

from __future__ import annotations

import copy
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from deploy_engine.diffing import compare_stacks
from deploy_engine.planning import Plan, PlanRefused, make_plan
from tests.engine.planning.companies import Drawn, Edits, edited, edits
from tests.engine.planning.dms_model import DmsModel

EXPLAINED = {"reload.task-can-run", "replacement.none"}
"""What a planner may answer to edits that people make by the forms."""


def pauses_only_what_it_must(model: DmsModel, plan: Plan) -> None:
    before = model.template
    for step in plan.steps:
        after = DmsModel.parsed(step)
        tasks = compare_stacks(before, after).tasks
        for name in step.pause:
            assert tasks[name].touched or name in step.stay_stopped
        before = after


FALLS = st.lists(st.sampled_from(["", "", "", "stopped", "failed"]), min_size=3, max_size=3)
"""What becomes of the tasks between two changes, by their order; mostly nothing."""


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(edits, FALLS), min_size=2, max_size=4))
def test_plan__any_config_after_any_other__does_exactly_what_is_wanted(changes: list[tuple[Edits, list[str]]]) -> None:
    model, drawn = DmsModel(), Drawn()
    for change, falls in changes:
        accepted = copy.deepcopy(drawn)
        wanted = edited(drawn, change)
        plan = make_plan(model.case(wanted))
        assert plan == make_plan(model.case(wanted)), "the same case has one plan"
        if isinstance(plan, PlanRefused):
            assert {finding.check for finding in plan.findings} <= EXPLAINED
            assert all(finding.remedy for finding in plan.findings)
            drawn = replace(accepted, had=drawn.had)
            continue
        pauses_only_what_it_must(model, plan)
        model.apply(plan)
        model.holds(wanted)
        again = make_plan(model.case(wanted))
        assert isinstance(again, Plan)
        assert again.steps == (), "a config that was applied leaves nothing to do"
        for task, fall in zip(model.tasks.values(), falls, strict=False):
            task.status = fall if fall and task.status == "running" else task.status
