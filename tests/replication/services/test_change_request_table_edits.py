"""Editing the tables of a draft."""

from typing import Any

import pytest

from replication.choices import ChangeRequestState
from replication.documents import team_document_of
from replication.errors import InvalidInput, NotAllowed, NotFound, WrongState
from replication.models import ChangeRequest
from replication.services.change_request_table_edits import (
    change_request_edit_tables_add,
    change_request_edit_tables_pause,
    change_request_edit_tables_reload,
    change_request_edit_tables_remove,
)
from replication.services.change_requests import change_request_close
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage
from tests.replication.moments import travel

BARCODES = "fooddb/foodsearch/barcodes"


def _tables(change_request: ChangeRequest) -> dict[str, str]:
    tasks = team_document_of(change_request.document).tasks
    return {entry.source: entry.version + (" paused" if entry.paused else "") for entry in tasks["foodsearch"].tables}


@travel("2026-03-04 05:06:07+00:00", tick=False)
def test_tables_add__lines_of_every_form__become_entries_with_versions(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products", "", "foodsearch/prices", "fooddb/shop/carts v202701010000")

    assert _tables(change_request) == {
        BARCODES: "v202011191200",
        "fooddb/foodsearch/brands": "v202008040000",
        "fooddb/foodsearch/prices": "v202603040506",
        "fooddb/foodsearch/products": "v202603040506",
        "fooddb/shop/carts": "v202701010000",
    }


@travel("2020-11-01 00:00:00+00:00", tick=False)
def test_tables_add__table_that_was_removed__gets_a_version_above_all_it_had(stage: Stage) -> None:
    change_request = stage.draft()
    common: dict[str, Any] = {"actor": stage.people.member, "change_request": change_request, "task": "foodsearch"}
    change_request_edit_tables_remove(**common, tables=[BARCODES])

    change_request_edit_tables_add(**common, entries=["foodsearch.barcodes"])

    assert _tables(change_request)[BARCODES] == "v202011191201"


def test_tables_add__bad_lines__are_each_named_and_nothing_is_saved(stage: Stage) -> None:
    change_request = stage.draft()
    before = change_request.document_hash

    with pytest.raises(InvalidInput) as refusal:
        change_request_edit_tables_add(
            actor=stage.people.member,
            change_request=change_request,
            task="foodsearch",
            entries=[
                "foodsearch.products",
                "foodsearch.%",
                "",
                "a.b.c.d",
                "ordersdb/sales/orders",
                "foodsearch.brands",
                "foodsearch.products",
                "foodsearch.new v2020",
                "foodsearch.x\u202ey",
                "one two three",
            ],
        )

    assert [(finding.pointer, finding.check) for finding in refusal.value.findings] == [
        ("/entries/1", "config.schema"),
        ("/entries/3", "config.schema"),
        ("/entries/4", "config.references"),
        ("/entries/5", "tables.unique"),
        ("/entries/6", "tables.unique"),
        ("/entries/7", "config.schema"),
        ("/entries/8", "config.schema"),
        ("/entries/9", "config.schema"),
    ]
    assert all(finding.remedy and finding.allowed and finding.found for finding in refusal.value.findings)
    change_request.refresh_from_db()
    assert change_request.document_hash == before
    assert not change_request.edits.exists()


def test_tables_add__empty_list__points_at_the_list(stage: Stage) -> None:
    with pytest.raises(InvalidInput, match="no table"):
        change_request_edit_tables_add(
            actor=stage.people.member, change_request=stage.draft(), task="foodsearch", entries=["", "  "]
        )


def test_tables_add__unknown_task__is_not_found(stage: Stage) -> None:
    with pytest.raises(NotFound):
        change_request_edit_tables_add(
            actor=stage.people.member, change_request=stage.draft(), task="nothing", entries=["a.b"]
        )


def test_tables_add__stranger__is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed, match="not in team food"):
        change_request_edit_tables_add(
            actor=stage.people.stranger, change_request=stage.draft(), task="foodsearch", entries=["a.b"]
        )


def test_tables_add__closed_request__is_refused(stage: Stage) -> None:
    change_request = stage.draft()
    change_request_close(actor=stage.people.member, change_request=change_request)

    with pytest.raises(WrongState, match="open a new change request"):
        change_request_edit_tables_add(
            actor=stage.people.member, change_request=change_request, task="foodsearch", entries=["a.b"]
        )


def test_tables_remove__table_that_is_not_there__is_named(stage: Stage) -> None:
    with pytest.raises(InvalidInput, match="fooddb/foodsearch/none is not in foodsearch"):
        change_request_edit_tables_remove(
            actor=stage.people.member,
            change_request=stage.draft(),
            task="foodsearch",
            tables=["fooddb/foodsearch/none"],
        )


@travel("2026-03-04 05:06:07+00:00", tick=False)
def test_tables_reload__table__gets_the_minute_as_version(stage: Stage) -> None:
    change_request = stage.draft()

    change_request_edit_tables_reload(
        actor=stage.people.member, change_request=change_request, task="foodsearch", tables=[BARCODES]
    )

    assert _tables(change_request)[BARCODES] == "v202603040506"


def test_tables_pause__table__keeps_its_entry(stage: Stage) -> None:
    change_request = stage.draft()

    change_request_edit_tables_pause(
        actor=stage.people.member, change_request=change_request, task="foodsearch", tables=[BARCODES]
    )

    assert _tables(change_request)[BARCODES] == "v202011191200 paused"


def test_edit__approved_request__voids_the_approval_and_checks_again(stage: Stage) -> None:
    change_request = stage.in_review()
    run = change_request.check_runs.order_by("-id")[0]
    review = review_approve(actor=stage.people.reviewer, change_request=change_request, fingerprint=run.fingerprint)
    assert change_request.state == ChangeRequestState.APPROVED

    change_request_edit_tables_add(
        actor=stage.people.colleague, change_request=change_request, task="foodsearch", entries=["foodsearch.more"]
    )

    review.refresh_from_db()
    assert change_request.state == ChangeRequestState.CHECKING
    assert review.voided_reason == "the document was edited"
    assert change_request.check_runs.order_by("-id")[0].is_live


def test_edit__that_changes_nothing__leaves_no_trace(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    common: dict[str, Any] = {"actor": stage.people.member, "change_request": change_request, "task": "foodsearch"}
    change_request_edit_tables_pause(**common, tables=[BARCODES])
    edits = change_request.edits.count()

    change_request_edit_tables_pause(**common, tables=[BARCODES])

    assert change_request.edits.count() == edits


def test_edits__two_people_from_the_same_page__keep_each_others_work(stage: Stage) -> None:
    first = stage.draft("foodsearch.products")
    second = ChangeRequest.objects.get(pk=first.pk)
    people, task = stage.people, "foodsearch"

    change_request_edit_tables_add(actor=people.member, change_request=first, task=task, entries=["foodsearch.tags"])
    change_request_edit_tables_pause(actor=people.colleague, change_request=second, task=task, tables=[BARCODES])

    first.refresh_from_db()
    assert {"fooddb/foodsearch/tags", "fooddb/foodsearch/products"} <= _tables(first).keys()
    assert _tables(first)[BARCODES].endswith(" paused")


def test_edits__a_table_that_the_other_removed_meanwhile__is_refused_and_stays_removed(stage: Stage) -> None:
    first = stage.draft("foodsearch.products")
    second = ChangeRequest.objects.get(pk=first.pk)
    people, task = stage.people, "foodsearch"

    change_request_edit_tables_remove(actor=people.member, change_request=first, task=task, tables=[BARCODES])
    with pytest.raises(InvalidInput, match="barcodes is not in foodsearch"):
        change_request_edit_tables_pause(actor=people.colleague, change_request=second, task=task, tables=[BARCODES])

    first.refresh_from_db()
    assert BARCODES not in _tables(first)
