"""Branches of a real bare remote become change requests, and nothing is ever written to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from replication.choices import AuditKind, ChangeRequestState
from replication.models import AuditEvent, ChangeRequest, EnvironmentStatus, ProposalBranch
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.git_export import git_export_run
from replication.services.git_push import git_push_run
from replication.services.merging import change_request_merge
from tests.replication.branching import TASK, Clone, Look, approved_branch, clone, look, only, problems, scope
from tests.replication.conftest import Stage

SALES = "environments/local/teams/orders/tasks/sales.json"
BASE = "environments/local/environment.json"
PETRA = ("Petra", "stage-petra@example.com")
__all__ = ["clone", "look"]  # fixtures


def test_proposals__a_branch__is_a_change_request_of_its_author_and_asks_for_reviews(
    stage: Stage, clone: Clone, look: Look
) -> None:
    commit = clone.push("proposals/products", {TASK: clone.with_table("fooddb/foodsearch/products")})

    assert (look(), look()) == (1, 0)

    change_request = only()
    assert (change_request.title, change_request.description) == ("Propose something", "Because of reasons.")
    assert (change_request.author, change_request.team) == (stage.people.member, stage.food)
    assert change_request.state == ChangeRequestState.CHECKING
    assert scope().commit == commit
    stage.check(change_request)
    assert change_request.state == ChangeRequestState.IN_REVIEW
    tables = change_request.document["tasks"]["foodsearch"]["tables"]
    assert [entry["source"].rpartition("/")[2] for entry in tables] == ["barcodes", "brands", "products"]


def test_proposals__merged__is_one_commit_that_names_the_branch_and_the_branch_stays(
    stage: Stage, clone: Clone, look: Look
) -> None:
    commit = clone.push("proposals/products", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    change_request_merge(actor=stage.people.member, change_request=approved_branch(stage, only()))
    git_export_run()
    git_push_run()

    newest = clone.remote.log()[0]
    assert f"Proposed-On: proposals/products {commit}" in newest.message
    assert "fooddb/foodsearch/products" in clone.remote.read()[TASK]
    look()
    assert ProposalBranch.objects.get().commit == commit
    assert scope().moved_on_to == ""


def test_proposals__pushed_again__is_an_edit_and_approvals_fall(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    assert approved_branch(stage, only()).state == ChangeRequestState.APPROVED

    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/prices")})
    look()

    change_request = only()
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

    assert said in problems()
    assert not ChangeRequest.objects.exists()
    assert AuditEvent.objects.filter(kind=AuditKind.PROPOSAL_REFUSED).count() == 1
    assert look() == 0
    assert before in clone.remote.path.joinpath("refs/heads/proposals/x").read_text()


def test_proposals__a_link_to_another_file__is_refused(stage: Stage, clone: Clone, look: Look) -> None:
    clone.folder.joinpath(TASK).unlink()
    clone.folder.joinpath(TASK).symlink_to("/etc/passwd")
    clone.push("proposals/x", {})

    look()

    assert "this is a link or may be executed" in problems()


def test_proposals__unreadable_and_then_mended__is_taken_and_what_was_approved_before_is_not(
    stage: Stage, clone: Clone, look: Look
) -> None:
    good = clone.with_table("fooddb/foodsearch/products")
    clone.push("proposals/x", {TASK: good})
    look()
    approved_branch(stage, only())
    clone.push("proposals/x", {TASK: "{"})
    look()
    assert only().state == ChangeRequestState.IN_REVIEW
    assert "malformed JSON" in problems()

    clone.push("proposals/x", {TASK: good})
    look()
    assert problems() == ""


def test_proposals__begun_before_something_was_merged__is_put_on_top_of_it(
    stage: Stage, clone: Clone, look: Look
) -> None:
    mine = clone.with_table("fooddb/foodsearch/products")
    change_request_merge(
        actor=stage.people.member, change_request=approved_branch(stage, stage.in_review("foodsearch.prices"))
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
    merged = approved_branch(stage, stage.in_review("foodsearch.products"))
    change_request_merge(actor=stage.people.member, change_request=merged)

    clone.push("proposals/x", {TASK: mine})
    look()

    assert "revision 2 and this branch both changed fooddb/foodsearch/products in foodsearch" in problems()


def test_proposals__edited_in_the_portal_meanwhile__keeps_both(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    change_request_edit_tables_add(
        actor=stage.people.colleague, change_request=only(), task="foodsearch", entries=["foodsearch.shelves"]
    )
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/prices")})
    look()

    tables = [entry["source"].rpartition("/")[2] for entry in only().document["tasks"]["foodsearch"]["tables"]]
    assert tables == ["barcodes", "brands", "prices", "shelves"]


def test_proposals__of_an_environment__is_a_change_of_the_base_and_what_is_frozen_stays(
    stage: Stage, clone: Clone, look: Look
) -> None:
    def hosts(file: dict[str, Any]) -> None:
        file["allowed_host_suffixes"] = [".example.com"]

    def bucket(file: dict[str, Any]) -> None:
        file["lake_bucket"] = "another-lake"

    clone.push("proposals/x", {BASE: clone.edited(BASE, hosts)}, author=PETRA)
    look()
    change_request = only()
    assert (change_request.team, change_request.author) == (None, stage.people.platform)
    assert change_request.document["environment"]["allowed_host_suffixes"] == [".example.com"]
    assert scope().waits_for == []

    EnvironmentStatus.objects.create(
        environment=stage.environment, base_stack_state="CREATE_COMPLETE", observed_at=timezone.now()
    )
    clone.push("proposals/x", {BASE: clone.edited(BASE, bucket)}, author=PETRA)
    look()
    assert f"{BASE}/lake_bucket: lake_bucket cannot change any more" in problems()
