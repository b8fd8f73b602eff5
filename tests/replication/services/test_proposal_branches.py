"""The life of a branch beside its change request's: gone, pushed again, read again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from replication.choices import AuditKind
from replication.errors import NotAllowed
from replication.models import AuditEvent, ChangeRequest, ProposalBranch, ProposalLook
from replication.services.change_requests import change_request_close
from replication.services.proposals import proposal_branch_read_again, proposals_run
from tests.replication.branching import TASK, Clone, Look, clone, look, only, scope
from tests.replication.conftest import Stage
from tests.replication.moments import travel

__all__ = ["clone", "look"]  # fixtures


def test_proposals__deleted__is_named_and_the_change_request_stays(stage: Stage, clone: Clone, look: Look) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    clone.delete("proposals/x")
    look()

    assert ProposalBranch.objects.get().gone_at is not None
    assert only().is_open
    assert "stays as it is" in AuditEvent.objects.get(kind=AuditKind.PROPOSAL_GONE).sentence


def test_proposals__pushed_after_it_was_closed__is_named_and_a_new_branch_of_that_name_begins_anew(
    stage: Stage, clone: Clone, look: Look
) -> None:
    clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/products")})
    look()
    change_request_close(actor=stage.people.member, change_request=only())
    later = clone.push("proposals/x", {TASK: clone.with_table("fooddb/foodsearch/prices")})
    look()
    assert scope().moved_on_to == later
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
    with travel(timezone.now() + timedelta(minutes=1)):
        proposals_run()
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (0, "")
