"""Asking for a rehearsal, and running it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from deploy_engine.execution.rehearsal import RehearsalResult
from deploy_engine.findings import Finding, Status
from replication.choices import AuditKind, RehearsalState
from replication.errors import InvalidInput, NotAllowed, WrongState
from replication.models import AuditEvent, ChangeRequest, Rehearsal
from replication.selectors.rehearsal_order import rehearsal_order
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.change_requests import change_request_close
from replication.services.rehearsals import LOST_AFTER, rehearsal_request, rehearsal_run
from replication.services.watchdog import OVERDUE_AFTER, overdue_find
from replication.tasks import reconcile
from tests.replication.conftest import Sent, Stage
from tests.replication.moments import travel
from tests.replication.rehearsing import FAILED, NOT_INSTALLED, PASSED, FakeProgram
from tests.replication.verdicts import FakeJudge


@pytest.fixture
def change(stage: Stage) -> ChangeRequest:
    """A draft with a plan."""
    change_request = stage.draft("foodsearch.products")
    stage.check(change_request)
    return change_request


def _edit(stage: Stage, change: ChangeRequest) -> None:
    change_request_edit_tables_add(
        actor=stage.people.member, change_request=change, task="foodsearch", entries=["foodsearch.tags"]
    )


def test_rehearsal_request__draft_with_a_plan__waits_for_a_worker_and_is_audited(
    stage: Stage, change: ChangeRequest, sent: Sent, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        rehearsal = rehearsal_request(actor=stage.people.reviewer, change_request=change)

    assert (rehearsal.state, rehearsal.document_hash) == (RehearsalState.PENDING, change.document_hash)
    assert ("replication.rehearse", (rehearsal.pk,)) in sent
    assert AuditEvent.objects.filter(kind=AuditKind.REHEARSAL_REQUESTED, change_request=change).exists()


def test_rehearsal_request__stranger__is_refused(stage: Stage, change: ChangeRequest) -> None:
    with pytest.raises(NotAllowed):
        rehearsal_request(actor=stage.people.stranger, change_request=change)


def test_rehearsal_request__no_plan_or_over_or_asked_twice__says_which(stage: Stage, change: ChangeRequest) -> None:
    member = stage.people.member
    rehearsal_request(actor=member, change_request=change)
    with pytest.raises(WrongState, match="It is being rehearsed"):
        rehearsal_request(actor=member, change_request=change)

    _edit(stage, change)
    with pytest.raises(WrongState, match="still being made"):
        rehearsal_request(actor=member, change_request=change)

    refused = FakeJudge(refusals=(Finding("plan.supported", Status.FAILED, "not understood"),))
    stage.check(change, refused)
    with pytest.raises(WrongState, match="no plan that could be rehearsed"):
        rehearsal_request(actor=member, change_request=change)

    change_request_close(actor=member, change_request=change)
    with pytest.raises(WrongState, match="It is closed"):
        rehearsal_request(actor=member, change_request=change)


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (PASSED, RehearsalState.PASSED),
        (FAILED, RehearsalState.FAILED),
        (NOT_INSTALLED, RehearsalState.COULD_NOT_RUN),
    ],
)
def test_rehearsal_run__each_outcome__is_kept_with_its_result(
    stage: Stage, change: ChangeRequest, result: RehearsalResult, state: RehearsalState
) -> None:
    rehearsal = rehearsal_request(actor=stage.people.member, change_request=change)

    rehearsal_run(rehearsal_id=rehearsal.pk, program=FakeProgram(result))

    rehearsal.refresh_from_db()
    assert rehearsal.state == state
    assert RehearsalResult.from_json(rehearsal.result) == result
    assert AuditEvent.objects.filter(kind=AuditKind.REHEARSAL_FINISHED, change_request=change).count() == 1


def test_rehearsal_run__while_it_runs__says_what_it_does(stage: Stage, change: ChangeRequest) -> None:
    rehearsal = rehearsal_request(actor=stage.people.member, change_request=change)
    seen: list[tuple[str, str]] = []

    def look() -> None:
        seen.append(Rehearsal.objects.values_list("state", "progress").get(pk=rehearsal.pk))

    rehearsal_run(rehearsal_id=rehearsal.pk, program=FakeProgram(meanwhile=look))
    assert seen == [("running", "Carrying the change out…")]


def test_rehearsal_run__breaks_off__could_not_be_rehearsed_and_may_be_asked_for_again(
    stage: Stage, change: ChangeRequest
) -> None:
    rehearsal = rehearsal_request(actor=stage.people.member, change_request=change)

    rehearsal_run(rehearsal_id=rehearsal.pk, program=FakeProgram(error=RuntimeError("It took too long.")))

    rehearsal.refresh_from_db()
    assert (rehearsal.state, rehearsal.error) == (RehearsalState.COULD_NOT_RUN, "It took too long.")
    again = rehearsal_request(actor=stage.people.member, change_request=change)
    assert again.pk != rehearsal.pk


def test_rehearsal_run__edited_before_it_began__is_overtaken_and_runs_nothing(
    stage: Stage, change: ChangeRequest
) -> None:
    rehearsal = rehearsal_request(actor=stage.people.member, change_request=change)
    _edit(stage, change)
    program = FakeProgram()

    rehearsal_run(rehearsal_id=rehearsal.pk, program=program)

    rehearsal.refresh_from_db()
    assert rehearsal.state == RehearsalState.OVERTAKEN
    assert program.orders == []


def test_rehearsal_run__another_asked_for_after_an_edit__the_first_says_nothing_any_more(
    stage: Stage, change: ChangeRequest
) -> None:
    first = rehearsal_request(actor=stage.people.member, change_request=change)

    def edit_and_ask() -> None:
        _edit(stage, change)
        stage.check(change)
        rehearsal_request(actor=stage.people.member, change_request=change)

    rehearsal_run(rehearsal_id=first.pk, program=FakeProgram(meanwhile=edit_and_ask))

    first.refresh_from_db()
    assert (first.state, first.result) == (RehearsalState.OVERTAKEN, None)


def test_rehearsal_run__worker_lost_again_and_again__is_given_up(stage: Stage, change: ChangeRequest) -> None:
    rehearsal = rehearsal_request(actor=stage.people.member, change_request=change)
    program, killed, now = FakeProgram(), FakeProgram(error=SystemExit()), timezone.now()

    for times in range(2):
        with travel(now + times * 2 * LOST_AFTER), pytest.raises(SystemExit):
            rehearsal_run(rehearsal_id=rehearsal.pk, program=killed)
    rehearsal_run(rehearsal_id=rehearsal.pk, program=program)  # somebody else may still have it
    with travel(now + 4 * LOST_AFTER):
        assert overdue_find().rehearsals == (rehearsal.pk,)
        rehearsal_run(rehearsal_id=rehearsal.pk, program=program)

    rehearsal.refresh_from_db()
    assert (rehearsal.state, program.orders) == (RehearsalState.COULD_NOT_RUN, [])
    assert rehearsal.error == "Its worker was lost 2 times."


def test_reconcile_task__nobody_began_it__is_handed_to_the_workers(
    stage: Stage, change: ChangeRequest, sent: Sent
) -> None:
    rehearsal = rehearsal_request(actor=stage.people.member, change_request=change)
    assert overdue_find().rehearsals == ()
    with travel(timezone.now() + OVERDUE_AFTER + timedelta(seconds=1)):
        reconcile()
    assert ("replication.rehearse", (rehearsal.pk,)) in sent


def test_rehearsal_request__with_a_fault_that_cannot_strike__is_refused_with_those_that_can(stage: Stage) -> None:
    change_request = stage.in_review()
    with pytest.raises(InvalidInput, match="cannot go wrong"):
        rehearsal_request(actor=stage.people.member, change_request=change_request, fault="update-fails@7")


def test_rehearsal_request__with_a_fault__is_in_the_order_and_in_the_audit(stage: Stage) -> None:
    rehearsal = rehearsal_request(actor=stage.people.member, change_request=stage.in_review(), fault="throttled@1")
    order = rehearsal_order(rehearsal)
    assert order is not None
    assert order.fault == "throttled@1"
    event = AuditEvent.objects.get(kind=AuditKind.REHEARSAL_REQUESTED)
    assert event.sentence.endswith(", with a fault: in step 1, AWS asks to slow down.")
