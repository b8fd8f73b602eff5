"""Approving, asking for changes, refusing."""

import pytest

from replication.choices import AuditKind, ChangeRequestState, Verdict
from replication.errors import (
    CannotApproveOwnChange,
    ChecksNotGreen,
    NotAllowed,
    ReasonRequired,
    StalePlan,
    WrongState,
)
from replication.models import AuditEvent, ChangeRequest, Review
from replication.selectors.check_runs import current_check_run
from replication.services.checks import checks_request
from replication.services.reviews import review_approve, review_refuse, review_request_changes
from tests.replication.conftest import Stage
from tests.replication.factories import MembershipFactory
from tests.replication.verdicts import FakeJudge, removal_effect, result_failed

RISKY = FakeJudge(effects=(removal_effect("fooddb/foodsearch/brands"),))


def _fingerprint(change_request: ChangeRequest) -> str:
    run = current_check_run(change_request)
    assert run is not None
    return run.fingerprint


def test_review_approve__green_and_harmless__one_peer_is_enough(stage: Stage) -> None:
    change_request = stage.in_review()

    review = review_approve(
        actor=stage.people.reviewer, change_request=change_request, fingerprint=_fingerprint(change_request)
    )

    assert change_request.state == ChangeRequestState.APPROVED
    assert (review.verdict, review.as_platform) == (Verdict.APPROVE, False)
    event = AuditEvent.objects.get(kind=AuditKind.REVIEW_APPROVED)
    assert (event.actor, event.data["fingerprint"]) == (stage.people.reviewer, review.fingerprint)


def test_review_approve__author_who_reviews__is_refused_and_audited(stage: Stage) -> None:
    author = MembershipFactory(team=stage.food, role="reviewer").user
    change_request = stage.in_review(actor=author)

    with pytest.raises(CannotApproveOwnChange):
        review_approve(actor=author, change_request=change_request, fingerprint=_fingerprint(change_request))

    event = AuditEvent.objects.get(kind=AuditKind.REFUSED_ATTEMPT)
    assert (event.actor, event.data["code"]) == (author, "cannot-approve-own-change")
    assert event.change_request == change_request


@pytest.mark.parametrize("who", ["viewer", "stranger", "auditor", "colleague"])
def test_review_approve__without_the_role__is_refused(stage: Stage, who: str) -> None:
    change_request = stage.in_review()

    with pytest.raises(NotAllowed):
        review_approve(
            actor=getattr(stage.people, who),
            change_request=change_request,
            fingerprint=_fingerprint(change_request),
        )


def test_review_approve__another_plan_than_looked_at__is_stale(stage: Stage) -> None:
    with pytest.raises(StalePlan):
        review_approve(actor=stage.people.reviewer, change_request=stage.in_review(), fingerprint="old")


def test_review_approve__draft__is_refused(stage: Stage) -> None:
    with pytest.raises(WrongState):
        review_approve(
            actor=stage.people.reviewer, change_request=stage.draft("foodsearch.products"), fingerprint="any"
        )


def test_review_approve__checks_went_red__is_refused(stage: Stage) -> None:
    change_request = stage.in_review()
    fingerprint = _fingerprint(change_request)
    checks_request(actor=stage.people.member, change_request=change_request)
    stage.check(change_request, FakeJudge(results=(result_failed(),)))

    with pytest.raises(ChecksNotGreen):
        review_approve(actor=stage.people.reviewer, change_request=change_request, fingerprint=fingerprint)


def test_review_approve__risky_plan__needs_the_platform_team(stage: Stage) -> None:
    change_request = stage.in_review(judge=RISKY)
    fingerprint = _fingerprint(change_request)

    review_approve(actor=stage.people.reviewer, change_request=change_request, fingerprint=fingerprint)
    assert change_request.state == ChangeRequestState.IN_REVIEW

    review_approve(actor=stage.people.platform, change_request=change_request, fingerprint=fingerprint)
    assert change_request.state == ChangeRequestState.APPROVED


def test_review_approve__risky_plan_where_policy_allows__one_peer_is_enough(stage: Stage) -> None:
    setup = stage.food.setups.get()
    setup.platform_approves_risky = False
    setup.save()
    change_request = stage.in_review(judge=RISKY)

    review_approve(actor=stage.people.reviewer, change_request=change_request, fingerprint=_fingerprint(change_request))

    assert change_request.state == ChangeRequestState.APPROVED


def test_approval__plan_changes_later__falls(stage: Stage) -> None:
    change_request = stage.in_review()
    review_approve(actor=stage.people.reviewer, change_request=change_request, fingerprint=_fingerprint(change_request))

    checks_request(actor=stage.people.member, change_request=change_request)
    stage.check(change_request, FakeJudge(world="somebody used the console"))

    assert change_request.state == ChangeRequestState.IN_REVIEW


def test_review_request_changes__with_a_reason__blocks_until_the_reviewer_approves(stage: Stage) -> None:
    change_request = stage.in_review()
    fingerprint = _fingerprint(change_request)
    review_approve(actor=stage.people.platform, change_request=change_request, fingerprint=fingerprint)

    review_request_changes(actor=stage.people.reviewer, change_request=change_request, reason="Wrong schema")
    assert change_request.state == ChangeRequestState.IN_REVIEW

    review_approve(actor=stage.people.reviewer, change_request=change_request, fingerprint=fingerprint)
    assert change_request.state == ChangeRequestState.APPROVED


@pytest.mark.parametrize("act", [review_request_changes, review_refuse])
def test_reviews__that_say_no_without_a_reason__are_refused(stage: Stage, act: object) -> None:
    with pytest.raises(ReasonRequired):
        act(actor=stage.people.reviewer, change_request=stage.in_review(), reason="  ")  # type: ignore[operator]

    assert not Review.objects.exists()


def test_review_refuse__with_a_reason__returns_it_to_the_author(stage: Stage) -> None:
    change_request = stage.in_review()

    review_refuse(actor=stage.people.reviewer, change_request=change_request, reason="Not our data")

    assert change_request.state == ChangeRequestState.DRAFT
    assert change_request.returned_reason == "Rita Example refused it: Not our data"
    assert AuditEvent.objects.filter(kind=AuditKind.REVIEW_REFUSED).count() == 1
