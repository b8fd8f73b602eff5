"""A difference between git and what is accepted: seen, and mended by a commit."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from deploy_engine.adapters.git_repository import GitRepository
from replication.choices import AuditKind
from replication.errors import NotAllowed, WrongState
from replication.models import AuditEvent
from replication.selectors.git_difference import git_difference
from replication.services.git_export import git_export_run
from replication.services.git_repair import git_repair
from tests.replication.conftest import Stage

TASK = "environments/local/teams/food/tasks/foodsearch.json"


def _by_hand(files: dict[str, str | None]) -> GitRepository:
    git_export_run()
    repository = GitRepository(Path(settings.GIT_REPOSITORY_PATH))
    somebody = ("Otto", "otto@example.com")
    repository.commit(files, author=somebody, committer=somebody, message="By hand", at=timezone.now())
    return repository


def test_git_difference__after_an_export__is_none(stage: Stage) -> None:
    assert len(git_difference().files) > 1
    git_export_run()
    assert git_difference().files == ()


def test_git_repair__written_by_hand__is_named_and_mended_and_others_files_stay(stage: Stage) -> None:
    extra = "environments/local/teams/food/tasks/extra.json"
    repository = _by_hand({TASK: "{}\n", extra: "{}\n", "README.md": "Ours.\n"})
    assert [each.path for each in git_difference().files] == [extra, TASK]

    git_repair(actor=stage.people.platform)
    git_export_run()

    assert git_difference().files == ()
    assert repository.read()["README.md"] == "Ours.\n"
    assert AuditEvent.objects.filter(kind=AuditKind.GIT_REPAIRED, actor=stage.people.platform).count() == 1


def test_git_repair__nothing_differs_or_commits_wait__is_refused(stage: Stage) -> None:
    with pytest.raises(WrongState, match="still wait"):
        git_repair(actor=stage.people.platform)
    git_export_run()
    with pytest.raises(WrongState, match="nothing to repair"):
        git_repair(actor=stage.people.platform)


def test_git_repair__a_member__is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        git_repair(actor=stage.people.member)


def test_verify_git__differs__names_the_file_and_mends_it_when_told(stage: Stage) -> None:
    _by_hand({TASK: None})
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_git", stdout=out)
    assert (left.value.code, f"{TASK} is missing in git" in out.getvalue()) == (1, True)

    call_command("verify_git", repair=True, stdout=out)
    assert out.getvalue().endswith("Git says what is accepted.\n")
    with pytest.raises(CommandError):
        call_command("verify_git", repair=True, stdout=out)
