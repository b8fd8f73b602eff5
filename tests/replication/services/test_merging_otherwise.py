"""Several approved changes in one pause, and the emergency path."""

from __future__ import annotations

import pytest

from replication.choices import AuditKind, ChangeRequestState, DeploymentState
from replication.errors import Behind, ChecksNotGreen, InvalidInput, NotAllowed, Refused
from replication.models import AuditEvent, ChangeRequest, Deployment, Revision
from replication.selectors.scopes import subject_of_revision
from replication.services.change_requests import change_request_create
from replication.services.deployment_news import deployment_tell
from replication.services.deployment_ticks import surprise_of
from replication.services.merging_otherwise import change_request_merge_emergency, change_requests_merge_together
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage
from tests.replication.verdicts import FakeJudge, load_effect, removal_effect, result_failed


def _approved(stage: Stage, table: str, judge: FakeJudge | None = None) -> ChangeRequest:
    change = stage.in_review(table, judge=judge, title=f"Add {table}")
    run = change.check_runs.order_by("-id")[0]
    review_approve(actor=stage.people.reviewer, change_request=change, fingerprint=run.fingerprint)
    change.refresh_from_db()
    return change


def _two(stage: Stage) -> list[ChangeRequest]:
    return [
        _approved(stage, "foodsearch.products", FakeJudge(effects=(load_effect("fooddb/foodsearch/products"),))),
        _approved(stage, "foodsearch.prices", FakeJudge(effects=(load_effect("fooddb/foodsearch/prices"),))),
    ]


def _states(changes: list[ChangeRequest]) -> set[str]:
    return set(ChangeRequest.objects.filter(pk__in=[change.pk for change in changes]).values_list("state", flat=True))


def test_merge_together__two_approved_changes__is_a_revision_each_and_one_deployment_of_the_last(stage: Stage) -> None:
    changes = _two(stage)
    before = Revision.objects.filter(team=stage.food).count()
    deployment = change_requests_merge_together(actor=stage.people.member, change_requests=changes[::-1])
    assert Revision.objects.filter(team=stage.food).count() == before + 2
    assert Deployment.objects.get() == deployment
    tables = {row["source"] for row in deployment.revision.document["tasks"]["foodsearch"]["tables"]}
    assert {"fooddb/foodsearch/products", "fooddb/foodsearch/prices"} <= tables
    assert AuditEvent.objects.filter(kind=AuditKind.CHANGE_MERGED).count() == 2
    assert f"shipped #{changes[0].number}, #{changes[1].number} together" in (
        AuditEvent.objects.get(kind=AuditKind.CHANGES_SHIPPED).sentence
    )


def test_merge_together__what_each_plan_does__was_approved_and_nothing_else(stage: Stage) -> None:
    deployment = change_requests_merge_together(actor=stage.people.member, change_requests=_two(stage))
    subject = subject_of_revision(deployment.revision)
    both = FakeJudge(
        effects=(load_effect("fooddb/foodsearch/products"), load_effect("fooddb/foodsearch/prices")), world="both"
    )
    assert surprise_of(deployment, both.plan(subject)) == ""
    more = FakeJudge(effects=(removal_effect("fooddb/foodsearch/brands"),), world="more")
    assert "brands" in surprise_of(deployment, more.plan(subject))


@pytest.mark.parametrize(
    ("state", "change_state"),
    [
        (DeploymentState.DONE, ChangeRequestState.DEPLOYED),
        (DeploymentState.FAILED_SAFE, ChangeRequestState.OUT_OF_SYNC),
        (DeploymentState.RUNNING, ChangeRequestState.DEPLOYING),
    ],
)
def test_merge_together__the_one_deployment_moves__all_change_requests_follow(
    stage: Stage, state: DeploymentState, change_state: ChangeRequestState
) -> None:
    changes = _two(stage)
    deployment = change_requests_merge_together(actor=stage.people.member, change_requests=changes)
    deployment.state = state
    deployment.save()
    deployment_tell(deployment_id=deployment.pk)
    assert _states(changes) == {change_state}


def test_merge_together__the_same_entry_in_both__merges_nothing(stage: Stage) -> None:
    changes = [
        _approved(stage, "foodsearch.products v202601010000"),
        _approved(stage, "foodsearch.products v202601020000"),
    ]
    with pytest.raises(Behind, match="one after the other"):
        change_requests_merge_together(actor=stage.people.member, change_requests=changes)
    assert _states(changes) == {ChangeRequestState.APPROVED}
    assert not Deployment.objects.exists()


def test_merge_together__one_alone_or_one_not_approved__is_refused(stage: Stage) -> None:
    approved, reviewed = _approved(stage, "foodsearch.products"), stage.in_review("foodsearch.prices")
    with pytest.raises(InvalidInput):
        change_requests_merge_together(actor=stage.people.member, change_requests=[approved, approved])
    with pytest.raises(Refused):
        change_requests_merge_together(actor=stage.people.member, change_requests=[approved, reviewed])
    assert not Deployment.objects.exists()


def test_merge_together__of_two_teams__is_refused(stage: Stage) -> None:
    other = change_request_create(
        actor=stage.people.stranger, environment=stage.environment, team=stage.orders, title="Other"
    )
    with pytest.raises(InvalidInput, match="one stack"):
        change_requests_merge_together(
            actor=stage.people.platform, change_requests=[_approved(stage, "foodsearch.products"), other]
        )


def test_emergency__by_the_platform__skips_the_review_and_stands_out(stage: Stage) -> None:
    change = stage.in_review()
    deployment = change_request_merge_emergency(
        actor=stage.people.platform, change_request=change, reason="The lake is wrong since noon."
    )
    change.refresh_from_db()
    assert change.state == ChangeRequestState.MERGED
    assert deployment.emergency_reason == change.emergency_reason == "The lake is wrong since noon."
    event = AuditEvent.objects.get(kind=AuditKind.CHANGE_EMERGENCY)
    assert event.sentence.startswith("EMERGENCY: ")
    assert "The lake is wrong since noon." in event.sentence


def test_emergency__the_checks_block__is_refused_all_the_same(stage: Stage) -> None:
    change = stage.in_review(judge=FakeJudge(results=(result_failed("paths.unique", "two tables share a folder"),)))
    with pytest.raises(ChecksNotGreen, match="never this"):
        change_request_merge_emergency(actor=stage.people.platform, change_request=change, reason="now")


@pytest.mark.parametrize("who", ["member", "reviewer", "auditor"])
def test_emergency__by_anybody_else__is_refused_and_in_the_audit(stage: Stage, who: str) -> None:
    with pytest.raises(NotAllowed):
        change_request_merge_emergency(actor=getattr(stage.people, who), change_request=stage.in_review(), reason="now")
    assert AuditEvent.objects.filter(kind=AuditKind.REFUSED_ATTEMPT).exists()


def test_emergency__without_a_reason__is_refused(stage: Stage) -> None:
    with pytest.raises(InvalidInput):
        change_request_merge_emergency(actor=stage.people.platform, change_request=stage.in_review(), reason="  ")
