"""Two people edit one draft, and nobody undoes what the other one did."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from replication.documents import team_document_of
from replication.errors import EditedMeanwhile, InvalidInput, NotAllowed
from replication.models import AuditEvent, ChangeRequest
from replication.services.change_request_edit_as_seen import change_request_edit_as_seen
from replication.services.change_request_part_edits import (
    PartKind,
    change_request_edit_part,
    change_request_edit_task_settings,
)
from replication.services.change_request_table_edits import (
    change_request_edit_tables_add,
    change_request_edit_tables_pause,
    change_request_edit_tables_reload,
    change_request_edit_tables_remove,
)
from replication.services.change_request_take_back import change_request_take_back
from replication.services.change_requests import change_request_rename, heading_hash
from tests.replication.conftest import Stage

BARCODES, BRANDS = "fooddb/foodsearch/barcodes", "fooddb/foodsearch/brands"


def _by_carl(stage: Stage, change_request: ChangeRequest, service: Any, **arguments: Any) -> None:
    mine = ChangeRequest.objects.get(pk=change_request.pk)
    service(actor=stage.people.colleague, change_request=mine, **arguments)


def _by_mia(stage: Stage, change_request: ChangeRequest, seen: str, service: Any, **arguments: Any) -> ChangeRequest:
    edit = partial(service, actor=stage.people.member, **arguments)
    return change_request_edit_as_seen(
        actor=stage.people.member,
        change_request=change_request,
        seen=seen,
        edit=lambda change_request: edit(change_request=change_request),
    )


def _tables(change_request: ChangeRequest) -> dict[str, str]:
    file = team_document_of(change_request.document).tasks["foodsearch"]
    return {entry.reference.table: "paused" if entry.paused else entry.version for entry in file.tables}


def test_edit_as_seen__others_edited_other_entries__both_edits_stand(stage: Stage) -> None:
    draft = stage.draft()
    seen = draft.document_hash
    _by_carl(stage, draft, change_request_edit_tables_add, task="foodsearch", entries=["foodsearch.tags"])
    edited = _by_mia(stage, draft, seen, change_request_edit_tables_pause, task="foodsearch", tables=[BARCODES])
    assert _tables(edited)["barcodes"] == "paused"
    assert "tags" in _tables(edited)


def test_edit_as_seen__the_same_entry_edited_meanwhile__is_refused_with_who_what_and_when(stage: Stage) -> None:
    draft = stage.draft("foodsearch.tags")
    seen = draft.document_hash
    _by_carl(stage, draft, change_request_edit_tables_reload, task="foodsearch", tables=[BARCODES])
    with pytest.raises(EditedMeanwhile) as refusal:
        _by_mia(stage, draft, seen, change_request_edit_tables_pause, task="foodsearch", tables=[BARCODES, BRANDS])
    [change] = refusal.value.changes
    assert (change.editor_name, change.place) == ("Carl Example", f"{BARCODES} in foodsearch")
    assert change.sentence == "gave 1 table of foodsearch a new version: foodsearch.barcodes"
    assert "Carl Example changed fooddb/foodsearch/barcodes in foodsearch at " in refusal.value.sentence
    draft.refresh_from_db()
    assert _tables(draft)["brands"] != "paused"


def test_edit_as_seen__looked_at_again__goes_on_top(stage: Stage) -> None:
    draft = stage.draft()
    _by_carl(stage, draft, change_request_edit_tables_reload, task="foodsearch", tables=[BARCODES])
    seen = ChangeRequest.objects.get(pk=draft.pk).document_hash
    edited = _by_mia(stage, draft, seen, change_request_edit_tables_pause, task="foodsearch", tables=[BARCODES])
    assert _tables(edited)["barcodes"] == "paused"


def test_edit_as_seen__edited_there_and_back__is_no_edit(stage: Stage) -> None:
    draft = stage.draft("foodsearch.tags")
    seen = draft.document_hash
    _by_carl(stage, draft, change_request_edit_tables_reload, task="foodsearch", tables=[BARCODES])
    _by_carl(stage, draft, change_request_take_back, task="foodsearch", table=BARCODES)
    edited = _by_mia(stage, draft, seen, change_request_edit_tables_pause, task="foodsearch", tables=[BARCODES])
    assert _tables(edited)["barcodes"] == "paused"


def test_edit_as_seen__another_value_of_the_same_settings__is_refused_until_it_was_seen(stage: Stage) -> None:
    draft = stage.draft()
    seen = draft.document_hash
    _by_carl(stage, draft, change_request_edit_task_settings, task="foodsearch", changes={"commit_rate": 5000})
    service = partial(change_request_edit_task_settings, task="foodsearch", changes={"lob_max_size": 64})
    with pytest.raises(EditedMeanwhile, match="Carl Example changed the task foodsearch"):
        _by_mia(stage, draft, seen, service)
    draft.refresh_from_db()
    settings = team_document_of(_by_mia(stage, draft, draft.document_hash, service).document).tasks["foodsearch"]
    assert settings.settings is not None
    assert settings.settings.model_dump(exclude_none=True) == {"commit_rate": 5000, "lob_max_size": 64}


def test_edit_as_seen__a_source_and_a_table__do_not_meet(stage: Stage) -> None:
    draft = stage.draft()
    seen = draft.document_hash
    _by_carl(
        stage,
        draft,
        change_request_edit_part,
        kind=PartKind.SOURCE,
        name="fooddb",
        changes={"log_retention_hours": 96},
    )
    edited = _by_mia(stage, draft, seen, change_request_edit_tables_remove, task="foodsearch", tables=[BRANDS])
    document = team_document_of(edited.document)
    assert document.team.sources["fooddb"].log_retention_hours == 96
    assert "brands" not in _tables(edited)


def test_edit_as_seen__a_table_that_was_added_meanwhile__says_who_added_it(stage: Stage) -> None:
    draft = stage.draft()
    seen = draft.document_hash
    _by_carl(stage, draft, change_request_edit_tables_add, task="foodsearch", entries=["foodsearch.tags"])
    with pytest.raises(InvalidInput, match=r"the task has it already. Carl Example did this at .*: added 1 table"):
        _by_mia(stage, draft, seen, change_request_edit_tables_add, task="foodsearch", entries=["foodsearch.tags"])


def test_edit_as_seen__a_hash_that_the_draft_never_had__counts_every_edit(stage: Stage) -> None:
    draft = stage.draft()
    _by_carl(stage, draft, change_request_edit_tables_reload, task="foodsearch", tables=[BARCODES])
    with pytest.raises(EditedMeanwhile):
        _by_mia(stage, draft, "0" * 64, change_request_edit_tables_pause, task="foodsearch", tables=[BARCODES])


def test_edit_as_seen__a_stranger__is_refused_and_in_the_audit(stage: Stage) -> None:
    draft = stage.draft()
    with pytest.raises(NotAllowed):
        change_request_edit_as_seen(
            actor=stage.people.stranger, change_request=draft, seen="", edit=lambda change_request: change_request
        )
    assert AuditEvent.objects.filter(kind="attempt.refused", actor=stage.people.stranger).exists()


def test_rename__renamed_meanwhile__is_refused_with_the_new_title(stage: Stage) -> None:
    draft = stage.draft()
    seen = heading_hash(draft)
    _by_carl(stage, draft, change_request_rename, title="Carl's title")
    with pytest.raises(EditedMeanwhile, match=r"Carl Example changed the title .*: it is now “Carl's title”"):
        change_request_rename(actor=stage.people.member, change_request=draft, title="Mine", seen=seen)
    draft.refresh_from_db()
    change_request_rename(actor=stage.people.member, change_request=draft, title="Mine", seen=heading_hash(draft))
    assert draft.title == "Mine"
