"""The one act that fits, and why it cannot be done."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from replication.errors import NotFound
from replication.models import ChangeRequest
from replication.selectors.change_request_page import change_request_by_number, change_request_page
from replication.services.change_requests import change_request_close
from tests.replication.conftest import Stage
from tests.replication.verdicts import FakeJudge, result_failed


def _act(actor: User, change_request: ChangeRequest) -> tuple[str, bool, str]:
    page = change_request_page(actor=actor, change_request=change_request_by_number(change_request.number))
    return page.main_act.name, page.main_act.decision.allowed, page.main_act.decision.reason


def test_main_act__an_empty_draft__cannot_be_submitted_yet(stage: Stage) -> None:
    assert _act(stage.people.member, stage.draft()) == (
        "submit",
        False,
        "It changes nothing yet: add or remove something first.",
    )


def test_main_act__a_draft_with_an_edit__is_submitted(stage: Stage) -> None:
    assert _act(stage.people.member, stage.draft("foodsearch.tags")) == ("submit", True, "")


def test_main_act__while_checks_run__waits_for_them(stage: Stage) -> None:
    draft = stage.in_review(judge=FakeJudge(results=(result_failed(),)))
    assert _act(stage.people.member, draft)[0] == "submit"


def test_main_act__in_review__is_approval_for_a_reviewer_only(stage: Stage) -> None:
    change_request = stage.in_review()
    assert _act(stage.people.reviewer, change_request) == ("approve", True, "")
    assert _act(stage.people.viewer, change_request)[1] is False


def test_main_act__closed__is_none(stage: Stage) -> None:
    draft = stage.draft()
    change_request_close(actor=stage.people.member, change_request=draft)
    assert _act(stage.people.member, draft)[0] == ""


def test_permissions__of_a_viewer__allow_nothing_and_say_why(stage: Stage) -> None:
    change_request = change_request_by_number(stage.in_review().number)
    may = change_request_page(actor=stage.people.viewer, change_request=change_request).permissions
    for decision in (may.edit, may.review, may.comment, may.close, may.rerun):
        assert not decision
        assert decision.reason


def test_change_request_by_number__nobody_has_it__is_not_found(stage: Stage) -> None:
    with pytest.raises(NotFound):
        change_request_by_number(404)
