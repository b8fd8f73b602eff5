"""Whoever a commit names: known, unknown, or of another team; it gives no right, and takes one."""

from __future__ import annotations

import pytest

from replication.choices import ChangeRequestState
from replication.errors import AuthorUnknown, CannotApproveOwnChange, ChecksNotGreen, NotAllowed, WrongState
from replication.selectors.check_runs import current_check_run
from replication.services.change_requests import change_request_submit
from replication.services.merging import change_request_merge
from replication.services.merging_otherwise import change_request_merge_emergency
from replication.services.proposal_putting import proposal_vouch
from replication.services.proposal_writers import Claimed, writers_find
from replication.services.reviews import review_approve
from tests.replication.branching import TASK, Clone, Look, approved_branch, clone, look, only, scope
from tests.replication.conftest import Stage

OTTO = ("Otto", "stage-otto@example.com")
NOBODY = ("Xaver", "x@y.example")
__all__ = ["clone", "look"]  # fixtures


def test_proposals__an_unknown_author__waits_for_somebody_who_may(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")}, author=NOBODY)
    look()
    change_request = only()
    assert (change_request.state, change_request.author) == (ChangeRequestState.DRAFT, None)
    with pytest.raises(AuthorUnknown, match=r"Who is x@y\.example\?"):
        change_request_submit(actor=stage.people.member, change_request=change_request)
    with pytest.raises(NotAllowed):
        proposal_vouch(actor=stage.people.stranger, change_request=only())

    proposal_vouch(actor=stage.people.reviewer, change_request=only())

    change_request = only()
    stage.check(change_request)
    assert (change_request.state, change_request.author) == (ChangeRequestState.IN_REVIEW, stage.people.reviewer)
    run = current_check_run(change_request)
    assert run is not None
    with pytest.raises(CannotApproveOwnChange):
        review_approve(actor=stage.people.reviewer, change_request=change_request, fingerprint=run.fingerprint)
    with pytest.raises(WrongState):
        proposal_vouch(actor=stage.people.reviewer, change_request=only())


def test_proposals__an_unknown_hand_later__holds_up_the_merge_until_somebody_vouches(
    stage: Stage, clone: Clone, look: Look
) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/prices")}, author=NOBODY)
    look()
    change_request = approved_branch(stage, only())
    with pytest.raises(AuthorUnknown):
        change_request_merge(actor=stage.people.member, change_request=change_request)

    proposal_vouch(actor=stage.people.colleague, change_request=only())
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/shelves")}, author=NOBODY)
    look()
    assert scope().waits_for == []


def test_proposals__a_known_author_of_another_team__waits_too_and_may_not_approve(
    stage: Stage, clone: Clone, look: Look
) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")}, author=OTTO)
    look()

    waiting = scope().waits_for
    assert [each["why"] for each in waiting] == ["Otto Example is not in team food."]
    assert only().edits.filter(editor=stage.people.stranger).exists()


def test_writers__an_address_of_two_accounts__is_a_claim_and_neither_may_approve(stage: Stage) -> None:
    stage.people.reviewer.email = "STAGE-mia@example.com"
    stage.people.reviewer.save()

    found = writers_find([Claimed("Mia", "stage-mia@example.com")], [], stage.environment, stage.food)

    assert (found.author, set(found.known)) == (None, {stage.people.member, stage.people.reviewer})
    assert [each["why"] for each in found.waits_for] == ["2 people here have that e-mail address."]


def test_writers__a_committer__counts_where_he_is_known_and_is_passed_over_where_not(stage: Stage) -> None:
    mia, rita = Claimed("Mia", "stage-mia@example.com"), Claimed("R", "stage-rita@example.com")
    server = Claimed("A git server", "noreply@git.example.com")

    found = writers_find([mia], [server, rita], stage.environment, stage.food)

    assert (found.author, found.waits_for) == (stage.people.member, ())
    assert set(found.known) == {stage.people.member, stage.people.reviewer}


def test_proposals__an_unknown_hand_and_an_emergency__is_refused_too(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")}, author=NOBODY)
    look()
    change_request = only()
    stage.check(change_request)
    with pytest.raises(ChecksNotGreen, match="Who is"):
        change_request_merge_emergency(actor=stage.people.platform, change_request=change_request, reason="Now.")
