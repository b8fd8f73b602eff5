"""Changes of the base stack: who stands still for them, what is refused, and that the teams' deployments keep away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy_engine.checks import run_check
from deploy_engine.checks.case import Case
from deploy_engine.checks.catalogue import load_not_interrupted
from deploy_engine.diffing import compare_stacks, mapping_sha256
from deploy_engine.findings import Status
from deploy_engine.live import Observation, TableStatistics
from deploy_engine.planning import EffectKind, Flavour, make_plan
from deploy_engine.rendering import render
from tests.engine.planning.base_building import BASE, MAPPING, Change, Template, base, changed, endpoint, live, slower
from tests.engine.planning.building import ENVIRONMENT, NOW, planned, refused


def test_plan__a_lake_endpoint_changes__every_running_task_of_every_team_pauses_and_exactly_those_resume() -> None:
    tasks = live(food_search="running", food_idle="stopped", shop_orders="running", shop_broken="failed")
    plan = planned(make_plan(changed(slower, tasks)))
    (step,) = plan.steps
    assert plan.flavour is Flavour.SINGLE_STEP
    assert step.pause == step.resume == ("food-search", "shop-orders")
    assert (step.start, step.stay_stopped, step.loads) == ((), (), ())
    assert step.resources.modify == ("LakeEndpoint1min",)
    assert step.mappings_kept == tuple((name, mapping_sha256(MAPPING)) for name in step.pause)
    first, *others = plan.side_effects
    assert first.message.startswith("All 2 teams are affected: food (1 task), shop (1 task).")
    assert [(effect.kind, effect.task) for effect in others] == [
        (EffectKind.PAUSE, "food-search"),
        (EffectKind.PAUSE, "shop-orders"),
    ]
    assert "while the lake endpoint sluice-local-lake-1min changes (way of writing)" in others[0].message


def test_plan__a_lake_endpoint_changes__holds_the_stacks_of_all_teams_in_order_of_name() -> None:
    plan = planned(make_plan(changed(slower, live(gone_task="running"))))
    assert plan.claims == (BASE, "sluice-local-food", "sluice-local-gone", "sluice-local-shop")


def test_plan__one_team_runs_nothing__says_how_many_are_affected() -> None:
    plan = planned(make_plan(changed(slower, live(food_search="running", food_other="running"))))
    assert plan.side_effects[0].message.startswith("1 of 2 teams is affected: food (2 tasks).")


def describe(template: Template) -> None:
    template["Description"] = "As it was called before"


def tag(template: Template) -> None:
    template["Resources"]["LakeEndpoint1min"]["Properties"]["Tags"] = [{"Key": "owner", "Value": "data"}]


def move(template: Template) -> None:
    template["Resources"]["SubnetGroup"]["Properties"]["SubnetIds"].append("subnet-0000000000000000f")


@pytest.mark.parametrize("change", [tag, move])
def test_plan__what_no_running_task_uses_changes__nobody_pauses(change: Change) -> None:
    plan = planned(make_plan(changed(change, live(food_search="running"))))
    (step,) = plan.steps
    assert (step.pause, step.resume, plan.claims) == ((), (), (BASE,))
    assert plan.not_affected == "No team's tasks are affected: nothing that a running task uses changes."


def test_plan__the_bases_description_alone__is_nothing_to_do() -> None:
    assert planned(make_plan(changed(describe, live(food_search="running")))).steps == ()


def test_plan__the_first_base__pauses_nobody_and_holds_its_own_stack() -> None:
    rendered = render(base())
    first = Case(base(), rendered, compare_stacks(None, rendered.template), Observation(NOW, None, None), NOW)
    plan = planned(make_plan(first))
    assert (plan.first_deployment, plan.claims) == (True, (BASE,))


def test_plan__another_lake_bucket__is_refused_for_each_endpoint_in_words() -> None:
    other = base(ENVIRONMENT.model_copy(update={"lake_bucket": "another-lake"}))
    findings = refused(make_plan(changed(lambda template: None, wanted=other))).findings
    assert [finding.message.split(" ")[0] for finding in findings] == ["LakeEndpoint10min", "LakeEndpoint1min"]
    assert {finding.found for finding in findings} == {"another-lake"}
    assert all("the bucket of a live lake never changes" in finding.message for finding in findings)


@pytest.mark.parametrize(("setting", "value"), [("DataFormat", "parquet"), ("CompressionType", "none"), ("Rfc4180", 1)])
def test_plan__another_format_of_a_live_endpoint__is_refused(setting: str, value: object) -> None:
    (finding,) = refused(make_plan(changed(lambda template: endpoint(template).update({setting: value})))).findings
    assert finding.check == "plan.understood"
    assert f"{setting} of LakeEndpoint1min would change from {value}" in finding.message


def test_plan__another_network__is_refused_as_a_replacement() -> None:
    network = ENVIRONMENT.network.model_copy(update={"vpc": "vpc-0000000f"})
    other = base(ENVIRONMENT.model_copy(update={"network": network}))
    (finding,) = refused(make_plan(changed(lambda template: None, wanted=other))).findings
    assert finding.check == "replacement.none"


def extra_export(template: Template) -> None:
    template["Outputs"]["Extra"] = {"Value": "x", "Export": {"Name": "sluice-local-extra"}}


def test_plan__an_export_that_is_imported_goes__is_refused_and_names_the_stacks() -> None:
    used = {"sluice-local-extra": ("sluice-local-food", "sluice-local-shop")}
    (finding,) = refused(make_plan(changed(extra_export, imports=used))).findings
    assert "is imported by sluice-local-food, sluice-local-shop" in finding.message


def test_plan__an_export_that_nobody_imports_goes__is_planned() -> None:
    plan = planned(make_plan(changed(extra_export, imports={"sluice-local-extra": ()})))
    assert len(plan.steps) == 1


def test_plan__who_imports_is_not_known__is_refused() -> None:
    (finding,) = refused(make_plan(changed(extra_export))).findings
    assert "it is not known who imports sluice-local-extra" in finding.message


def test_not_interrupted__a_team_loads_while_the_base_changes__is_found() -> None:
    loading = {"food-search": (TableStatistics("foodsearch", "barcodes", "Full load"),)}
    case = changed(slower, live(food_search="running"), statistics=loading)
    result = run_check(load_not_interrupted.CHECK, case, timer=lambda: 0.0)
    assert result.status is Status.FAILED
    assert result.findings[0].file == "environments/local/environment.json"


def test_fingerprint__a_task_of_some_team_stopped_meanwhile__is_another() -> None:
    one, other = (planned(make_plan(changed(slower, live(shop_a=state)))) for state in ("running", "stopped"))
    assert one.fingerprint != other.fingerprint
    assert replace(one, fingerprint="") != replace(other, fingerprint="")


STATUSES = st.sampled_from(("running", "starting", "stopping", "stopped", "failed", "ready", "modifying"))
CHANGES = st.lists(st.sampled_from((slower, tag, move, describe)), max_size=3)
NAMES = st.from_regex(r"(food|shop|gone)-[a-z]{1,3}", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(CHANGES, st.dictionaries(NAMES, STATUSES, max_size=6))
def test_plan__any_base_change_over_any_tasks__pauses_what_runs_if_it_must_and_starts_nothing_else(
    changes: list[Change], states: dict[str, str]
) -> None:
    def all_of_them(template: Template) -> None:
        for change in dict.fromkeys(changes):
            change(template)

    of = changed(all_of_them, live(**{name.replace("-", "_"): state for name, state in states.items()}))
    plan = planned(make_plan(of))
    assert plan == planned(make_plan(of)), "the same case has one plan"
    runs = tuple(sorted(name for name, state in states.items() if state in {"running", "starting"}))
    stopping = slower in changes
    assert [step.pause for step in plan.steps] == [runs if stopping else ()] * bool({slower, tag, move} & {*changes})
    assert all(step.resume == step.pause and not step.start and not step.loads for step in plan.steps)
    assert (len(plan.claims) > 1) == stopping
