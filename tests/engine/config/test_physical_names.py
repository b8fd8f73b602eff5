"""Physical names: no two things get one name."""

from hypothesis import given
from hypothesis import strategies as st

from deploy_engine.config import TableEntry
from deploy_engine.config.physical_names import (
    base_stack_name,
    dms_name,
    export_name,
    logical_id,
    table_prefix,
    team_stack_name,
)
from tests.engine.strategies import slugs, team_slugs


@given(slugs, slugs)
def test_logical_id__two_slugs__give_two_alphanumeric_ids(one: str, other: str) -> None:
    first, second = logical_id("Task", one), logical_id("Task", other)

    assert (first == second) == (one == other)
    assert first.isalnum()
    assert len(first) < 255


@given(st.tuples(team_slugs, slugs), st.tuples(team_slugs, slugs))
def test_dms_name__two_tasks_of_any_teams__give_two_names(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (dms_name(*one) == dms_name(*other)) == (one == other)
    assert len(dms_name(*one)) <= 63


@given(slugs, slugs, team_slugs)
def test_stack_names__base_and_team_of_any_environments__differ(one: str, other: str, team: str) -> None:
    assert base_stack_name(one) != team_stack_name(other, team)


def test_names__the_example_of_the_design__are_frozen() -> None:
    entry = TableEntry(source="fooddb/foodsearch/barcodes", version="v202011191200")

    assert team_stack_name("local", "food") == "sluice-local-food"
    assert base_stack_name("local") == "sluice-local-base"
    assert export_name("local", "lake-1min") == "sluice-local-lake-1min"
    assert dms_name("food", "foodsearch") == "food-foodsearch"
    assert table_prefix(entry) == "data/fooddb_foodsearch_barcodes_v202011191200/"
