"""The outbox's way on, to a remote that may be away, and that others write to."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from deploy_engine.adapters.git_repository import GitRepository
from replication.choices import AuditKind, DeploymentState
from replication.models import AuditEvent, Deployment, GitRemoteStatus, OutboxItem, ProposalLook
from replication.selectors.git_difference import git_difference
from replication.selectors.git_state import remote_name
from replication.services.git_export import git_export_run
from replication.services.git_push import git_push_run
from replication.services.merging import change_request_merge
from replication.services.proposals import proposals_run
from tests.engine.adapters.git_server import git_server
from tests.replication.conftest import Stage
from tests.replication.moments import travel
from tests.replication.services.test_merging import approved


@pytest.fixture
def remote(settings: Settings, tmp_path: Path) -> GitRepository:
    repository = GitRepository(tmp_path / "remote.git")
    settings.GIT_REMOTE_URL = str(repository.path)
    return repository


def _merged(stage: Stage) -> Deployment:
    return change_request_merge(actor=stage.people.member, change_request=approved(stage))


def _own(settings: Settings) -> GitRepository:
    return GitRepository(Path(settings.GIT_REPOSITORY_PATH))


def test_git_push__no_remote__does_nothing(stage: Stage) -> None:
    git_export_run()

    assert git_push_run() is False
    assert not GitRemoteStatus.objects.exists()


def test_git_push__a_remote_that_is_away__is_tried_again_and_the_backlog_shows(
    stage: Stage, remote: GitRepository, settings: Settings
) -> None:
    git_export_run()
    assert git_push_run() is False
    status = GitRemoteStatus.objects.get()
    assert (status.attempts, status.waiting) == (1, 1)
    assert "NotGitRepository" in status.last_error
    assert git_push_run() is False
    status.refresh_from_db()
    assert status.attempts == 1

    remote.init()
    _merged(stage)
    git_export_run()
    with travel(timezone.now() + timedelta(minutes=1)):
        assert git_push_run() is True
    status.refresh_from_db()
    assert (remote.head, status.waiting, status.last_error) == (_own(settings).head, 0, "")
    assert len(remote.log()) == 2


def test_git_push__nothing_new__asks_nobody(stage: Stage, remote: GitRepository) -> None:
    remote.init()
    git_export_run()

    assert (git_push_run(), git_push_run()) == (True, False)


def test_git_push__what_runs__is_tagged(stage: Stage, remote: GitRepository) -> None:
    remote.init()
    deployment = _merged(stage)
    git_export_run()
    git_push_run()
    assert remote.tags() == {}

    deployment.state = DeploymentState.DONE
    deployment.save()
    git_push_run()

    receipt = OutboxItem.objects.get(revision=deployment.revision).receipt
    assert remote.tags() == {"deployed/local/food": receipt}


def test_git_push__others_wrote_to_the_remote__both_stay_and_receipts_follow(
    stage: Stage, remote: GitRepository, settings: Settings
) -> None:
    remote.init()
    git_export_run()
    git_push_run()
    others = remote.commit(
        {"README.md": "Ours too.\n"},
        author=("Otto", "otto@example.com"),
        committer=("Otto", "otto@example.com"),
        message="Explain",
        at=timezone.now(),
    )
    deployment = _merged(stage)
    git_export_run()

    assert git_push_run() is True

    assert remote.head == _own(settings).head
    assert remote.read()["README.md"] == "Ours too.\n"
    assert [commit.sha for commit in remote.log()][1] == others
    assert OutboxItem.objects.get(revision=deployment.revision).receipt == remote.head
    event = AuditEvent.objects.get(kind=AuditKind.GIT_REPLAYED)
    assert "1 of Sluice's was put on top" in event.sentence


def test_git_push__others_wrote_and_nothing_is_new_here__their_commits_are_fetched_too(
    stage: Stage, remote: GitRepository, settings: Settings
) -> None:
    remote.init()
    git_export_run()
    git_push_run()
    somebody = ("Otto", "otto@example.com")
    by_hand = remote.commit(
        {"sluice.json": "{}\n"}, author=somebody, committer=somebody, message="By hand", at=timezone.now()
    )
    assert git_push_run() is False

    proposals_run()

    assert git_push_run() is True
    assert _own(settings).head == by_hand
    assert [each.path for each in git_difference().files] == ["sluice.json"]


@pytest.mark.loopback
def test_git_push__over_https_with_a_password__leaves_it_in_no_row_and_no_log(
    stage: Stage, remote: GitRepository, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    remote.init()
    settings.GIT_REMOTE_USERNAME = "sluice"
    git_export_run()
    with git_server(remote.path.parent, username="sluice", password="s3cret/canary") as server:
        settings.GIT_REMOTE_URL = f"{server.url}/{remote.path.name}"
        settings.GIT_REMOTE_CA_FILE = str(server.ca_file)
        settings.GIT_REMOTE_PASSWORD = "wrong/canary"
        assert (git_push_run(), proposals_run()) == (False, 0)
        assert "HTTPUnauthorized" in GitRemoteStatus.objects.get().last_error
        settings.GIT_REMOTE_PASSWORD = "s3cret/canary"
        with travel(timezone.now() + timedelta(minutes=1)):
            assert git_push_run() is True
            proposals_run()

    kept = StringIO()
    call_command("dumpdata", stdout=kept)
    assert "HTTPUnauthorized" in caplog.text
    assert ProposalLook.objects.get().last_error == ""
    assert "canary" not in caplog.text + kept.getvalue() + remote_name()
