"""A difference between git and what is accepted: seen, and mended by a commit."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from deploy_engine.adapters.git_repository import GitRepository
from replication.choices import AuditKind
from replication.errors import NotAllowed, WrongState
from replication.models import AuditEvent
from replication.selectors.company import company_files
from replication.selectors.git_comparison import git_comparison
from replication.selectors.git_difference import git_difference
from replication.services.git_comparing import git_compare_run, git_comparison_ask, git_repair_ask
from replication.services.git_export import git_export_run
from replication.services.git_repair import git_repair
from tests.engine.adapters.test_git_signing import ssh_key
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


def test_git_compare__asked_for__is_kept_scope_by_scope_and_repaired_by_a_worker(stage: Stage) -> None:
    _by_hand({TASK: company_files()[TASK].replace("10min", "1min").replace("barcodes", "prices")})
    assert git_compare_run() is True
    assert git_compare_run() is False
    (scope,) = git_comparison().scopes
    assert scope.name == "local/food"
    assert scope.difference is not None
    assert [(change.kind.value, change.table.rpartition("/")[2]) for change in scope.difference.tables] == [
        ("added", "barcodes"),
        ("removed", "prices"),
    ]
    assert [(each.place, each.before, each.after) for each in scope.settings] == [
        ("tasks/foodsearch/delivery", "1min", "10min")
    ]

    with pytest.raises(NotAllowed):
        git_repair_ask(actor=stage.people.auditor)
    git_repair_ask(actor=stage.people.platform)
    assert git_compare_run() is True

    row = git_comparison().row
    assert row is not None
    assert (row.count, row.said, git_difference().files) == (0, "", ())
    assert AuditEvent.objects.get(kind=AuditKind.GIT_REPAIRED).actor == stage.people.platform
    git_repair_ask(actor=stage.people.platform)
    git_compare_run()
    row.refresh_from_db()
    assert "nothing to repair" in row.said


def test_git_compare__what_is_no_config__is_shown_as_files(stage: Stage) -> None:
    odd = "environments/elsewhere/notes.txt"
    _by_hand({TASK: "{", odd: "Ours.\n", "environments/local/teams/gone/team.json": "{}\n"})
    with pytest.raises(NotAllowed):
        git_comparison_ask(actor=stage.people.member)
    git_comparison_ask(actor=stage.people.auditor)
    git_compare_run()

    found = {scope.name: (scope.difference, len(scope.files)) for scope in git_comparison().scopes}
    assert found == {"Beside the environments": (None, 1), "local/food": (None, 1), "local/gone": (None, 1)}


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


def test_verify_git__commits_signed_by_sluice_and_by_another__says_which(
    stage: Stage, settings: Settings, tmp_path: Path
) -> None:
    settings.GIT_SIGNING_KEY = str(ssh_key(tmp_path).path)
    git_export_run()
    out = StringIO()
    call_command("verify_git", stdout=out)
    assert "1 of 1 commits are signed." in out.getvalue()
    assert "Of the newest 1 signatures, 1 are Sluice's." in out.getvalue()

    settings.GIT_SIGNING_KEY = str(ssh_key(tmp_path, "another").path)
    with pytest.raises(SystemExit):
        call_command("verify_git", stdout=out)
    assert "is signed by another key" in out.getvalue()
