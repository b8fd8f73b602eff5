"""Somebody's clone of the remote: commits on proposal branches, made by git itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from deploy_engine.adapters.git_repository import GitRepository
from replication.choices import ChangeRequestState
from replication.database_clock import database_now
from replication.models import ChangeRequest, ProposalBranch, ProposalLook, ProposedScope
from replication.selectors.check_runs import current_check_run
from replication.services.git_export import git_export_run
from replication.services.git_push import git_push_run
from replication.services.proposals import proposals_run
from replication.services.reviews import review_approve
from tests.git_program import git
from tests.replication.conftest import Stage

Look = Callable[[], int]
TASK = "environments/local/teams/food/tasks/foodsearch.json"


@dataclass(frozen=True)
class Clone:
    """A work tree of `remote`, in which one branch at a time is changed."""

    remote: GitRepository
    folder: Path

    @classmethod
    def of(cls, remote: GitRepository, folder: Path) -> Clone:
        """Clone it."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        git("clone", "--quiet", str(remote.path), str(folder), folder=folder.parent)
        return cls(remote, folder)

    def push(
        self,
        branch: str,
        files: dict[str, str | bytes | None],
        *,
        author: tuple[str, str] = ("Mia", "stage-mia@example.com"),
        message: str = "Propose something\n\nBecause of reasons.",
        onto: str = "",
    ) -> str:
        """Commit `files` on `branch` (begun from main, or from `onto` anew) and push it; gives the commit."""
        git("fetch", "--quiet", "origin", folder=self.folder)
        known = git("branch", "--list", branch, folder=self.folder).strip()
        if onto or not known:
            git("checkout", "--quiet", "-B", branch, onto or "origin/main", folder=self.folder)
        else:
            git("checkout", "--quiet", branch, folder=self.folder)
        for path, content in files.items():
            place = self.folder / path
            if content is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        git("add", "--all", folder=self.folder)
        name, email = author
        person = ("-c", f"user.name={name}", "-c", f"user.email={email}")
        git(*person, "commit", "--quiet", "--allow-empty", "-m", message, folder=self.folder)
        git("push", "--quiet", "--force", "origin", branch, folder=self.folder)
        return git("rev-parse", "HEAD", folder=self.folder).decode().strip()

    def delete(self, branch: str) -> None:
        """Take the branch out of the remote."""
        git("push", "--quiet", "origin", "--delete", branch, folder=self.folder)

    def edited(self, path: str, edit: Callable[[dict[str, Any]], None]) -> str:
        """The file as it is accepted on main, changed."""
        git("fetch", "--quiet", "origin", folder=self.folder)
        value = json.loads(git("show", f"origin/main:{path}", folder=self.folder))
        edit(value)
        return json.dumps(value, indent=2) + "\n"

    def with_table(self, table: str, version: str = "v202101010000", path: str = TASK) -> str:
        """A task's file with one table more."""

        def add(task: dict[str, Any]) -> None:
            task["tables"].append({"source": table, "version": version})

        return self.edited(path, add)


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
        ProposalLook.objects.update(next_look_at=database_now())
        return proposals_run()

    return now


def only() -> ChangeRequest:
    return ChangeRequest.objects.get()


def scope() -> ProposedScope:
    return ProposedScope.objects.get()


def problems() -> str:
    branch = ProposalBranch.objects.get()
    return "; ".join(f"{each['file']}{each['pointer']}: {each['message']}" for each in branch.problems)


def approved_branch(stage: Stage, change_request: ChangeRequest) -> ChangeRequest:
    stage.check(change_request)
    run = current_check_run(change_request)
    assert run is not None
    for reviewer in (stage.people.reviewer, stage.people.platform):
        change_request = ChangeRequest.objects.get(pk=change_request.pk)
        if change_request.state == ChangeRequestState.IN_REVIEW:
            review_approve(actor=reviewer, change_request=change_request, fingerprint=run.fingerprint)
    return ChangeRequest.objects.get(pk=change_request.pk)
