"""What waits for whom."""

from __future__ import annotations

from replication.choices import ChangeRequestState
from replication.models import ChangeRequest
from replication.selectors.inbox import inbox
from tests.replication.conftest import Stage


def test_inbox__a_change_in_review__waits_for_reviewers_who_did_not_write_it(stage: Stage) -> None:
    change = stage.in_review()
    people = stage.people
    assert inbox(people.reviewer).to_review == [change]
    assert inbox(people.platform).to_review == [change]
    for person in (people.member, people.colleague, people.stranger, people.viewer, people.auditor):
        assert inbox(person).count == 0


def test_inbox__a_reviewer_who_edited_it__is_not_asked_to_review(stage: Stage) -> None:
    change = stage.in_review(actor=stage.people.reviewer)
    assert inbox(stage.people.reviewer).to_review == []
    assert inbox(stage.people.platform).to_review == [change]


def test_inbox__a_draft__waits_for_its_author_alone(stage: Stage) -> None:
    change = stage.draft("foodsearch.products")
    assert inbox(stage.people.member).to_fix == [change]
    assert inbox(stage.people.colleague).count == 0


def test_inbox__an_approved_change__waits_for_the_whole_team(stage: Stage) -> None:
    change = stage.in_review()
    ChangeRequest.objects.filter(pk=change.pk).update(state=ChangeRequestState.APPROVED)
    for person in (stage.people.member, stage.people.colleague, stage.people.reviewer):
        assert inbox(person).to_deploy == [change]
    assert inbox(stage.people.platform).count == 0
