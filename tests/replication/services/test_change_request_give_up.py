"""Runaway loads that the platform team gives up: who may, which, and how it reaches the plan and the deployment."""

import pytest

from replication.choices import AuditKind, ChangeRequestState
from replication.errors import InvalidInput, NotAllowed, ReasonRequired
from replication.models import AuditEvent, ChangeRequest
from replication.selectors.scopes import subject_of, subject_of_deployment
from replication.services.change_request_give_up import change_request_give_up
from replication.services.change_request_table_edits import change_request_edit_tables_remove
from replication.services.change_requests import change_request_submit
from replication.services.deployments import deployment_create
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage

TABLE = "fooddb/foodsearch/brands"


@pytest.fixture
def removal(stage: Stage) -> ChangeRequest:
    """A change in review that removes a table."""
    change = stage.draft()
    change_request_edit_tables_remove(
        actor=stage.people.member, change_request=change, task="foodsearch", tables=[TABLE]
    )
    change_request_submit(actor=stage.people.member, change_request=change)
    stage.check(change)
    return change


def give_up(stage: Stage, change: ChangeRequest, *tables: str, reason: str = "it grows faster than it loads") -> None:
    change_request_give_up(actor=stage.people.platform, change_request=change, tables=tables, reason=reason)


def test_give_up__a_table_that_leaves__is_judged_so_and_voids_what_was_approved(
    stage: Stage, removal: ChangeRequest
) -> None:
    runs = removal.check_runs.count()

    give_up(stage, removal, TABLE)

    assert subject_of(removal).given_up == {TABLE}
    assert removal.check_runs.count() == runs + 1
    assert removal.state == ChangeRequestState.CHECKING
    event = AuditEvent.objects.get(kind=AuditKind.LOADS_GIVEN_UP)
    assert event.sentence.endswith(f"gives up the load of {TABLE} in #{removal.number}: it grows faster than it loads")


def test_give_up__merged__reaches_the_deployment_and_a_second_try(stage: Stage, removal: ChangeRequest) -> None:
    give_up(stage, removal, TABLE)
    stage.check(removal)
    fingerprint = removal.check_runs.order_by("-id")[0].fingerprint
    review_approve(actor=stage.people.reviewer, change_request=removal, fingerprint=fingerprint)

    deployment = change_request_merge(actor=stage.people.member, change_request=removal)

    assert deployment.given_up == [TABLE]
    assert subject_of_deployment(deployment).given_up == {TABLE}
    plain = deployment_create(actor=None, revision=deployment.revision, change_request=None)
    assert plain.given_up == []


def test_give_up__by_whoever_gave_a_load_up__the_change_is_not_approved(stage: Stage, removal: ChangeRequest) -> None:
    give_up(stage, removal, TABLE)
    stage.check(removal)
    fingerprint = removal.check_runs.order_by("-id")[0].fingerprint

    with pytest.raises(NotAllowed):
        review_approve(actor=stage.people.platform, change_request=removal, fingerprint=fingerprint)


def test_give_up__nothing_any_more__is_taken_back(stage: Stage, removal: ChangeRequest) -> None:
    give_up(stage, removal, TABLE)

    give_up(stage, removal)

    assert subject_of(removal).given_up == frozenset()


def test_give_up__a_table_that_stays__is_refused(stage: Stage, removal: ChangeRequest) -> None:
    with pytest.raises(InvalidInput, match="keeps its folder"):
        give_up(stage, removal, "fooddb/foodsearch/barcodes")


def test_give_up__without_a_reason__is_refused(stage: Stage, removal: ChangeRequest) -> None:
    with pytest.raises(ReasonRequired):
        give_up(stage, removal, TABLE, reason=" ")


def test_give_up__by_the_team__is_refused(stage: Stage, removal: ChangeRequest) -> None:
    with pytest.raises(NotAllowed, match="Only the platform team gives up a load"):
        change_request_give_up(
            actor=stage.people.reviewer, change_request=removal, tables=[TABLE], reason="it never ends"
        )
