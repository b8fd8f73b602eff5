"""Two plans over different worlds, compared by what they do."""

from __future__ import annotations

import copy
from typing import Any

from deploy_engine.planning.comparison import plan_differences

PLAN: dict[str, Any] = {
    "flavour": "single-step",
    "steps": [
        {
            "pause": ["food-foodsearch"],
            "resume": ["food-foodsearch"],
            "start": [],
            "stay_stopped": [],
            "tables": {"add": ["fooddb/foodsearch/tags"], "remove": []},
            "resources": {"add": [], "modify": ["TaskFoodsearch"], "remove": []},
        }
    ],
    "side_effects": [
        {"kind": "load", "task": "food-foodsearch", "table": "fooddb/foodsearch/tags", "message": "about 4 min"},
        {"kind": "pause", "task": "food-foodsearch", "table": "", "message": "stops"},
    ],
    "fingerprint": "one",
}


def test_plan_differences__only_words_estimates_and_fingerprint_differ__are_none() -> None:
    made = copy.deepcopy(PLAN)
    made["fingerprint"] = "another"
    made["side_effects"][0]["message"] = "no estimate"
    made["side_effects"].reverse()
    assert plan_differences(PLAN, made) == ()


def test_plan_differences__another_number_of_steps__is_the_one_thing_said() -> None:
    assert plan_differences(PLAN, {**PLAN, "steps": [], "side_effects": []}) == ("it has 0 steps, not 1",)


def test_plan_differences__a_task_starts_instead_of_resuming__names_both_and_the_effect() -> None:
    made = copy.deepcopy(PLAN)
    made["steps"][0] |= {"pause": [], "resume": [], "start": ["food-foodsearch"]}
    made["side_effects"] = made["side_effects"][:1]
    assert plan_differences(PLAN, made) == (
        "step 1 stops none, not food-foodsearch",
        "step 1 resumes none, not food-foodsearch",
        "step 1 starts for the first time food-foodsearch, not none",
        "it lacks the effect “pause” of food-foodsearch",
    )


def test_plan_differences__a_further_table_and_its_load__are_both_named() -> None:
    made = copy.deepcopy(PLAN)
    made["steps"][0]["tables"]["add"].append("fooddb/foodsearch/brands")
    made["side_effects"].append({"kind": "load", "task": "food-foodsearch", "table": "fooddb/foodsearch/brands"})
    first, second = plan_differences(PLAN, made)
    assert first.startswith("step 1 adds the tables fooddb/foodsearch/brands, fooddb/foodsearch/tags, not")
    assert second == "it has the further effect “load” of fooddb/foodsearch/brands"
