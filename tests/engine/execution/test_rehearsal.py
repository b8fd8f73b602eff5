"""A rehearsal's result on its way through JSON."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from deploy_engine.execution.rehearsal import (
    RehearsalOutcome,
    RehearsalResult,
    RehearsedLine,
    RehearsedLoad,
    RehearsedPause,
    RehearsedTask,
)

RESULT = RehearsalResult(
    outcome=RehearsalOutcome.PASSED,
    environment="local",
    team="food",
    speed=10.0,
    fingerprint="f" * 64,
    plan_differences=(),
    seconds=48.4,
    lines=(RehearsedLine(14.2, "Stopping food-foodsearch"),),
    pauses=(RehearsedPause("food-foodsearch", 14.1),),
    loads=(RehearsedLoad("food-foodsearch", "fooddb/foodsearch/tags", "v1", "Table completed", 10, "data/x/", 1),),
    tasks=(RehearsedTask("food-foodsearch", "running", as_wanted=True),),
)


def test_result__written_and_read_again__is_the_same() -> None:
    assert RehearsalResult.from_json(json.loads(json.dumps(RESULT.as_json()))) == RESULT


def test_result__read_from_anything_else__is_refused() -> None:
    with pytest.raises(ValidationError):
        RehearsalResult.from_json({"outcome": "splendid"})


@pytest.mark.parametrize(("differences", "same"), [((), True), (("it has 2 steps, not 1",), False), (None, False)])
def test_result__plan_compared_or_not__is_the_same_plan_only_where_that_is_known(
    differences: tuple[str, ...] | None, same: bool
) -> None:
    result = RehearsalResult(RehearsalOutcome.PASSED, "local", "food", 10.0, plan_differences=differences)
    assert result.same_plan is same
