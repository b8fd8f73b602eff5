"""The planner, story by story: what is proposed, what runs, and the plan that follows."""

from __future__ import annotations

from dataclasses import replace

from deploy_engine.live import StackView, TableStatistics, Unknown
from deploy_engine.planning import EffectKind, Flavour, Plan, make_plan, plan_from_record, plan_to_record
from tests.engine.planning.building import case, completed, planned, refused, running, subject, task

BARCODES, BRANDS = "barcodes@v202011191200", "brands@v202008040000"


def kinds(plan: Plan) -> list[tuple[str, str]]:
    return [(effect.kind.value, effect.task or effect.table) for effect in plan.side_effects]


def test_plan__config_as_deployed__nothing_to_do() -> None:
    same = subject(search=task(BARCODES))
    plan = planned(make_plan(case(same, same, running("search"))))
    assert (plan.flavour, plan.steps, plan.side_effects) == (Flavour.NONE, (), ())


def test_plan__table_added__pauses_only_its_task_and_loads_only_that_table() -> None:
    before = subject(search=task(BARCODES), other=task("orders@v202001010000"))
    after = subject(search=task(BARCODES, BRANDS), other=task("orders@v202001010000"))
    plan = planned(make_plan(case(after, before, running("search", "other"), {"food-search": completed("barcodes")})))
    (step,) = plan.steps
    assert plan.flavour is Flavour.SINGLE_STEP
    assert (step.pause, step.resume, step.start) == (("food-search",), ("food-search",), ())
    assert step.tables_add == ("fooddb/foodsearch/brands",)
    assert step.tables_remove == ()
    assert [load.prefix for load in step.loads] == ["data/fooddb_foodsearch_brands_v202008040000/"]
    assert step.resources.modify == ("TaskSearch",)
    assert step.expected_tables == (("food-search", ("foodsearch.barcodes", "foodsearch.brands")),)
    assert plan.not_affected == "No other team is affected. 1 other task of food runs on."


def test_plan__table_removed__names_what_stays_in_s3_and_loads_nothing() -> None:
    before, after = subject(search=task(BARCODES, BRANDS)), subject(search=task(BARCODES))
    plan = planned(make_plan(case(after, before, running("search"), {"food-search": completed("barcodes", "brands")})))
    (step,) = plan.steps
    assert (step.tables_remove, step.loads) == (("fooddb/foodsearch/brands",), ())
    assert plan.side_effects[0].kind is EffectKind.REMOVE_TABLE
    assert "data/fooddb_foodsearch_brands_v202008040000/" in plan.side_effects[0].message


def test_plan__table_paused__leaves_its_task_and_is_no_removal() -> None:
    before, after = subject(search=task(BARCODES, BRANDS)), subject(search=task(BARCODES, f"{BRANDS}!"))
    plan = planned(make_plan(case(after, before, running("search"), {"food-search": completed("barcodes", "brands")})))
    (step,) = plan.steps
    assert step.tables_remove == ("fooddb/foodsearch/brands",)
    effect = plan.side_effects[0]
    assert (effect.kind, effect.message) == (
        EffectKind.PAUSE_TABLE,
        "fooddb/foodsearch/brands pauses: it leaves food-search, and comes back only by a new load; "
        "its data stays under data/fooddb_foodsearch_brands_v202008040000/",
    )


def test_plan__table_paused_or_removed__are_two_plans() -> None:
    before = subject(search=task(BARCODES, BRANDS))
    known = {"food-search": completed("barcodes", "brands")}
    removed, paused = (
        planned(make_plan(case(after, before, running("search"), known)))
        for after in (subject(search=task(BARCODES)), subject(search=task(BARCODES, f"{BRANDS}!")))
    )
    assert removed.steps == paused.steps
    assert removed.fingerprint != paused.fingerprint


def test_plan__every_table_of_a_task_paused__says_that_the_task_goes_while_they_pause() -> None:
    before = subject(search=task(BARCODES), other=task(BRANDS))
    after = subject(search=task(BARCODES), other=task(f"{BRANDS}!", paused=True))
    plan = planned(make_plan(case(after, before, running("search", "other"))))
    assert kinds(plan)[:2] == [("remove-task", "food-other"), ("pause-table", "food-other")]
    assert plan.side_effects[0].message == (
        "food-other is removed while its 1 table pause: DMS has no task without one; its data in S3 stays"
    )


def test_plan__first_deployment__starts_all_tasks_and_pauses_none() -> None:
    plan = planned(make_plan(case(subject(search=task(BARCODES), idle=task(BRANDS, paused=True)), None, {})))
    (step,) = plan.steps
    assert plan.first_deployment
    assert (step.pause, step.start, step.stay_stopped) == ((), ("food-search",), ("food-idle",))
    assert [load.table for load in step.loads] == ["fooddb/foodsearch/barcodes"]


def test_plan__a_stack_that_never_came_up__is_deleted_and_deployed_for_the_first_time() -> None:
    wanted = case(subject(search=task(BARCODES)), None, {})
    remains = StackView("sluice-local-food", "ROLLBACK_COMPLETE")
    plan = planned(make_plan(replace(wanted, observation=replace(wanted.observation, stack=remains))))
    assert plan.first_deployment
    assert plan.steps[0].start == ("food-search",)
    assert plan.side_effects[-1].kind is EffectKind.DELETE_STACK
    assert "never came up (ROLLBACK_COMPLETE)" in plan.side_effects[-1].message


def test_plan__task_removed__is_stopped_first_and_not_resumed() -> None:
    before, after = subject(search=task(BARCODES), other=task(BRANDS)), subject(search=task(BARCODES))
    plan = planned(make_plan(case(after, before, running("search", "other"))))
    (step,) = plan.steps
    assert (step.pause, step.resume) == (("food-other",), ())
    assert "TaskOther" in step.resources.remove
    assert plan.side_effects[0].kind is EffectKind.REMOVE_TASK


def test_plan__pause_alone__is_a_plan_without_a_stack_change() -> None:
    before, after = subject(search=task(BARCODES)), subject(search=task(BARCODES, paused=True))
    plan = planned(make_plan(case(after, before, running("search"))))
    (step,) = plan.steps
    assert (step.pause, step.resume, step.stay_stopped) == (("food-search",), (), ("food-search",))
    assert not step.resources.any
    assert kinds(plan) == [("stay-stopped", "food-search")]


def test_plan__unpaused_task_with_an_unfinished_load__says_that_the_table_loads() -> None:
    before, after = subject(search=task(BARCODES, BRANDS, paused=True)), subject(search=task(BARCODES, BRANDS))
    statistics = {"food-search": (*completed("barcodes"), TableStatistics("foodsearch", "brands", "Before load"))}
    plan = planned(make_plan(case(after, before, running("search", status="stopped"), statistics)))
    (step,) = plan.steps
    assert (step.pause, step.resume) == ((), ("food-search",))
    assert [load.table for load in step.loads] == ["fooddb/foodsearch/brands"]


def test_plan__other_instance__is_refused_as_a_replacement_in_the_words_of_the_check() -> None:
    before, after = subject(search=task(BARCODES)), subject(search=task(BARCODES, instance="other"))
    (finding,) = refused(make_plan(case(after, before, running("search")))).findings
    assert (finding.check, finding.pointer) == ("replacement.none", "/instance")


def test_plan__aws_unreachable__is_refused_in_words() -> None:
    unreachable = case(subject(search=task(BARCODES)), None, {})
    observation = replace(unreachable.observation, stack=Unknown("AWS did not answer"))
    (finding,) = refused(make_plan(replace(unreachable, observation=observation))).findings
    assert "AWS did not answer" in finding.message


def test_plan__a_larger_instance__pauses_the_tasks_that_run_on_it_and_no_others() -> None:
    before = subject(search=task(BARCODES), far=task(BRANDS, instance="other"))
    after = subject({"main": {"class": "dms.r5.large"}}, search=task(BARCODES), far=task(BRANDS, instance="other"))
    plan = planned(make_plan(case(after, before, running("search", "far"), {"food-search": completed("barcodes")})))
    (step,) = plan.steps
    assert (step.pause, step.resume, step.loads) == (("food-search",), ("food-search",), ())
    assert "InstanceMain" in step.resources.modify
    assert kinds(plan) == [("pause", "food-search")]
    assert "while its instance food-main changes (class)" in plan.side_effects[0].message


def test_fingerprint__same_world_later__is_the_same() -> None:
    before, after = subject(search=task(BARCODES)), subject(search=task(BARCODES, BRANDS))
    first = case(after, before, running("search"), {"food-search": completed("barcodes")})
    later = replace(first, now=first.now.replace(hour=20))
    assert planned(make_plan(first)).fingerprint == planned(make_plan(later)).fingerprint


def test_fingerprint__a_task_stopped_meanwhile__is_another() -> None:
    before, after = subject(search=task(BARCODES)), subject(search=task(BARCODES, BRANDS))
    ran, stopped = (case(after, before, running("search", status=status)) for status in ("running", "stopped"))
    assert planned(make_plan(ran)).fingerprint != planned(make_plan(stopped)).fingerprint


def test_plan_record__any_plan__comes_back_equal() -> None:
    plan = planned(make_plan(case(subject(search=task(BARCODES)), None, {})))
    assert plan_from_record(plan_to_record(plan)) == plan
