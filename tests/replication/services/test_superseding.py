"""When a newer version beside an older one has caught up, Sluice drafts the end of the older one: once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from replication.choices import AuditKind, ChangeRequestState, DeploymentState
from replication.documents import team_document_of
from replication.models import AuditEvent, Deployment
from replication.selectors.inbox import inbox
from replication.selectors.superseded import supersedings
from replication.selectors.table_acts import TableAct
from replication.services.change_request_table_acts import change_request_act_on_tables
from replication.services.change_requests import change_request_close, change_request_submit
from tests.replication.beside import BARCODES, BRANDS, OLD, Beside
from tests.replication.conftest import Stage


@pytest.fixture
def beside(stage: Stage) -> Beside:
    """`barcodes` stands twice."""
    made = Beside(stage)
    made.accept(BARCODES)
    return made


def test_superseded__caught_up__its_end_is_drafted_and_the_team_is_told(beside: Beside) -> None:
    [draft] = beside.see()
    document = team_document_of(draft.document)
    assert [entry.source for entry in document.tasks["foodsearch"].tables] == [BRANDS.identity]
    assert [entry.source for entry in document.tasks["foodsearch-2"].tables] == [BARCODES.identity]
    assert (draft.state, draft.author, draft.author_name) == (ChangeRequestState.DRAFT, None, "Sluice")
    assert draft.title.startswith(f"End barcodes {OLD}: v")
    assert draft.title.endswith(" has caught up")
    assert draft.check_runs.count() == 1
    assert [edit.sentence for edit in draft.edits.all()] == ["removed 1 superseded version"]
    event = AuditEvent.objects.get(kind=AuditKind.VERSION_SUPERSEDED)
    assert (event.team, event.change_request) == (beside.stage.food, draft)
    assert "fooddb/foodsearch/barcodes has caught up as v" in event.sentence
    for person in (beside.stage.people.member, beside.stage.people.colleague):
        assert inbox(person).to_fix == [draft]
    assert inbox(beside.stage.people.stranger).count == 0


def test_superseded__seen_again__finds_the_draft_that_there_is(beside: Beside) -> None:
    [draft] = beside.see()
    assert beside.see() == []
    [pair] = supersedings(beside.stage.environment)
    assert pair.drafted is not None
    assert pair.drafted.change_request == draft


def test_superseded__the_draft_was_closed__is_not_drafted_again(beside: Beside) -> None:
    [draft] = beside.see()
    change_request_close(actor=beside.stage.people.colleague, change_request=draft, reason="both are wanted")
    assert beside.see() == []


def test_superseded__a_person_proposes_the_end_by_hand__is_not_drafted_beside(beside: Beside) -> None:
    by_hand = beside.stage.draft()
    change_request_act_on_tables(
        actor=beside.stage.people.member, change_request=by_hand, act=TableAct.REMOVE, tables=[BARCODES]
    )
    assert beside.see() == []
    change_request_close(actor=beside.stage.people.member, change_request=by_hand)
    assert len(beside.see()) == 1, "given up by hand, it is Sluice's again"


def test_superseded__a_member_submits_it__goes_its_way_like_any_other(beside: Beside) -> None:
    [draft] = beside.see()
    change_request_submit(actor=beside.stage.people.member, change_request=draft)
    beside.stage.check(draft)
    assert draft.state == ChangeRequestState.IN_REVIEW
    assert inbox(beside.stage.people.reviewer).to_review == [draft]


LATE = timedelta(minutes=5)


@pytest.mark.parametrize(
    ("seen", "waiting"),
    [
        ({"table": {"state": "Full load"}}, "foodsearch-2 is loading"),
        ({"table": {"state": "Table error"}}, "DMS has suspended it"),
        ({"task": {"tables_queued": 1}}, "foodsearch-2 is loading"),
        ({"task": {"state": "stopped"}}, "foodsearch-2 does not run"),
        ({"task": {"latency_seconds": None}}, "not been measured yet"),
        ({"task": {"latency_seconds": 1201}}, "foodsearch-2 is 1201 s late, and 1200 s are expected of it"),
        ({"table": {"observed_at": timezone.now() - LATE}}, "nobody has seen it in DMS yet"),
    ],
)
def test_superseded__not_caught_up__waits_and_says_for_what(beside: Beside, seen: dict[str, Any], waiting: str) -> None:
    assert beside.see(**seen) == []
    [pair] = supersedings(beside.stage.environment)
    assert waiting in pair.waiting


def _fails(deployment: Deployment) -> None:
    deployment.state = DeploymentState.FAILED_SAFE


def _runs(deployment: Deployment) -> None:
    deployment.state, deployment.finished_at = DeploymentState.RUNNING, None


@pytest.mark.parametrize("ends", [_fails, _runs])
def test_superseded__its_deployment_is_not_done__waits(beside: Beside, ends: Callable[[Deployment], None]) -> None:
    deployment = Deployment.objects.get()
    ends(deployment)
    deployment.save()
    assert beside.see() == []
    assert supersedings(beside.stage.environment)[0].waiting == "its deployment has not ended"


def test_superseded__every_table_of_a_task__ends_the_task_too_in_one_draft(stage: Stage) -> None:
    beside = Beside(stage)
    beside.accept(BARCODES, BRANDS)
    [draft] = beside.see()
    assert draft.title == "End 2 versions that newer ones have superseded"
    assert set(team_document_of(draft.document).tasks) == {"foodsearch-2"}


def test_superseded__nothing_stands_twice__costs_one_query(stage: Stage, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert supersedings(stage.environment) == []
