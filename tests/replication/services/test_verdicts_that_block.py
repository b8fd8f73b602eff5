"""A verdict that is missing, of another document, under way, old, or that could not be made: each blocks, in words.

A merge asks for the verdict on exactly the document, and the deployment judges once more before it touches anything
(`test_deployment_ticks`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from replication.choices import ChangeRequestState, CheckRunState
from replication.errors import ChecksNotGreen
from replication.models import ChangeRequest, Deployment
from replication.selectors.requirements import VERDICT_HOLDS
from replication.selectors.table_acts import ChosenTable, TableAct
from replication.services.change_request_table_acts import change_request_act_on_tables
from replication.services.change_request_take_back import change_request_take_back
from replication.services.change_request_task_edits import change_request_edit_task_pause
from replication.services.checks import MOST_ATTEMPTS, checks_request, checks_run
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage
from tests.replication.moments import travel
from tests.replication.verdicts import FakeJudge, result_silent


def _approved(stage: Stage) -> ChangeRequest:
    change = stage.in_review()
    run = change.check_runs.latest("id")
    review_approve(actor=stage.people.platform, change_request=change, fingerprint=run.fingerprint)
    change.refresh_from_db()
    return change


def _lost(stage: Stage, change: ChangeRequest) -> None:
    change.check_runs.all().delete()


def _asked_again(stage: Stage, change: ChangeRequest) -> None:
    checks_request(actor=stage.people.member, change_request=change)


def _aws_away(stage: Stage, change: ChangeRequest) -> None:
    _asked_again(stage, change)
    stage.check(change, FakeJudge(results=(result_silent(),)))


def _broke_off(stage: Stage, change: ChangeRequest) -> None:
    def broken(subject: object) -> object:
        raise RuntimeError("the disk is full")

    _asked_again(stage, change)
    run = change.check_runs.latest("id")
    for _ in range(MOST_ATTEMPTS):
        checks_run(check_run_id=run.pk, judge=broken)  # type: ignore[arg-type]  # never gives a verdict


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_lost, "They have not run for this document yet"),
        (_asked_again, "They are still running"),
        (_aws_away, "0 of 1 checks let it pass"),
        (_broke_off, "They could not run: RuntimeError: the disk is full"),
    ],
    ids=["missing", "under-way", "aws-away", "broke-off"],
)
def test_merge__without_a_verdict_that_holds__is_refused_in_words_and_nothing_is_deployed(
    stage: Stage, spoil: Callable[[Stage, ChangeRequest], None], words: str
) -> None:
    change = _approved(stage)
    spoil(stage, change)
    change.refresh_from_db()
    with pytest.raises(ChecksNotGreen, match=words):
        change_request_merge(actor=stage.people.member, change_request=change)
    assert not Deployment.objects.exists()


def test_merge__a_verdict_of_yesterday__is_refused_until_the_checks_have_run_again(stage: Stage) -> None:
    change = _approved(stage)
    with travel(timezone.now() + VERDICT_HOLDS + timedelta(minutes=1)):
        with pytest.raises(ChecksNotGreen, match="the 24 hours for which a verdict holds: run them again"):
            change_request_merge(actor=stage.people.member, change_request=change)
        checks_request(actor=stage.people.member, change_request=change)
        stage.check(change)
        assert change.state == ChangeRequestState.APPROVED, "the same plan keeps its approvals"
        change_request_merge(actor=stage.people.member, change_request=change)


def test_edits__each_kind__overtake_the_checks_under_way_and_ask_for_new_ones(stage: Stage) -> None:
    draft, member = stage.draft("foodsearch.products"), stage.people.member
    barcodes = ChosenTable("foodsearch", "fooddb/foodsearch/barcodes")
    edits: list[Callable[[], ChangeRequest]] = [
        lambda: change_request_act_on_tables(actor=member, change_request=draft, act=TableAct.PAUSE, tables=[barcodes]),
        lambda: change_request_edit_task_pause(actor=member, change_request=draft, task="foodsearch", paused=True),
        lambda: change_request_take_back(
            actor=member, change_request=draft, task="foodsearch", table=barcodes.identity
        ),
    ]
    for edit in edits:
        before = draft.check_runs.latest("id")
        edit()
        before.refresh_from_db()
        newest = draft.check_runs.latest("id")
        assert (before.state, newest.state) == (CheckRunState.OVERTAKEN, CheckRunState.PENDING)
        assert newest.document_hash == draft.document_hash
    checks_run(check_run_id=before.pk, judge=FakeJudge())
    before.refresh_from_db()
    assert before.state == CheckRunState.OVERTAKEN, "a worker that comes too late says nothing"
