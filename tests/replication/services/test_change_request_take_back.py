"""Undoing one table's part of a draft."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from replication.documents import base_document_of, team_document_of
from replication.errors import NotAllowed, NotFound
from replication.models import ChangeRequest
from replication.selectors.scopes import accepted_base_document
from replication.services.change_request_part_edits import (
    PartKind,
    change_request_add_part,
    change_request_edit_part,
    change_request_edit_task_settings,
)
from replication.services.change_request_table_edits import (
    change_request_edit_tables_pause,
    change_request_edit_tables_reload,
    change_request_edit_tables_remove,
)
from replication.services.change_request_take_back import (
    change_request_take_back,
    change_request_take_back_task,
    change_request_take_back_thing,
)
from replication.services.change_request_task_edits import (
    change_request_edit_task_add,
    change_request_edit_task_pause,
    change_request_edit_task_remove,
)
from replication.services.change_requests import change_request_create
from replication.services.environment_edits import change_request_edit_environment
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


def test_take_back__a_paused_table__runs_again_under_its_old_version(stage: Stage) -> None:
    draft = stage.draft()
    change_request_edit_tables_pause(
        actor=stage.people.member, change_request=draft, task="foodsearch", tables=[BRANDS]
    )
    _take_back(stage, draft, BRANDS)
    assert _is_as_accepted(draft)


TASK_EDITS = {
    "paused": partial(change_request_edit_task_pause, task="foodsearch", paused=True),
    "removed": partial(change_request_edit_task_remove, task="foodsearch"),
    "settings": partial(change_request_edit_task_settings, task="foodsearch", changes={"commit_rate": 5000}),
    "added": partial(change_request_edit_task_add, task="fast", source="fooddb", instance="main", delivery="1min"),
}


@pytest.mark.parametrize("edit", TASK_EDITS.values(), ids=TASK_EDITS)
def test_take_back_task__whatever_was_done_to_it__is_as_accepted(stage: Stage, edit: partial[ChangeRequest]) -> None:
    draft = stage.draft()
    edit(actor=stage.people.member, change_request=draft)
    assert not _is_as_accepted(draft)
    change_request_take_back_task(actor=stage.people.member, change_request=draft, task=edit.keywords["task"])
    assert _is_as_accepted(draft)


def test_take_back_task__one_that_is_not_changed__is_refused(stage: Stage) -> None:
    with pytest.raises(NotFound):
        change_request_take_back_task(actor=stage.people.member, change_request=stage.draft(), task="foodsearch")


@pytest.mark.parametrize("kind", list(PartKind))
def test_take_back_thing__a_changed_part__is_as_accepted_again(stage: Stage, kind: PartKind) -> None:
    name = "fooddb" if kind is PartKind.SOURCE else "main"
    changes: dict[str, Any] = {"log_retention_hours": 96} if kind is PartKind.SOURCE else {"multi_az": True}
    draft = stage.draft()
    change_request_edit_part(actor=stage.people.member, change_request=draft, kind=kind, name=name, changes=changes)
    change_request_take_back_thing(actor=stage.people.member, change_request=draft, place=f"team/{kind.value}s/{name}")
    assert _is_as_accepted(draft)
    last = draft.edits.last()
    assert last is not None
    assert last.sentence == f"took back the change of the {kind.value} {name}"


def test_take_back_thing__an_added_source__goes(stage: Stage) -> None:
    draft = stage.draft()
    document = team_document_of(draft.document)
    values = document.team.sources["fooddb"].model_dump(mode="json", exclude_none=True)
    change_request_add_part(
        actor=stage.people.member, change_request=draft, kind=PartKind.SOURCE, name="other", values=values
    )
    change_request_take_back_thing(actor=stage.people.member, change_request=draft, place="team/sources/other")
    assert _is_as_accepted(draft)


@pytest.mark.parametrize("place", ["team/sources/fooddb", "team/title", "tasks/foodsearch", "nonsense"])
def test_take_back_thing__nothing_changed_there__is_said(stage: Stage, place: str) -> None:
    draft = stage.draft("foodsearch.tags")
    with pytest.raises(NotFound, match="does nothing to"):
        change_request_take_back_thing(actor=stage.people.member, change_request=draft, place=place)


def test_take_back_thing__a_value_of_the_environment__is_as_accepted_again(stage: Stage) -> None:
    change = change_request_create(
        actor=stage.people.platform, environment=stage.environment, team=None, title="Network"
    )
    change_request_edit_environment(
        actor=stage.people.platform, change_request=change, changes={"network.vpc": "vpc-0000aaaa"}
    )
    change_request_take_back_thing(actor=stage.people.platform, change_request=change, place="environment/network")
    document = accepted_base_document(stage.environment)
    assert base_document_of(change.document) == document
