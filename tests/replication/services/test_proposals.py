"""Branches of a real bare remote become change requests, and nothing is ever written to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from deploy_engine.adapters.git_repository import GitRepository
from replication.choices import AuditKind, ChangeRequestState
from replication.errors import AuthorUnknown, CannotApproveOwnChange, NotAllowed, WrongState
from replication.models import AuditEvent, ChangeRequest, ProposalBranch, ProposalLook, ProposedScope
from replication.selectors.check_runs import current_check_run
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.change_requests import change_request_close, change_request_submit
from replication.services.git_export import git_export_run
from replication.services.git_push import git_push_run
from replication.services.merging import change_request_merge
from replication.services.proposal_putting import proposal_vouch
from replication.services.proposals import proposal_branch_read_again, proposals_run
from replication.services.reviews import review_approve
from tests.replication.branching import TASK, Clone
from tests.replication.conftest import Stage

SALES = "environments/local/teams/orders/tasks/sales.json"
OTTO = ("Otto", "stage-otto@example.com")
PETRA = ("Petra", "stage-petra@example.com")
NOBODY = ("Xaver", "x@y.example")
Look = Callable[[], int]


@pytest.fixture
def clone(stage: Stage, settings: Settings, tmp_path: Path) -> Clone:
    """Somebody's clone of the remote, which has what is accepted."""
    remote = GitRepository(tmp_path / "remote.git")
    remote.init()
    settings.GIT_REMOTE_URL = str(remote.path)
    git_export_run()
    git_push_run()
    return Clone.of(remote, tmp_path / "clone")


@pytest.fixture
def look(stage: Stage) -> Look:
    """Look at the remote, however short ago the last look was."""

    def now() -> int:
        ProposalLook.objects.update(next_look_at=timezone.now())
        return proposals_run()

    return now


def _only() -> ChangeRequest:
    return ChangeRequest.objects.get()


def _scope() -> ProposedScope:
    return ProposedScope.objects.get()


def _problems() -> str:
    branch = ProposalBranch.objects.get()
    return "; ".join(f"{each['file']}{each['pointer']}: {each['message']}" for each in branch.problems)


def _approved(stage: Stage, change_request: ChangeRequest) -> ChangeRequest:
    stage.check(change_request)
    run = current_check_run(change_request)
    assert run is not None
    for reviewer in (stage.people.reviewer, stage.people.platform):
        change_request = ChangeRequest.objects.get(pk=change_request.pk)
        if change_request.state == ChangeRequestState.IN_REVIEW:
            review_approve(actor=reviewer, change_request=change_request, fingerprint=run.fingerprint)
    return ChangeRequest.objects.get(pk=change_request.pk)


def test_proposals__a_branch__is_a_change_request_of_its_author_and_asks_for_reviews(
    stage: Stage, clone: Clone, look: Look
) -> None:
    commit = clone.push("proposals/products", {TASK: clone.with_table("fooddb/foodsearch/products")})

    assert (look(), look()) == (1, 0)

    change_request = _only()
    assert (change_request.title, change_request.description) == ("Propose something", "Because of reasons.")
    assert (change_request.author, change_request.team) == (stage.people.member, stage.food)
    assert change_request.state == ChangeRequestState.CHECKING
    assert _scope().commit == commit
    stage.check(change_request)
    assert change_request.state == ChangeRequestState.IN_REVIEW
    tables = change_request.document["tasks"]["foodsearch"]["tables"]
    assert [entry["source"].rpartition("/")[2] for entry in tables] == ["barcodes", "brands", "products"]


def test_proposals__merged__is_one_commit_that_names_the_branch_and_the_branch_stays(
    stage: Stage, clone: Clone, look: Look
) -> None:
    commit = clone.push("proposals/products", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    change_request_merge(actor=stage.people.member, change_request=_approved(stage, _only()))
    git_export_run()
    git_push_run()

    newest = clone.remote.log()[0]
    assert f"Proposed-On: proposals/products {commit}" in newest.message
    assert "fooddb/foodsearch/products" in clone.remote.read()[TASK]
    look()
    assert ProposalBranch.objects.get().commit == commit
    assert _scope().moved_on_to == ""


def test_proposals__pushed_again__is_an_edit_and_approvals_fall(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    assert _approved(stage, _only()).state == ChangeRequestState.APPROVED

    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/prices")})
    look()

    change_request = _only()
    assert change_request.state == ChangeRequestState.CHECKING
    assert not change_request.reviews.filter(voided_at=None).exists()
    assert change_request.document["tasks"]["foodsearch"]["tables"][-1]["source"] == "fooddb/foodsearch/prices"


def test_proposals__two_scopes__are_two_change_requests_and_one_left_out_again_proposes_nothing(
    stage: Stage, clone: Clone, look: Look
) -> None:
    both = {
        TASK: clone.with_table("fooddb/foodsearch/products"),
        SALES: clone.with_table("ordersdb/sales/lines", path=SALES),
    }
    clone.push("proposals/x", dict(both), author=PETRA)
    look()
    assert sorted(row.scope_name for row in ChangeRequest.objects.all()) == ["local/food", "local/orders"]

    clone.push(
        "proposals/x", {SALES: clone.edited(SALES, lambda task: None)}, author=("Petra", "stage-petra@example.com")
    )
    look()
    orders = ChangeRequest.objects.get(team=stage.orders)
    assert orders.base_revision is not None
    assert orders.document == orders.base_revision.document
    assert ChangeRequest.objects.get(team=stage.food).document["tasks"]["foodsearch"]["tables"][2:]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"README.md": "Hello.\n"}, "README.md: this file has no place in a proposal"),
        ({"rendered/local/food.template.json": "{}\n"}, "rendered/local/food.template.json: a rendered template"),
        ({TASK: '{\n  "source": \n'}, f"{TASK}: malformed JSON at line 3"),
        ({TASK: '{"source": "fooddb", "nonsense": 1, "tables": []}'}, f"{TASK}/nonsense: 'nonsense' is an unknown key"),
        ({TASK: b"\xff\xfe"}, f"{TASK}: this file is no text in UTF-8"),
        ({"environments/local/teams/food/versions.json": "{}\n"}, "the ledger of versions is changed by hand"),
        ({"environments/local/teams/food/team.json": None}, "a whole environment or team is removed"),
        ({"sluice.json": '{"format": 2}\n'}, "sluice.json: the repository's format is changed by hand"),
        ({"environments/local/teams/new/tasks/a.json": "{}\n"}, "the team new has files but no team.json"),
    ],
)
def test_proposals__what_is_no_proposal__is_refused_with_its_place_and_nothing_else(
    stage: Stage, clone: Clone, look: Look, files: dict[str, str | bytes | None], said: str
) -> None:
    before = clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products"), **files})

    look()

    assert said in _problems()
    assert not ChangeRequest.objects.exists()
    assert AuditEvent.objects.filter(kind=AuditKind.PROPOSAL_REFUSED).count() == 1
    assert look() == 0
    assert before in clone.remote.path.joinpath("refs/heads/proposals/x").read_text()


def test_proposals__a_link_to_another_file__is_refused(stage: Stage, clone: Clone, look: Look) -> None:
    clone.folder.joinpath(TASK).unlink()
    clone.folder.joinpath(TASK).symlink_to("/etc/passwd")
    clone.push("proposals/x", {})

    look()

    assert "this is a link or may be executed" in _problems()


def test_proposals__unreadable_and_then_mended__is_taken_and_what_was_approved_before_is_not(
    stage: Stage, clone: Clone, look: Look
) -> None:
    good = clone.with_table("fooddb/foodsearch/products")
    clone.push("proposals/x", {TASK: good})
    look()
    _approved(stage, _only())
    clone.push("proposals/x", {TASK: "{"})
    look()
    assert _only().state == ChangeRequestState.IN_REVIEW
    assert "malformed JSON" in _problems()

    clone.push("proposals/x", {TASK: good})
    look()
    assert _problems() == ""


def test_proposals__an_unknown_author__waits_for_somebody_who_may(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")}, author=NOBODY)
    look()
    change_request = _only()
    assert (change_request.state, change_request.author) == (ChangeRequestState.DRAFT, None)
    with pytest.raises(AuthorUnknown, match=r"Who is x@y\.example\?"):
        change_request_submit(actor=stage.people.member, change_request=change_request)
    with pytest.raises(NotAllowed):
        proposal_vouch(actor=stage.people.stranger, change_request=_only())

    proposal_vouch(actor=stage.people.reviewer, change_request=_only())

    change_request = _only()
    stage.check(change_request)
    assert (change_request.state, change_request.author) == (ChangeRequestState.IN_REVIEW, stage.people.reviewer)
    run = current_check_run(change_request)
    assert run is not None
    with pytest.raises(CannotApproveOwnChange):
        review_approve(actor=stage.people.reviewer, change_request=change_request, fingerprint=run.fingerprint)
    with pytest.raises(WrongState):
        proposal_vouch(actor=stage.people.reviewer, change_request=_only())


def test_proposals__an_unknown_hand_later__holds_up_the_merge_until_somebody_vouches(
    stage: Stage, clone: Clone, look: Look
) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/prices")}, author=NOBODY)
    look()
    change_request = _approved(stage, _only())
    with pytest.raises(AuthorUnknown):
        change_request_merge(actor=stage.people.member, change_request=change_request)

    proposal_vouch(actor=stage.people.colleague, change_request=_only())
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/shelves")}, author=NOBODY)
    look()
    assert _scope().waits_for == []


def test_proposals__a_known_author_of_another_team__waits_too_and_may_not_approve(
    stage: Stage, clone: Clone, look: Look
) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")}, author=OTTO)
    look()

    waiting = _scope().waits_for
    assert [each["why"] for each in waiting] == ["Otto Example is not in team food."]
    assert _only().edits.filter(editor=stage.people.stranger).exists()


def test_proposals__begun_before_something_was_merged__is_put_on_top_of_it(
    stage: Stage, clone: Clone, look: Look
) -> None:
    mine = clone.with_table("fooddb/foodsearch/products")
    change_request_merge(
        actor=stage.people.member, change_request=_approved(stage, stage.in_review("foodsearch.prices"))
    )
    git_export_run()
    git_push_run()

    clone.push("proposals/x", {TASK: mine}, onto="origin/main~1")
    look()

    change_request = ChangeRequest.objects.order_by("-number")[0]
    tables = [entry["source"] for entry in change_request.document["tasks"]["foodsearch"]["tables"]]
    assert [name.rpartition("/")[2] for name in tables] == ["barcodes", "brands", "prices", "products"]
    assert change_request.base_revision is not None
    assert change_request.base_revision.number == 2


def test_proposals__both_changed_the_same_table__names_it(stage: Stage, clone: Clone, look: Look) -> None:
    mine = clone.with_table("fooddb/foodsearch/products")
    merged = _approved(stage, stage.in_review("foodsearch.products"))
    change_request_merge(actor=stage.people.member, change_request=merged)

    clone.push("proposals/x", {TASK: mine})
    look()

    assert "revision 2 and this branch both changed fooddb/foodsearch/products in foodsearch" in _problems()


def test_proposals__edited_in_the_portal_meanwhile__keeps_both(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    change_request_edit_tables_add(
        actor=stage.people.colleague, change_request=_only(), task="foodsearch", entries=["foodsearch.shelves"]
    )
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/prices")})
    look()

    tables = [entry["source"].rpartition("/")[2] for entry in _only().document["tasks"]["foodsearch"]["tables"]]
    assert tables == ["barcodes", "brands", "prices", "shelves"]


def test_proposals__deleted__is_named_and_the_change_request_stays(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    clone.delete("proposals/x")
    look()

    assert ProposalBranch.objects.get().gone_at is not None
    assert _only().is_open
    assert "stays as it is" in AuditEvent.objects.get(kind=AuditKind.PROPOSAL_GONE).sentence


def test_proposals__pushed_after_it_was_closed__is_named_and_a_new_branch_of_that_name_begins_anew(
    stage: Stage, clone: Clone, look: Look
) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    change_request_close(actor=stage.people.member, change_request=_only())
    later = clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/prices")})
    look()
    assert _scope().moved_on_to == later
    assert AuditEvent.objects.filter(kind=AuditKind.PROPOSAL_MOVED_ON).count() == 1

    clone.delete("proposals/x")
    look()
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/shelves")}, onto="origin/main")
    look()
    assert ChangeRequest.objects.count() == 2


def test_proposals__read_again__by_whoever_works_here(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {"README.md": "Hello.\n"})
    look()
    branch = ProposalBranch.objects.get()
    with pytest.raises(NotAllowed):
        proposal_branch_read_again(actor=stage.people.viewer, branch=branch)

    proposal_branch_read_again(actor=stage.people.member, branch=branch)
    assert (proposals_run(), proposals_run()) == (1, 0)


def test_proposals__a_remote_that_is_away__is_asked_again_later(
    stage: Stage, clone: Clone, settings: Settings, tmp_path: Path
) -> None:
    settings.GIT_REMOTE_URL = str(tmp_path / "nowhere.git")
    assert proposals_run() == 0
    row = ProposalLook.objects.get()
    assert (row.attempts, "NotGitRepository" in row.last_error) == (1, True)
    assert proposals_run() == 0
    settings.GIT_REMOTE_URL = str(clone.remote.path)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        proposals_run()
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (0, "")
