"""Opening a change request together with its first edit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from replication.choices import AuditKind
from replication.errors import InvalidInput, NotAllowed
from replication.models import AuditEvent, ChangeRequest
from replication.services.change_request_propose import change_request_propose_tables
from tests.replication.conftest import Stage


def _propose(stage: Stage, entries: Sequence[str], *, by_stranger: bool = False) -> ChangeRequest:
    return change_request_propose_tables(
        actor=stage.people.stranger if by_stranger else stage.people.member,
        environment=stage.environment,
        team=stage.food,
        title="More",
        task="foodsearch",
        entries=entries,
    )


def test_propose__tables_that_fit__opens_a_draft_that_adds_them(stage: Stage) -> None:
    change_request = _propose(stage, ["foodsearch.tags", "foodsearch.shops"])
    assert [edit.sentence for edit in change_request.edits.all()] == [
        "added 2 tables to foodsearch: foodsearch.shops, foodsearch.tags"
    ]


def test_propose__a_line_that_does_not_fit__leaves_no_draft_behind(stage: Stage) -> None:
    with pytest.raises(InvalidInput):
        _propose(stage, ["foodsearch.tags", "nonsense"])
    assert not ChangeRequest.objects.exists()


def test_propose__somebody_of_another_team__is_refused_and_audited(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        _propose(stage, ["foodsearch.tags"], by_stranger=True)
    assert not ChangeRequest.objects.exists()
    assert AuditEvent.objects.filter(kind=AuditKind.REFUSED_ATTEMPT).count() == 1
