"""Asking for checks and running them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deploy_engine.adapters.verdict import Verdict
from deploy_engine.config import Subject
from deploy_engine.findings import Finding, Status
from replication.choices import AuditKind, ChangeRequestState, CheckRunState
from replication.errors import NotAllowed, WrongState
from replication.models import AuditEvent, CheckRun
from replication.selectors.requirements import merge_requirements
from replication.services.change_requests import change_request_close, change_request_submit
from replication.services.checks import LOST_AFTER, checks_request, checks_run
from tests.replication.conftest import Sent, Stage
from tests.replication.moments import travel
from tests.replication.verdicts import FakeJudge, result_failed, result_silent


def _broken(subject: Subject) -> Verdict:
    raise RuntimeError("the disk is full")


def _newest(stage: Stage) -> CheckRun:
    return CheckRun.objects.order_by("-id")[0]


def test_edit__draft__asks_a_worker_after_the_commit(
    stage: Stage, sent: Sent, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        stage.draft("foodsearch.products")

    assert ("replication.check_run", (_newest(stage).pk,)) in sent


def test_checks_run__green__keeps_results_plan_and_fingerprint(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    judge = FakeJudge()

    checks_run(check_run_id=_newest(stage).pk, judge=judge)

    run = _newest(stage)
    assert run.is_green
    assert run.fingerprint == judge.plan(judge.asked[0]).fingerprint
    assert [result["check"] for result in run.results] == ["config.schema"]
    assert "products" in str(judge.asked[0].team.document)
    assert change_request.state == ChangeRequestState.DRAFT


def test_checks_run__submitted_and_green__goes_to_review(stage: Stage) -> None:
    assert stage.in_review().state == ChangeRequestState.IN_REVIEW


def test_checks_run__submitted_and_no_approval_needed__is_approved(stage: Stage) -> None:
    setup = stage.food.setups.get()
    setup.approvals_needed = 0
    setup.save()

    assert stage.in_review().state == ChangeRequestState.APPROVED


@pytest.mark.parametrize(
    ("judge", "reason"),
    [
        (FakeJudge(results=(result_failed(),)), "1 failed (About paths.unique)"),
        (FakeJudge(results=(result_silent(),)), "1 could not run (About base.deployed)"),
        (
            FakeJudge(refusals=(Finding("plan.supported", Status.FAILED, "a reload is not understood"),)),
            "There is no plan: a reload",
        ),
    ],
    ids=["failed", "silent", "no-plan"],
)
def test_checks_run__submitted_and_blocked__returns_to_the_author_with_the_reason(
    stage: Stage, judge: FakeJudge, reason: str
) -> None:
    change_request = stage.in_review(judge=judge)

    assert change_request.state == ChangeRequestState.DRAFT
    assert reason in change_request.returned_reason
    assert AuditEvent.objects.filter(kind=AuditKind.CHANGE_RETURNED, change_request=change_request).exists()


def test_checks_request__after_aws_was_away__a_retry_works(stage: Stage) -> None:
    change_request = stage.in_review(judge=FakeJudge(results=(result_silent(),)))

    checks_request(actor=stage.people.member, change_request=change_request)
    stage.check(change_request)
    change_request_submit(actor=stage.people.member, change_request=change_request)
    stage.check(change_request)

    assert change_request.state == ChangeRequestState.IN_REVIEW


def test_checks_request__while_one_is_pending__overtakes_it(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    first = _newest(stage)

    checks_request(actor=stage.people.member, change_request=change_request)
    judge = FakeJudge()
    checks_run(check_run_id=first.pk, judge=judge)

    first.refresh_from_db()
    assert first.state == CheckRunState.OVERTAKEN
    assert judge.asked == []


def test_checks_run__overtaken_while_running__says_nothing_any_more(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    first = _newest(stage)

    def slow(subject: Subject) -> Verdict:
        checks_request(actor=stage.people.member, change_request=change_request)
        return FakeJudge()(subject)

    checks_run(check_run_id=first.pk, judge=slow)

    first.refresh_from_db()
    assert first.state == CheckRunState.OVERTAKEN
    assert first.results == []


def test_checks_request__stranger_or_closed__is_refused(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    with pytest.raises(NotAllowed):
        checks_request(actor=stage.people.stranger, change_request=change_request)

    change_request_close(actor=stage.people.member, change_request=change_request)
    with pytest.raises(WrongState):
        checks_request(actor=stage.people.member, change_request=change_request)


def test_checks_run__breaks_off__is_tried_thrice_and_then_says_so(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    change_request_submit(actor=stage.people.member, change_request=change_request)
    run = _newest(stage)
    states = []

    for _ in range(3):
        checks_run(check_run_id=run.pk, judge=_broken)
        run.refresh_from_db()
        states.append(run.state)

    change_request.refresh_from_db()
    assert states == [CheckRunState.PENDING, CheckRunState.PENDING, CheckRunState.COULD_NOT_RUN]
    assert run.error == "RuntimeError: the disk is full"
    assert change_request.state == ChangeRequestState.DRAFT
    assert "could not run" in change_request.returned_reason


def test_checks_run__worker_was_lost__is_taken_up_again(stage: Stage) -> None:
    stage.draft("foodsearch.products")
    run = _newest(stage)
    run.state, run.started_at = CheckRunState.RUNNING, timezone.now()
    run.save()

    checks_run(check_run_id=run.pk, judge=FakeJudge())
    assert _newest(stage).state == CheckRunState.RUNNING

    with travel(timezone.now() + LOST_AFTER + timedelta(seconds=1)):
        checks_run(check_run_id=run.pk, judge=FakeJudge())
    assert _newest(stage).state == CheckRunState.DONE


def test_checks__only_a_full_load_is_in_the_way__let_it_be_merged_armed(stage: Stage) -> None:
    loading = result_failed("load.not-interrupted", "food-foodsearch is loading")
    change_request = stage.in_review(judge=FakeJudge(results=(loading,)))
    assert change_request.state == ChangeRequestState.IN_REVIEW
    sentence = merge_requirements(change_request).lines[0].sentence
    assert "waits for its end, and goes by itself" in sentence
