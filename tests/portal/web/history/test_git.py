"""How git stands, and where people look for a branch that is not taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from deploy_engine.adapters.git_repository import GitRepository
from deploy_engine.config import document_to_json
from deploy_engine.config.proposals import ProposalReading, ScopeProposal
from deploy_engine.findings import Finding, Status
from replication.documents import team_document_of
from replication.models import ChangeRequest, ProposalBranch
from replication.selectors.company import company_files
from replication.selectors.scopes import latest_revision
from replication.services.git_comparing import git_compare_run
from replication.services.git_export import git_export_run
from replication.services.proposal_putting import BranchHead
from replication.services.proposal_taking import proposal_take
from replication.services.proposal_writers import Claimed
from tests.replication.branching import TASK
from tests.replication.conftest import Stage

Browser = Callable[[User], Client]
GIT = reverse("history:git")
MIA = Claimed("Mia", "stage-mia@example.com")
XAVER = Claimed("Xaver", "x@y.example")
HEAD = BranchHead("proposals/pause", "a" * 40, MIA, (MIA,), (MIA,), "Pause it")


@pytest.fixture(autouse=True)
def _remote(settings: Settings) -> None:
    settings.GIT_REMOTE_URL = "https://sluice:canary-password@git.example.com/config.git"


def _paused(stage: Stage) -> ProposalReading:
    """What a branch proposes that pauses food's task."""
    latest = latest_revision(stage.environment, stage.food)
    assert latest is not None
    document = team_document_of(latest.document)
    task = document.tasks["foodsearch"].model_copy(update={"paused": True})
    after = document_to_json(document.with_task("foodsearch", task))
    return ProposalReading((ScopeProposal("local", "food", latest.document, after),), ())


def _unreadable(message: str = "malformed JSON at line 3, column 1") -> ProposalReading:
    finding = Finding("config.schema", Status.FAILED, message, "environments/local/x.json", "/a", "mend it")
    return ProposalReading((), (finding,))


def test_git__nothing_configured__says_how_to_begin(stage: Stage, browser_of: Browser, settings: Settings) -> None:
    settings.GIT_REMOTE_URL = ""
    page = browser_of(stage.people.auditor).get(GIT).content.decode()
    for words in ("SLUICE_GIT_REMOTE", "Waiting to be"):
        assert words in page
    assert "Proposal branches" not in page


def test_git__branches__stand_there_with_their_change_requests_and_no_password(
    stage: Stage, browser_of: Browser
) -> None:
    proposal_take(head=HEAD, reading=_paused(stage))
    proposal_take(head=replace(HEAD, name="proposals/broken"), reading=_unreadable())
    client = browser_of(stage.people.member)

    page = client.get(GIT).content.decode()

    for words in ("proposals/pause", "proposals/broken", "malformed JSON at line 3", "not readable", "Read again"):
        assert words in page
    assert f"#{ChangeRequest.objects.get().number}" in page
    assert "canary" not in page
    assert "https://git.example.com/config.git" in page


def test_git__read_again__is_for_those_who_work_here(stage: Stage, browser_of: Browser) -> None:
    branch = proposal_take(head=HEAD, reading=_unreadable())
    address = reverse("history:branch-again", args=[branch.pk])

    assert "Read again" not in browser_of(stage.people.viewer).get(GIT).content.decode()
    assert browser_of(stage.people.viewer).post(address).status_code == HTTPStatus.FORBIDDEN
    assert browser_of(stage.people.member).post(address).status_code == HTTPStatus.FOUND
    assert ProposalBranch.objects.get().read_again


def test_change_request__from_a_branch__says_which_and_asks_who_wrote_it(stage: Stage, browser_of: Browser) -> None:
    proposal_take(head=replace(HEAD, author=XAVER, authors=(XAVER,)), reading=_paused(stage))
    number = ChangeRequest.objects.get().number
    address = reverse("changes:detail", args=[number])

    page = browser_of(stage.people.stranger).get(address).content.decode()
    assert "proposals/pause" in page
    assert "a" * 12 in page
    assert "Who is x@y.example?" in page
    assert "I vouch for it" not in page

    client = browser_of(stage.people.member)
    assert "I vouch for it" in client.get(address).content.decode()
    assert client.post(reverse("changes:vouch", args=[number])).status_code == HTTPStatus.FOUND
    assert "Who is" not in client.get(address).content.decode()
    assert ChangeRequest.objects.get().author == stage.people.member


def test_change_request__whose_branch_moved_on_unreadably__says_so(stage: Stage, browser_of: Browser) -> None:
    proposal_take(head=HEAD, reading=_paused(stage))
    proposal_take(head=replace(HEAD, commit="b" * 40), reading=_unreadable("<b>odd</b>"))
    page = browser_of(stage.people.member).get(reverse("changes:detail", args=[ChangeRequest.objects.get().number]))
    assert "and that cannot be read" in page.content.decode()
    assert "&lt;b&gt;odd" in page.content.decode()


def test_difference__between_git_and_database__is_shown_and_written_by_the_platform_team_alone(
    stage: Stage, browser_of: Browser, settings: Settings
) -> None:
    address = reverse("history:git-difference")
    platform = browser_of(stage.people.platform)
    assert "Not compared yet" in platform.get(address).content.decode()
    git_export_run()
    somebody = ("Otto", "otto@example.com")
    changed = company_files()[TASK].replace("10min", "1min")
    GitRepository(Path(settings.GIT_REPOSITORY_PATH)).commit(
        {TASK: changed}, author=somebody, committer=somebody, message="By hand", at=timezone.now()
    )
    git_compare_run()

    page = platform.get(address).content.decode()
    for words in ("1 file differs", "local/food", "tasks/foodsearch/delivery", "Write the database’s word to git"):
        assert words in page
    assert "1 file in git is not what is accepted" in platform.get(GIT).content.decode()
    assert "1 file in git differs" in platform.get(reverse("environments:list")).content.decode()
    member = browser_of(stage.people.member)
    assert "Only the platform team does this." in member.get(address).content.decode()
    for name in ("history:git-mend", "history:git-compare"):
        assert member.post(reverse(name)).status_code == HTTPStatus.FORBIDDEN

    assert platform.post(reverse("history:git-mend")).status_code == HTTPStatus.FOUND
    assert "is being written" in platform.get(address).content.decode()
    git_compare_run()
    assert "Git says what is accepted" in platform.get(address).content.decode()
    assert platform.post(reverse("history:git-compare")).status_code == HTTPStatus.FOUND
