"""Branches of a real bare repository, read as somebody else's: no link is followed, no bomb goes off."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from deploy_engine.adapters.git_limits import Limits
from deploy_engine.adapters.git_proposals import (
    MOST_BRANCHES,
    ProposalBranch,
    UnreadableBranch,
    branch_opened,
    proposal_branches,
)
from deploy_engine.adapters.git_remote import GitRemote, RemoteTrouble
from deploy_engine.adapters.git_repository import GitRepository
from tests.git_program import git

SLUICE = ("Sluice", "sluice@localhost")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TASK = "environments/local/teams/food/tasks/a.json"
Entries = list[tuple[bytes, int, ObjectID]]


@pytest.fixture
def ours(tmp_path: Path) -> GitRepository:
    repository = GitRepository(tmp_path / "ours.git")
    repository.init()
    repository.commit({TASK: "1\n", "sluice.json": "{}\n"}, author=SLUICE, committer=SLUICE, message="First", at=NOON)
    return repository


@pytest.fixture
def theirs(ours: GitRepository, tmp_path: Path) -> GitRepository:
    repository = GitRepository(tmp_path / "theirs.git")
    repository.init()
    assert ours.head is not None
    GitRemote(str(repository.path)).push(ours.path, commit=ours.head, tags={})
    return repository


class Evil:
    """Writes objects into the remote that git's own commands would not."""

    def __init__(self, theirs: GitRepository) -> None:
        self.repo = Repo(str(theirs.path))
        self.main = self.repo.refs[Ref(b"refs/heads/main")]

    def blob(self, content: bytes) -> ObjectID:
        made = Blob.from_string(content)
        self.repo.object_store.add_object(made)
        return made.id

    def tree(self, *entries: tuple[bytes, int, ObjectID]) -> ObjectID:
        made = Tree()
        for name, mode, sha in entries:
            made.add(name, mode, sha)
        self.repo.object_store.add_object(made)
        return made.id

    def branch(
        self, tree: ObjectID, *, parent: ObjectID | None = None, author: bytes = b"Mia <mia@example.com>"
    ) -> str:
        made = Commit()
        made.tree, made.parents = tree, [parent or self.main]
        made.author = made.committer = author
        made.author_time = made.commit_time = int(NOON.timestamp())
        made.author_timezone = made.commit_timezone = 0
        made.message = b"Evil"
        self.repo.object_store.add_object(made)
        self.repo.refs[Ref(b"refs/heads/proposals/evil")] = made.id
        self.repo.close()
        return made.id.decode()


def _open(ours: GitRepository, theirs: GitRepository, commit: str, limits: Limits | None = None) -> ProposalBranch:
    remote = GitRemote(str(theirs.path))
    with branch_opened(remote, ours.path, commit=commit, main=theirs.head, limits=limits or Limits()) as branch:
        branch.changes()
        return branch


def test_branch__a_link_a_submodule_and_a_program__do_not_fit_and_are_not_read(
    ours: GitRepository, theirs: GitRepository
) -> None:
    evil = Evil(theirs)
    link, program = evil.blob(b"/etc/passwd"), evil.blob(b"#!/bin/sh\n")
    tree = evil.tree((b"link", 0o120000, link), (b"run", 0o100755, program), (b"sub", 0o160000, evil.main))
    commit = evil.branch(evil.tree((b"environments", 0o40000, tree)))

    with branch_opened(GitRemote(str(theirs.path)), ours.path, commit=commit, main=theirs.head) as branch:
        changes = {change.path: (change.is_there, change.fits) for change in branch.changes()}
        files = branch.after("environments")

    assert changes == {
        "environments/link": (True, False),
        "environments/run": (True, False),
        "environments/sub": (True, False),
        TASK: (False, True),
        "sluice.json": (False, True),
    }
    assert files == {}


def test_branch__nothing_of_it__comes_into_our_repository(ours: GitRepository, theirs: GitRepository) -> None:
    evil = Evil(theirs)
    commit = evil.branch(evil.tree((b"a", 0o100644, evil.blob(b"a\n"))))
    before = sorted(str(path) for path in ours.path.rglob("*"))

    _open(ours, theirs, commit)

    assert sorted(str(path) for path in ours.path.rglob("*")) == before


def test_branch__trees_within_trees__are_counted(ours: GitRepository, theirs: GitRepository) -> None:
    evil = Evil(theirs)
    tree = evil.tree()
    for _ in range(7):
        tree = evil.tree(*[(f"{number:02}".encode(), 0o40000, tree) for number in range(20)])
    commit = evil.branch(tree)

    with pytest.raises(UnreadableBranch, match="50,000 files"):
        _open(ours, theirs, commit)


def test_branch__one_large_file_many_times__is_counted_each_time(ours: GitRepository, theirs: GitRepository) -> None:
    evil = Evil(theirs)
    large = evil.blob(b"x" * 1000)
    commit = evil.branch(evil.tree(*[(f"{number:03}".encode(), 0o100644, large) for number in range(50)]))
    limits = Limits(all_bytes=10_000)

    with branch_opened(GitRemote(str(theirs.path)), ours.path, commit=commit, main=None, limits=limits) as branch:
        assert len(branch.changes()) == 52
        with pytest.raises(UnreadableBranch, match="10,000 bytes of files"):
            branch.after("000")
            for number in range(50):
                branch.after(f"{number:03}")


@pytest.mark.parametrize(
    ("limits", "said"),
    [(Limits(pack_bytes=100), "more than 100 bytes that main has not"), (Limits(object_bytes=10), "an object of")],
)
def test_branch__a_large_one__is_refused_in_words(
    ours: GitRepository, theirs: GitRepository, limits: Limits, said: str
) -> None:
    evil = Evil(theirs)
    commit = evil.branch(evil.tree((b"a", 0o100644, evil.blob(bytes(range(256)) * 40))))

    with pytest.raises(UnreadableBranch, match=said):
        _open(ours, theirs, commit, limits)


def test_branch__nothing_in_common_with_main__is_refused(ours: GitRepository, theirs: GitRepository) -> None:
    evil = Evil(theirs)
    alone = Commit()
    alone.tree = evil.tree()
    alone.author = alone.committer = b"Mia <mia@example.com>"
    alone.author_time = alone.commit_time = 0
    alone.author_timezone = alone.commit_timezone = 0
    alone.message = b"Alone"
    evil.repo.object_store.add_object(alone)
    commit = evil.branch(evil.tree(), parent=alone.id)

    with pytest.raises(UnreadableBranch, match="no commit in common"):
        _open(ours, theirs, commit)


@pytest.mark.parametrize(
    ("author", "name", "email"),
    [
        (b"Mia <mia@example.com>", "Mia", "mia@example.com"),
        ("Mi\u202ea <m@x.y>".encode(), "Mi\N{REPLACEMENT CHARACTER}a", "m@x.y"),
        (b"\xff\xfe <>", "\N{REPLACEMENT CHARACTER}" * 2, ""),
    ],
)
def test_branch__an_authors_name__is_shown_without_what_would_mislead(
    ours: GitRepository, theirs: GitRepository, author: bytes, name: str, email: str
) -> None:
    evil = Evil(theirs)
    commit = evil.branch(evil.tree(), author=author)

    branch = _open(ours, theirs, commit)

    assert (branch.author.name, branch.author.email) == (name, email)


def test_branches__by_name__odd_ones_are_named_and_too_many_are_refused(
    ours: GitRepository, theirs: GitRepository
) -> None:
    with Repo(str(theirs.path)) as repo:
        main = repo.refs[Ref(b"refs/heads/main")]
        for name in (b"proposals/good", b"proposals/-rf", b"proposals/\xc3\xa4", b"elsewhere"):
            repo.refs[Ref(b"refs/heads/" + name)] = main
    remote = GitRemote(str(theirs.path))

    found = proposal_branches(remote)
    assert (list(found.proposals), found.misnamed, found.main) == (
        ["proposals/good"],
        ("proposals/-rf", "proposals/ä"),
        theirs.head,
    )

    with Repo(str(theirs.path)) as repo:
        for number in range(MOST_BRANCHES):
            repo.refs[Ref(f"refs/heads/proposals/{number}".encode())] = main
    with pytest.raises(UnreadableBranch, match="at most 200"):
        proposal_branches(remote)


def test_branches__a_remote_that_is_away__is_trouble(tmp_path: Path) -> None:
    with pytest.raises(RemoteTrouble, match="NotGitRepository"):
        proposal_branches(GitRemote(str(tmp_path / "nothing.git")))


def test_branch__a_large_history__is_read_from_where_it_left_main(ours: GitRepository, theirs: GitRepository) -> None:
    for number in range(30):
        ours.commit({TASK: f"{number}\n"}, author=SLUICE, committer=SLUICE, message=str(number), at=NOON)
    assert ours.head is not None
    GitRemote(str(theirs.path)).push(ours.path, commit=ours.head, tags={})
    evil = Evil(theirs)
    commit = evil.branch(evil.tree(), parent=ObjectID(ours.head.encode()))

    branch = _open(ours, theirs, commit, Limits(objects=2))

    assert (branch.base, [each.email for each in branch.authors]) == (ours.head, ["mia@example.com"])
    assert git("fsck", "--strict", folder=ours.path) == b""
