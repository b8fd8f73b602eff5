"""Pushing to real bare repositories: nothing of anybody's is ever lost."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy_engine.adapters.git_remote import GitRemote, RemoteAhead, RemoteTrouble
from deploy_engine.adapters.git_replay import replay_onto
from deploy_engine.adapters.git_repository import GitRepository

SLUICE = ("Sluice", "sluice@localhost")
OTTO = ("Otto", "otto@example.com")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def _git(repository: GitRepository, *arguments: str) -> str:
    git = shutil.which("git")
    assert git is not None
    command = [git, "--git-dir", str(repository.path), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed argv


def _commit(
    repository: GitRepository, files: dict[str, str | None], message: str, author: tuple[str, str] = OTTO
) -> str:
    trailers = [("Change-Request", "#1")] if author is not OTTO else []
    return repository.commit(files, author=author, committer=SLUICE, message=message, trailers=trailers, at=NOON)


@pytest.fixture
def ours(tmp_path: Path) -> GitRepository:
    repository = GitRepository(tmp_path / "ours.git")
    repository.init()
    _commit(repository, {"environments/a.json": "1\n", "environments/b.json": "1\n"}, "First", SLUICE)
    return repository


@pytest.fixture
def theirs(tmp_path: Path) -> GitRepository:
    repository = GitRepository(tmp_path / "theirs.git")
    repository.init()
    return repository


def _push(ours: GitRepository, theirs: GitRepository, **tags: str) -> None:
    assert ours.head is not None
    named = {name.replace("_", "/"): commit for name, commit in tags.items()}
    GitRemote(str(theirs.path)).push(ours.path, commit=ours.head, tags=named)


def test_push__an_empty_remote__gets_branch_and_tags(ours: GitRepository, theirs: GitRepository) -> None:
    assert ours.head is not None
    _push(ours, theirs, deployed_local_food=ours.head)

    assert (theirs.head, theirs.tags()) == (ours.head, {"deployed/local/food": ours.head})
    assert _git(theirs, "fsck", "--strict") == ""


def test_push__again_with_a_tag_that_moved__moves_it(ours: GitRepository, theirs: GitRepository) -> None:
    first = ours.head
    assert first is not None
    _push(ours, theirs, deployed_local_food=first)
    second = _commit(ours, {"environments/a.json": "2\n"}, "Second", SLUICE)
    _push(ours, theirs, deployed_local_food=second)
    _push(ours, theirs, deployed_local_food=second)

    assert (theirs.head, theirs.tags()) == (second, {"deployed/local/food": second})


def test_push__commits_of_others_in_the_remote__are_not_destroyed(ours: GitRepository, theirs: GitRepository) -> None:
    _push(ours, theirs)
    foreign = _commit(theirs, {"README.md": "Read me.\n"}, "Explain")
    _commit(ours, {"environments/a.json": "2\n"}, "Second", SLUICE)

    with pytest.raises(RemoteAhead):
        _push(ours, theirs)
    assert theirs.head == foreign


def test_replay__after_a_fetch__keeps_both_and_every_word_of_ours(ours: GitRepository, theirs: GitRepository) -> None:
    _push(ours, theirs)
    foreign = _commit(theirs, {"README.md": "Read me.\n", "environments/b.json": "by hand\n"}, "Explain")
    second = _commit(ours, {"environments/a.json": "2\n"}, "Second", SLUICE)
    third = _commit(ours, {"environments/a.json": None, "environments/c.json": "3\n"}, "Third", SLUICE)

    fetched = GitRemote(str(theirs.path)).fetch(ours.path)
    assert fetched == foreign
    moved = replay_onto(ours.path, foreign, at=LATER)
    _push(ours, theirs)

    assert list(moved) == [second, third]
    assert theirs.head == moved[third]
    assert theirs.read() == {
        "README.md": "Read me.\n",
        "environments/b.json": "by hand\n",
        "environments/c.json": "3\n",
    }
    newest = theirs.log()[0]
    assert (newest.message, newest.author, newest.at) == (
        "Third\n\nChange-Request: #1\n",
        "Sluice <sluice@localhost>",
        NOON,
    )
    assert [commit.sha for commit in theirs.log()][2] == foreign
    assert _git(theirs, "fsck", "--strict") == ""


def test_replay__onto_a_remote_that_began_by_itself__puts_all_of_ours_on_top(
    ours: GitRepository, theirs: GitRepository
) -> None:
    foreign = _commit(theirs, {"LICENSE": "Ours.\n"}, "Initial commit")

    with pytest.raises(RemoteAhead):
        _push(ours, theirs)
    GitRemote(str(theirs.path)).fetch(ours.path)
    replay_onto(ours.path, foreign, at=LATER)
    _push(ours, theirs)

    assert sorted(theirs.read()) == ["LICENSE", "environments/a.json", "environments/b.json"]


def test_replay__deletes_what_others_deleted_already__is_still_a_commit(
    ours: GitRepository, theirs: GitRepository
) -> None:
    _push(ours, theirs)
    foreign = _commit(theirs, {"environments/a.json": None}, "Tidy up")
    _commit(ours, {"environments/a.json": None}, "Remove a", SLUICE)

    GitRemote(str(theirs.path)).fetch(ours.path)
    replay_onto(ours.path, foreign, at=LATER)
    _push(ours, theirs)

    assert [commit.message.splitlines()[0] for commit in theirs.log()] == ["Remove a", "Tidy up", "First"]


@pytest.mark.parametrize("url", ["", "ext::sh -c id", "--upload-pack=id", "http://example.com/x.git", "file://host/x"])
def test_remote__an_url_that_is_none__is_refused(ours: GitRepository, url: str) -> None:
    assert ours.head is not None
    with pytest.raises(RemoteTrouble, match="begins with none of"):
        GitRemote(url).push(ours.path, commit=ours.head, tags={})


def test_remote__that_is_not_there__is_trouble_in_words(ours: GitRepository, tmp_path: Path) -> None:
    assert ours.head is not None
    with pytest.raises(RemoteTrouble, match="NotGitRepository"):
        GitRemote(str(tmp_path / "nothing.git")).push(ours.path, commit=ours.head, tags={})


def test_remote__its_password__never_shows() -> None:
    assert "s3cret" not in repr(GitRemote("https://example.com/x.git", "sluice", "s3cret"))


def test_count_above__the_last_pushed_commit__is_the_backlog(ours: GitRepository) -> None:
    first = ours.head
    _commit(ours, {"environments/a.json": "2\n"}, "Second", SLUICE)

    assert (ours.count_above(first), ours.count_above(None)) == (1, 2)
