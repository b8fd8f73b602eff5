"""Editing sources, instances, and the settings of tasks."""

from __future__ import annotations

from typing import Any

import pytest

from deploy_engine.config import TeamDocument
from replication.documents import team_document_of
from replication.errors import InvalidInput, NotAllowed, NotFound
from replication.models import ChangeRequest
from replication.services.change_request_part_edits import (
    PartKind,
    change_request_add_part,
    change_request_edit_part,
    change_request_edit_task_settings,
)
from tests.replication.conftest import Stage

INSTANCE = {"class": "dms.t3.large", "storage_gb": 100, "engine_version": "3.5.4", "multi_az": True}


def _document(change_request: ChangeRequest) -> TeamDocument:
    return team_document_of(change_request.document)


def test_edit_part__one_value_of_a_source__leaves_the_others(stage: Stage) -> None:
    draft = stage.draft()
    common: dict[str, Any] = {"actor": stage.people.member, "change_request": draft}
    change_request_edit_part(**common, kind=PartKind.SOURCE, name="fooddb", changes={"loads_at_once": 4})
    source = _document(draft).team.sources["fooddb"]
    assert (source.loads_at_once, source.secret, source.database) == (4, "sluice/food/fooddb", "food")
    assert [edit.sentence for edit in draft.edits.all()] == ["changed the source fooddb: loads_at_once"]


@pytest.mark.parametrize(
    ("kind", "changes", "pointer"),
    [
        (PartKind.SOURCE, {"loads_at_once": 0}, "/loads_at_once"),
        (PartKind.SOURCE, {"secret": "a b"}, "/secret"),
        (PartKind.SOURCE, {"database": None}, ""),
        (PartKind.INSTANCE, {"class": "huge"}, "/class"),
    ],
)
def test_edit_part__a_value_that_does_not_fit__is_named(
    stage: Stage, kind: PartKind, changes: dict[str, Any], pointer: str
) -> None:
    name = {PartKind.SOURCE: "fooddb", PartKind.INSTANCE: "main"}[kind]
    with pytest.raises(InvalidInput) as refusal:
        change_request_edit_part(
            actor=stage.people.member, change_request=stage.draft(), kind=kind, name=name, changes=changes
        )
    assert [finding.pointer for finding in refusal.value.findings] == [pointer]


def test_edit_part__one_that_is_not_there__is_not_found(stage: Stage) -> None:
    with pytest.raises(NotFound):
        change_request_edit_part(
            actor=stage.people.member,
            change_request=stage.draft(),
            kind=PartKind.INSTANCE,
            name="night",
            changes={"storage_gb": 100},
        )


def test_add_part__an_instance__stands_in_the_draft_by_name(stage: Stage) -> None:
    draft = stage.draft()
    change_request_add_part(
        actor=stage.people.member, change_request=draft, kind=PartKind.INSTANCE, name="large", values=INSTANCE
    )
    assert list(_document(draft).team.instances) == ["large", "main"]


@pytest.mark.parametrize("name", ["main", "Not A Slug", ""])
def test_add_part__a_name_that_does_not_fit__is_refused_beside_the_name(stage: Stage, name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        change_request_add_part(
            actor=stage.people.member, change_request=stage.draft(), kind=PartKind.INSTANCE, name=name, values=INSTANCE
        )
    assert [finding.pointer for finding in refusal.value.findings] == ["/name"]


def test_edit_task_settings__set_and_taken_away_again__leaves_no_trace(stage: Stage) -> None:
    draft = stage.draft()
    before = draft.document_hash
    common: dict[str, Any] = {"actor": stage.people.member, "change_request": draft, "task": "foodsearch"}
    change_request_edit_task_settings(**common, changes={"max_full_load_sub_tasks": 4, "commit_rate": 5000})
    settings = _document(draft).tasks["foodsearch"].settings
    assert settings is not None
    assert settings.model_dump(exclude_none=True) == {"max_full_load_sub_tasks": 4, "commit_rate": 5000}
    change_request_edit_task_settings(**common, changes={"max_full_load_sub_tasks": None, "commit_rate": None})
    assert draft.document_hash == before


def test_edit_task_settings__out_of_bounds__points_at_the_key(stage: Stage) -> None:
    with pytest.raises(InvalidInput) as refusal:
        change_request_edit_task_settings(
            actor=stage.people.member,
            change_request=stage.draft(),
            task="foodsearch",
            changes={"memory_limit_total": 1},
        )
    assert [finding.pointer for finding in refusal.value.findings] == ["/memory_limit_total"]


def test_part_edits__a_stranger__is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        change_request_add_part(
            actor=stage.people.stranger,
            change_request=stage.draft(),
            kind=PartKind.INSTANCE,
            name="large",
            values=INSTANCE,
        )
