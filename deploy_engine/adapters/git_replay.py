"""Our commits put on top of somebody else's: file by file, with author, time, message and trailers as they were.

Sluice alone decides over the files that its commits touch, and over no others: whatever else the remote holds stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from dulwich.diff_tree import tree_changes
from dulwich.graph import find_merge_base
from dulwich.object_store import BaseObjectStore, commit_tree_changes
from dulwich.objects import Commit, ObjectID, Tree
from dulwich.repo import Repo

from deploy_engine.adapters.git_repository import BRANCH, HeadMoved, UnknownRevision
from deploy_engine.adapters.git_signing import SigningKey

Changes = list[tuple[bytes, int | None, ObjectID | None]]


def replay_onto(path: Path, onto: str, *, at: datetime, key: SigningKey | None = None) -> dict[str, str]:
    """Put the branch's commits that ``onto`` has not on top of it, and move the branch there.

    Gives old commit to new one, oldest first. A commit that changes nothing there any more stays, empty: its trailers
    are still true. A signature is of the old commit: the new one has its own, if there is a ``key``. Raises
    :class:`HeadMoved` where another writer moved the branch meanwhile.
    """
    with Repo(str(path)) as repo:
        head = repo.refs[BRANCH]
        tip = _commit(repo, ObjectID(onto.encode()))
        moved: dict[str, str] = {}
        for commit in _ours(repo, head, tip.id):
            tip = _again(repo, commit, tip, at, key)
            moved[commit.id.decode()] = tip.id.decode()
        if not repo.refs.set_if_equals(BRANCH, head, tip.id):
            raise HeadMoved("another writer moved the branch while its commits were put on top of the remote's")
        return moved


def _ours(repo: Repo, head: ObjectID, onto: ObjectID) -> Iterator[Commit]:
    """The commits from where both parted up to ours, oldest first. Sluice makes no merges: one parent each."""
    base = set(find_merge_base(repo, [head, onto]))
    ours: list[Commit] = []
    place: ObjectID | None = head
    while place is not None and place not in base:
        commit = _commit(repo, place)
        ours.append(commit)
        place = commit.parents[0] if commit.parents else None
    return reversed(ours)


def _again(repo: Repo, commit: Commit, tip: Commit, at: datetime, key: SigningKey | None) -> Commit:
    store = repo.object_store
    parent = _commit(repo, commit.parents[0]).tree if commit.parents else None
    tree = store[tip.tree]
    if not isinstance(tree, Tree):
        raise UnknownRevision(f"the commit {tip.id.decode()} has no tree")
    made = Commit()
    made.tree = commit_tree_changes(store, tree, _fitting(store, tree, _changes(store, parent, commit.tree)))
    made.parents = [tip.id]
    made.author, made.committer, made.message = commit.author, commit.committer, commit.message
    made.author_time, made.author_timezone = commit.author_time, commit.author_timezone
    made.commit_time, made.commit_timezone = int(at.timestamp()), 0
    made.encoding = commit.encoding
    if key is not None:
        made.gpgsig = key.sign(made.as_raw_string())
    store.add_object(made)
    return made


def _changes(store: BaseObjectStore, before: ObjectID | None, after: ObjectID) -> Changes:
    changes: Changes = []
    for change in tree_changes(store, before, after):
        if change.new is not None and change.new.path is not None:
            changes.append((change.new.path, change.new.mode, change.new.sha))
        elif change.old is not None and change.old.path is not None:
            changes.append((change.old.path, None, None))
    return changes


def _fitting(store: BaseObjectStore, tree: Tree, changes: Changes) -> Changes:
    """Without the deletions of what is not there."""
    return [change for change in changes if change[2] is not None or _has(store, tree, change[0])]


def _has(store: BaseObjectStore, tree: Tree, path: bytes) -> bool:
    try:
        tree.lookup_path(store.__getitem__, path)
    except KeyError:
        return False
    return True


def _commit(repo: Repo, name: ObjectID) -> Commit:
    found = repo[name]
    if not isinstance(found, Commit):
        raise UnknownRevision(f"{name.decode()} is no commit")
    return found
