"""The bare repository: what it stores, what it refuses, and that no writer is ever lost."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dulwich.repo import Repo

from deploy_engine.adapters.git_identity import UnfitForGit
from deploy_engine.adapters.git_repository import BRANCH, GitRepository, HeadMoved, UnknownRevision

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ADA = ("Ada Lovelace", "ada@example.com")
SLUICE = ("Sluice", "sluice@example.com")


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "config.git")
    made.init()
    return made


class LateRepository(GitRepository):
    """A writer that saw the branch as it was before somebody else's commit."""

    def __init__(self, path: Path, seen: str | None) -> None:
        super().__init__(path)
        self.seen = seen

    def _head(self, repo: Repo) -> str | None:
        seen, self.seen = self.seen, None
        return seen or super()._head(repo)


def commit(repository: GitRepository, files: dict[str, str | None], expected_parent: str | None = None) -> str:
    return repository.commit(
        files, author=ADA, committer=SLUICE, message="Add a table", at=AT, expected_parent=expected_parent
    )


def test_git_repository__new__is_empty_and_has_no_head(repository: GitRepository) -> None:
    repository.init()
    assert (repository.head, repository.read(), repository.log()) == (None, {}, [])


def test_commit__files_changed_added_and_deleted__reads_back_as_one_tree(repository: GitRepository) -> None:
    commit(repository, {"a/b/one.json": "1\n", "a/two.json": "ü\n", "three.json": "3\n"})
    sha = commit(repository, {"a/b/one.json": None, "a/two.json": "2\n", "not/there.json": None})
    assert repository.head == sha
    assert repository.read() == repository.read(sha) == {"a/two.json": "2\n", "three.json": "3\n"}


def test_commit__same_tree__returns_the_head_and_makes_none(repository: GitRepository) -> None:
    sha = commit(repository, {"one.json": "1\n"})
    assert commit(repository, {"one.json": "1\n"}) == sha
    assert len(repository.log()) == 1


def test_commit__author_and_trailers__stand_in_the_log(repository: GitRepository) -> None:
    first = commit(repository, {"one.json": "1\n"})
    repository.commit(
        {"one.json": "2\n"},
        author=ADA,
        committer=SLUICE,
        message="Reload barcodes\n\nThe table was altered.",
        trailers=[("Change-Request", "17"), ("Reviewed-by", "Grace Hopper <grace@example.com>")],
        at=AT,
    )
    newest, oldest = repository.log()
    assert (newest.author, newest.committer) == ("Ada Lovelace <ada@example.com>", "Sluice <sluice@example.com>")
    assert newest.at == AT
    assert newest.message == (
        "Reload barcodes\n\nThe table was altered.\n\n"
        "Change-Request: 17\nReviewed-by: Grace Hopper <grace@example.com>\n"
    )
    assert newest.parent == oldest.sha == first
    assert oldest.parent is None
    assert len(repository.log(limit=1)) == 1


def test_commit__parent_not_as_expected__is_refused_and_writes_nothing(repository: GitRepository) -> None:
    first = commit(repository, {"one.json": "1\n"})
    second = commit(repository, {"one.json": "2\n"}, expected_parent=first)
    with pytest.raises(HeadMoved):
        commit(repository, {"one.json": "3\n"}, expected_parent=first)
    assert repository.head == second


def test_commit__another_writer_in_between__both_changes_survive(repository: GitRepository) -> None:
    seen = commit(repository, {"one.json": "1\n"})
    commit(repository, {"two.json": "2\n"})
    commit(LateRepository(repository.path, seen), {"three.json": "3\n"})
    assert set(repository.read()) == {"one.json", "two.json", "three.json"}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "a//b",
        "../up",
        "a/../b",
        "a/./b",
        ".git/config",
        "a/.GIT/hooks/x",
        "a\\b",
        "a\nb",
        "a/b ",
        "a/b.",
    ],
)
def test_commit__path_that_leaves_the_tree__is_refused(repository: GitRepository, path: str) -> None:
    with pytest.raises(UnfitForGit):
        commit(repository, {path: "x"})
    assert repository.head is None


def test_commit__paths_that_differ_in_case_only__are_refused(repository: GitRepository) -> None:
    with pytest.raises(UnfitForGit, match="only in case"):
        commit(repository, {"a/One.json": "1", "a/one.json": "1"})


@pytest.mark.parametrize("name", ["", "Ada <root>", "Ada\nparent 0000", "Ada\x00", "Ada\u202e"])
def test_commit__name_that_git_reads_as_more__is_refused(repository: GitRepository, name: str) -> None:
    with pytest.raises(UnfitForGit):
        repository.commit({"a": "1"}, author=(name, "ada@example.com"), committer=SLUICE, message="x", at=AT)


@pytest.mark.parametrize("trailer", [("Change-Request", "17\nReviewed-by: me"), ("change request", "17"), ("Key", " ")])
def test_commit__trailer_of_two_lines__is_refused(repository: GitRepository, trailer: tuple[str, str]) -> None:
    with pytest.raises(UnfitForGit):
        repository.commit({"a": "1"}, author=ADA, committer=SLUICE, message="x", trailers=[trailer], at=AT)


@pytest.mark.parametrize("ref", ["0" * 40, "HEAD~1", "--output=x", "refs/heads/other"])
def test_read__unknown_revision__is_an_error_of_its_own(repository: GitRepository, ref: str) -> None:
    commit(repository, {"one.json": "1\n"})
    with pytest.raises(UnknownRevision):
        repository.read(ref)


def test_commit__read_by_git_itself__is_sound(repository: GitRepository) -> None:
    sha = commit(repository, {"a/one.json": "1\n", "a.json": "2\n"})
    commit(repository, {"a/one.json": None})
    git = shutil.which("git")
    assert git is not None

    def run(*arguments: str) -> str:
        command = [git, "--git-dir", str(repository.path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed argv

    assert run("fsck", "--strict", "--no-dangling") == ""
    assert run("rev-parse", "main~1").strip() == sha
    assert run("ls-tree", "-r", "--name-only", "main").split() == ["a.json"]
    assert BRANCH == b"refs/heads/main"
