"""Proposing any edit, in a new draft or in one that is open."""

from __future__ import annotations

from functools import partial

import pytest

from replication.errors import InvalidInput, NotAllowed
from replication.models import AuditEvent, ChangeRequest
from replication.services.change_request_propose_edit import Edit, change_request_propose_edit
from replication.services.change_request_task_edits import change_request_edit_task_pause
from tests.replication.conftest import Stage


def _pause(stage: Stage, *, paused: bool = True) -> Edit:
    edit = partial(change_request_edit_task_pause, actor=stage.people.member, task="foodsearch", paused=paused)
    return lambda change_request: edit(change_request=change_request)


def _propose(stage: Stage, edit: Edit, into: ChangeRequest | None = None) -> ChangeRequest:
    return change_request_propose_edit(
        actor=stage.people.member,
        environment=stage.environment,
        team=stage.food,
        edit=edit,
        title="Pause",
        change_request=into,
    )


def test_propose_edit__without_a_change_request__opens_one(stage: Stage) -> None:
    change_request = _propose(stage, _pause(stage))
    assert (change_request.title, change_request.edits.count()) == ("Pause", 1)


def test_propose_edit__into_an_open_one__opens_no_other(stage: Stage) -> None:
    draft = stage.draft()
    assert _propose(stage, _pause(stage), draft) == draft
    assert ChangeRequest.objects.count() == 1


def test_propose_edit__that_changes_nothing__is_refused_and_leaves_no_draft(stage: Stage) -> None:
    with pytest.raises(InvalidInput, match="change nothing"):
        _propose(stage, _pause(stage, paused=False))
    assert not ChangeRequest.objects.exists()


def test_propose_edit__a_stranger__is_refused_and_the_attempt_is_in_the_audit(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        change_request_propose_edit(
            actor=stage.people.stranger,
            environment=stage.environment,
            team=stage.food,
            edit=_pause(stage),
            title="Pause",
        )
    assert AuditEvent.objects.filter(kind="attempt.refused", actor=stage.people.stranger).exists()
