"""Nobody approves what they wrote a part of: whatever the order, the race or the way in."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from replication.choices import ChangeRequestState, Verdict
from replication.errors import CannotApproveOwnChange, WrongState
from replication.models import ChangeRequest, Review
from replication.selectors.check_runs import current_check_run
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.change_requests import change_request_rename
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage
from tests.replication.factories import MembershipFactory


def _approve(stage: Stage, change: ChangeRequest, *, fingerprint: str = "") -> Review:
    run = current_check_run(change)
    assert run is not None
    return review_approve(
        actor=stage.people.reviewer, change_request=change, fingerprint=fingerprint or run.fingerprint
    )


def _as_somebody_else_holds_it(change: ChangeRequest) -> ChangeRequest:
    """The row as another request read it, before what comes."""
    return ChangeRequest.objects.select_related("environment", "team").get(pk=change.pk)


def test_approval__reviewer_renames_it_afterwards__falls(stage: Stage) -> None:
    change = stage.in_review()
    review = _approve(stage, change)

    change_request_rename(actor=stage.people.reviewer, change_request=change, title="In my words")

    review.refresh_from_db()
    assert "wrote a part of it since" in review.voided_reason
    assert change.state == ChangeRequestState.IN_REVIEW
    with pytest.raises(CannotApproveOwnChange):
        _approve(stage, change)


def test_approval__somebody_else_renames_it__stands(stage: Stage) -> None:
    change = stage.in_review()
    _approve(stage, change)

    change_request_rename(actor=stage.people.colleague, change_request=change, title="Clearer words")

    assert change.state == ChangeRequestState.APPROVED


def test_approval__edit_came_while_the_page_was_open__is_refused(stage: Stage) -> None:
    change = stage.in_review()
    held = _as_somebody_else_holds_it(change)
    seen = current_check_run(change)
    assert seen is not None

    change_request_edit_tables_add(
        actor=stage.people.member, change_request=change, task="foodsearch", entries=["foodsearch.tags"]
    )

    with pytest.raises(WrongState):
        _approve(stage, held, fingerprint=seen.fingerprint)
    assert not held.reviews.exists()


def test_approval__edit_comes_after_it__falls_and_cannot_be_merged_by_who_still_holds_the_old_row(stage: Stage) -> None:
    change = stage.in_review()
    _approve(stage, change)
    held = _as_somebody_else_holds_it(change)
    assert held.state == ChangeRequestState.APPROVED

    change_request_edit_tables_add(
        actor=stage.people.member, change_request=change, task="foodsearch", entries=["foodsearch.tags"]
    )

    with pytest.raises(WrongState):
        change_request_merge(actor=stage.people.member, change_request=held)


def test_approvals__two_at_once__both_count_and_one_persons_two_count_once(stage: Stage) -> None:
    other = MembershipFactory(team=stage.food, role="reviewer").user
    change = stage.in_review()
    _need_two(stage)
    run = current_check_run(change)
    assert run is not None
    rows = [_as_somebody_else_holds_it(change) for _ in range(3)]

    _approve(stage, rows[0])
    _approve(stage, rows[1])
    change.refresh_from_db()
    assert change.state == ChangeRequestState.IN_REVIEW
    review_approve(actor=other, change_request=rows[2], fingerprint=run.fingerprint)

    change.refresh_from_db()
    assert change.state == ChangeRequestState.APPROVED


def _need_two(stage: Stage) -> None:
    setup = stage.food.setups.get(environment=stage.environment)
    setup.approvals_needed = 2
    setup.save()


def test_review__written_past_the_service_by_the_author__is_refused_by_the_database(stage: Stage) -> None:
    change = stage.in_review()

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            change_request=change,
            reviewer=change.author,
            reviewer_name="Mia",
            change_author=change.author,
            verdict=Verdict.APPROVE,
            document_hash=change.document_hash,
            at=timezone.now(),
        )


def test_review__given__carries_the_id_of_whoever_wrote_the_change(stage: Stage) -> None:
    assert _approve(stage, stage.in_review()).change_author == stage.people.member
