"""What the other open change requests of a team change."""

from __future__ import annotations

from pytest_django import DjangoAssertNumQueries

from replication.selectors.open_changes import by_table, open_changes_of, same_things
from replication.services.change_request_part_edits import change_request_edit_task_settings
from replication.services.change_request_table_edits import (
    change_request_edit_tables_pause,
    change_request_edit_tables_reload,
)
from replication.services.change_requests import change_request_close
from tests.replication.conftest import Stage

BARCODES = "fooddb/foodsearch/barcodes"


def test_open_changes_of__two_drafts_and_a_closed_one__names_what_the_open_ones_change(
    stage: Stage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = stage.people
    mine, theirs, closed = stage.draft("foodsearch.tags"), stage.draft(actor=people.colleague), stage.draft("a.b")
    change_request_edit_tables_reload(
        actor=people.colleague, change_request=theirs, task="foodsearch", tables=[BARCODES]
    )
    change_request_close(actor=people.member, change_request=closed)
    with django_assert_max_num_queries(2):
        [other] = open_changes_of(stage.environment, stage.food, but=mine)
        assert (other.change_request, other.words) == (theirs, f"{BARCODES} in foodsearch")
    assert set(by_table(open_changes_of(stage.environment, stage.food))) == {BARCODES, "fooddb/foodsearch/tags"}


def test_same_things__only_what_both_change__is_named(stage: Stage) -> None:
    people = stage.people
    mine, theirs = stage.draft("foodsearch.tags"), stage.draft("foodsearch.prices", actor=people.colleague)
    for draft, service in ((mine, change_request_edit_tables_pause), (theirs, change_request_edit_tables_reload)):
        service(actor=people.member, change_request=draft, task="foodsearch", tables=[BARCODES])
    change_request_edit_task_settings(
        actor=people.member, change_request=theirs, task="foodsearch", changes={"commit_rate": 5000}
    )
    others = open_changes_of(stage.environment, stage.food, but=mine)
    [same] = same_things(mine, others)
    assert [place[-1] for place in same.places] == [BARCODES]
    assert same_things(stage.draft(), others) == ()


def test_open_change__many_things__names_a_few(stage: Stage) -> None:
    stage.draft("foodsearch.a", "foodsearch.b", "foodsearch.c", "foodsearch.d", "foodsearch.e")
    [change] = open_changes_of(stage.environment, stage.food)
    assert change.words.endswith("fooddb/foodsearch/c in foodsearch and 2 more")
