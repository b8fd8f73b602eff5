"""Editing the tasks of a draft, and a whole document."""

from typing import Any

import pytest

from replication.documents import team_document_of
from replication.errors import InvalidInput
from replication.services.change_request_task_edits import (
    change_request_edit_document,
    change_request_edit_task_add,
    change_request_edit_task_pause,
    change_request_edit_task_remove,
)
from tests.replication.conftest import Stage


def test_task_add__with_tables__is_proposed(stage: Stage) -> None:
    change_request = stage.draft()

    change_request_edit_task_add(
        actor=stage.people.member,
        change_request=change_request,
        task="night",
        source="fooddb",
        instance="main",
        delivery="1min",
        entries=["stock.levels"],
    )

    task = team_document_of(change_request.document).tasks["night"]
    assert (task.delivery.value, [entry.source for entry in task.tables]) == ("1min", ["fooddb/stock/levels"])


@pytest.mark.parametrize(
    ("wrong", "pointer", "check"),
    [
        ({"task": "Night!"}, "/task", "config.schema"),
        ({"task": "foodsearch"}, "/task", "config.schema"),
        ({"source": "ordersdb"}, "/source", "config.references"),
        ({"instance": "none"}, "/instance", "config.references"),
        ({"delivery": "hourly"}, "/delivery", "config.schema"),
        ({"entries": ["no-dot"]}, "/entries/0", "config.schema"),
    ],
)
def test_task_add__wrong_field__is_pointed_at(stage: Stage, wrong: dict[str, Any], pointer: str, check: str) -> None:
    right: dict[str, Any] = {"task": "night", "source": "fooddb", "instance": "main", "delivery": "1min", "entries": []}

    with pytest.raises(InvalidInput) as refusal:
        change_request_edit_task_add(actor=stage.people.member, change_request=stage.draft(), **{**right, **wrong})

    assert [(finding.pointer, finding.check) for finding in refusal.value.findings] == [(pointer, check)]


def test_task_remove__with_its_tables__is_proposed(stage: Stage) -> None:
    change_request = stage.draft()

    change_request_edit_task_remove(actor=stage.people.member, change_request=change_request, task="foodsearch")

    assert team_document_of(change_request.document).tasks == {}
    assert change_request.edits.get().sentence == "removed the task foodsearch with 2 tables"


def test_task_pause__there_and_back__is_the_accepted_document_again(stage: Stage) -> None:
    change_request = stage.draft()
    before = change_request.document_hash
    common: dict[str, Any] = {"actor": stage.people.member, "change_request": change_request, "task": "foodsearch"}

    change_request_edit_task_pause(**common, paused=True)
    assert team_document_of(change_request.document).tasks["foodsearch"].paused
    change_request_edit_task_pause(**common, paused=False)

    assert change_request.document_hash == before


def test_edit_document__that_does_not_fit__points_into_it(stage: Stage) -> None:
    change_request = stage.draft()
    document = {**change_request.document, "tasks": {"foodsearch": {"source": "fooddb"}}}

    with pytest.raises(InvalidInput) as refusal:
        change_request_edit_document(actor=stage.people.member, change_request=change_request, document=document)

    assert "/tasks/foodsearch/tables" in {finding.pointer for finding in refusal.value.findings}
