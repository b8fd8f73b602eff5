"""Opening, submitting, discussing and giving up change requests."""

import pytest

from replication.choices import AuditKind, ChangeRequestState, CheckRunState
from replication.errors import InvalidInput, NotAllowed, NotFound, NothingToSubmit, WrongState
from replication.models import AuditEvent, ChangeRequest
from replication.services.change_requests import (
    change_request_close,
    change_request_comment,
    change_request_create,
    change_request_rename,
    change_request_submit,
)
from tests.replication.conftest import Stage
from tests.replication.factories import TeamFactory


def test_change_request_create__member__proposes_what_is_accepted(stage: Stage) -> None:
    change_request = stage.draft(title="  Add products ")

    assert change_request.title == "Add products"
    assert change_request.state == ChangeRequestState.DRAFT
    assert change_request.base_revision is not None
    assert change_request.document_hash == change_request.base_revision.document_hash
    assert change_request.author_name == "Mia Example"


def test_change_request_create__history_row__names_actor_and_change(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")

    row = change_request.history.first()
    assert row.actor_name == "Mia Example"
    assert row.history_user == stage.people.member
    assert row.change_request_number == change_request.number
    assert "added 1 table" in row.history_change_reason


def test_change_request_create__stranger__is_refused_and_audited(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        change_request_create(
            actor=stage.people.stranger, environment=stage.environment, team=stage.food, title="Mine now"
        )

    event = AuditEvent.objects.get(kind=AuditKind.REFUSED_ATTEMPT)
    assert event.actor == stage.people.stranger
    assert event.team == stage.food
    assert event.data["act"] == "change_request_create"
    assert not ChangeRequest.objects.exists()


def test_change_request_create__empty_title__points_at_the_field(stage: Stage) -> None:
    with pytest.raises(InvalidInput) as refusal:
        stage.draft(title="   ")

    assert [finding.pointer for finding in refusal.value.findings] == ["/title"]


def test_change_request_create__team_without_setup__says_who_imports_it(stage: Stage) -> None:
    with pytest.raises(NotFound, match="not set up"):
        change_request_create(
            actor=stage.people.platform, environment=stage.environment, team=TeamFactory(), title="First"
        )


def test_change_request_create__base_by_platform__proposes_the_environment_file(stage: Stage) -> None:
    change_request = change_request_create(
        actor=stage.people.platform, environment=stage.environment, team=None, title="Another subnet"
    )

    assert change_request.document["environment"]["region"] == "eu-central-1"


def test_change_request_submit__nothing_changed__is_refused(stage: Stage) -> None:
    with pytest.raises(NothingToSubmit):
        change_request_submit(actor=stage.people.member, change_request=stage.draft())


def test_change_request_submit__draft__is_checked_again(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")

    change_request_submit(actor=stage.people.member, change_request=change_request)

    assert change_request.state == ChangeRequestState.CHECKING
    assert [run.state for run in change_request.check_runs.order_by("id")] == [
        CheckRunState.OVERTAKEN,
        CheckRunState.PENDING,
    ]
    assert AuditEvent.objects.filter(kind=AuditKind.CHANGE_SUBMITTED, change_request=change_request).count() == 1


def test_change_request_submit__twice__says_in_which_state_it_is(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    change_request_submit(actor=stage.people.member, change_request=change_request)

    with pytest.raises(WrongState, match="checking"):
        change_request_submit(actor=stage.people.member, change_request=change_request)


def test_change_request_rename__in_review__keeps_the_approval_and_adds_an_author(stage: Stage) -> None:
    change_request = stage.in_review()

    change_request_rename(actor=stage.people.colleague, change_request=change_request, title="Products", description="")

    assert change_request.state == ChangeRequestState.IN_REVIEW
    assert change_request.edits.filter(editor=stage.people.colleague).exists()


def test_change_request_close__open__ends_it(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")

    change_request_close(actor=stage.people.member, change_request=change_request, reason="not needed")

    assert change_request.state == ChangeRequestState.CLOSED
    assert change_request.closed_at is not None
    with pytest.raises(WrongState):
        change_request_close(actor=stage.people.member, change_request=change_request)


def test_change_request_comment__member__is_kept_and_audited(stage: Stage) -> None:
    change_request = stage.draft()

    comment = change_request_comment(
        actor=stage.people.reviewer, change_request=change_request, body=" Why? ", table="fooddb/foodsearch/brands"
    )

    assert (comment.body, comment.author_name) == ("Why?", "Rita Example")
    assert AuditEvent.objects.filter(kind=AuditKind.COMMENTED).count() == 1


def test_change_request_comment__viewer__is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        change_request_comment(actor=stage.people.viewer, change_request=stage.draft(), body="Hello")
