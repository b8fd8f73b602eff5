"""Undoing one table's part of a draft."""

from __future__ import annotations

import pytest

from replication.errors import NotAllowed, NotFound
from replication.models import ChangeRequest
from replication.services.change_request_table_edits import (
    change_request_edit_tables_reload,
    change_request_edit_tables_remove,
)
from replication.services.change_request_take_back import change_request_take_back
from tests.replication.conftest import Stage

BRANDS = "fooddb/foodsearch/brands"


def _take_back(stage: Stage, change_request: ChangeRequest, table: str) -> None:
    change_request_take_back(actor=stage.people.member, change_request=change_request, task="foodsearch", table=table)


def _is_as_accepted(change_request: ChangeRequest) -> bool:
    base = change_request.base_revision
    return base is not None and base.document_hash == change_request.document_hash


def test_take_back__an_added_table__is_gone(stage: Stage) -> None:
    draft = stage.draft("foodsearch.tags")
    _take_back(stage, draft, "fooddb/foodsearch/tags")
    assert _is_as_accepted(draft)


def test_take_back__a_removed_table__is_there_again(stage: Stage) -> None:
    draft = stage.draft()
    change_request_edit_tables_remove(
        actor=stage.people.member, change_request=draft, task="foodsearch", tables=[BRANDS]
    )
    _take_back(stage, draft, BRANDS)
    assert _is_as_accepted(draft)


def test_take_back__a_reloaded_table__has_its_old_version(stage: Stage) -> None:
    draft = stage.draft()
    change_request_edit_tables_reload(
        actor=stage.people.member, change_request=draft, task="foodsearch", tables=[BRANDS]
    )
    _take_back(stage, draft, BRANDS)
    assert _is_as_accepted(draft)


@pytest.mark.parametrize("table", [BRANDS, "fooddb/foodsearch/unheard-of"])
def test_take_back__a_table_that_is_not_changed__is_refused(stage: Stage, table: str) -> None:
    with pytest.raises(NotFound):
        _take_back(stage, stage.draft("foodsearch.tags"), table)


def test_take_back__somebody_of_another_team__is_refused(stage: Stage) -> None:
    draft = stage.draft("foodsearch.tags")
    with pytest.raises(NotAllowed):
        change_request_take_back(
            actor=stage.people.stranger, change_request=draft, task="foodsearch", table="fooddb/foodsearch/tags"
        )
