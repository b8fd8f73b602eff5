"""The config's git repository: bare, written through dulwich, one commit per accepted revision.

A commit is built beside the branch and then put in its place by compare-and-swap on the ref, so that two writers never
lose each other's work, and a killed one leaves nothing but unreachable objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dulwich.object_store import (
    BaseObjectStore,
    MemoryObjectStore,
    OverlayObjectStore,
    commit_tree_changes,
    iter_tree_contents,
)
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from deploy_engine.adapters.git_identity import check_message, check_path, check_paths, check_person
from deploy_engine.adapters.git_signing import SigningKey

BRANCH = Ref(b"refs/heads/main")
TAGS = b"refs/tags/"
FILE_MODE = 0o100644
ATTEMPTS = 5
MOST_LOOSE = 100
Person = tuple[str, str]
"""A name and an e-mail address."""


class HeadMoved(Exception):
    """The branch is not where the caller expected it, or another writer was faster every time; nothing was written."""


class UnknownRevision(LookupError):
    """No commit by that name."""


@dataclass(frozen=True)
class LoggedCommit:
    """One commit as it is shown: ``at`` is the author's time, aware, in UTC."""

    sha: str
    author: str
    committer: str
    at: datetime
    message: str
    parent: str | None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")


@dataclass(frozen=True)
class _Header:
    """All of a commit but its tree and parent, already in git's own form."""

    author: bytes
    committer: bytes
    message: bytes
    at: datetime
    key: SigningKey | None = None

    def commit(self, tree: ObjectID, parent: Commit | None) -> Commit:
        commit = Commit()
        commit.tree = tree
        commit.parents = [parent.id] if parent is not None else []
        commit.author, commit.committer, commit.message = self.author, self.committer, self.message
        commit.author_time = commit.commit_time = int(self.at.timestamp())
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        if self.key is not None:
            commit.gpgsig = self.key.sign(commit.as_raw_string())
        return commit


def _logged(commit: Commit) -> LoggedCommit:
    return LoggedCommit(
        sha=commit.id.decode(),
        author=_text(commit.author),
        committer=_text(commit.committer),
        at=datetime.fromtimestamp(commit.author_time, UTC),
        message=_text(commit.message),
        parent=commit.parents[0].decode() if commit.parents else None,
    )


def _changes(
    store: BaseObjectStore, before: Tree, files: Mapping[str, str | None]
) -> list[tuple[bytes, int | None, ObjectID | None]]:
    """The files as changes to a tree, their texts stored; deleting what is not there is no change."""
    changes: list[tuple[bytes, int | None, ObjectID | None]] = []
    for path, text in sorted(files.items()):
        raw = check_path(path)
        if text is not None:
            blob = Blob.from_string(text.encode())
            store.add_object(blob)
            changes.append((raw, FILE_MODE, blob.id))
            continue
        with suppress(KeyError):
            before.lookup_path(store.__getitem__, raw)
            changes.append((raw, None, None))
    return changes


def _write(repo: Repo, made: MemoryObjectStore) -> None:
    """Many objects become one pack: making a file for each would cost more than all else together."""
    objects = [made[name] for name in made]
    if len(objects) > MOST_LOOSE:
        repo.object_store.add_objects([(each, None) for each in objects])
        return
    for each in objects:
        repo.object_store.add_object(each)


class GitRepository:
    """A bare repository at ``path``; made by :meth:`init`. Instances hold nothing open."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def init(self) -> None:
        """Create the repository where there is none yet."""
        if not (self.path / "HEAD").exists():
            self.path.mkdir(parents=True, exist_ok=True)
            Repo.init_bare(self.path, default_branch=b"main").close()

    @property
    def head(self) -> str | None:
        """The commit that the branch points to, or None before the first."""
        with self._opened() as repo:
            return self._head(repo)

    def commit(
        self,
        files: Mapping[str, str | None],
        *,
        author: Person,
        committer: Person,
        message: str,
        trailers: Sequence[tuple[str, str]] = (),
        at: datetime,
        expected_parent: str | None = None,
        even_if_empty: bool = False,
        key: SigningKey | None = None,
    ) -> str:
        """Change ``files`` (path to text, or to None to delete it) and return the commit.

        Where nothing differs there is no commit, and the head is returned, unless ``even_if_empty``. With
        ``expected_parent`` the branch must be there, else :class:`HeadMoved`; without, the change goes onto whatever
        the head is. It is signed with ``key``, if there is one. Raises ``UnfitForGit`` and ``CannotSign``.
        """
        check_paths(files)
        header = _Header(check_person(*author), check_person(*committer), check_message(message, trailers), at, key)
        with self._opened() as repo:
            for _ in range(ATTEMPTS):
                head = self._head(repo)
                if expected_parent is not None and head != expected_parent:
                    raise HeadMoved(f"the branch is at {head}, not at {expected_parent}")
                made = self._commit_onto(repo, head, files, header, even_if_empty=even_if_empty)
                if made is not None:
                    return made
        raise HeadMoved("another writer was faster each time")

    def read(self, ref: str = "main") -> dict[str, str]:
        """Every file of ``ref`` (the branch or a commit), path to text; empty before the first commit."""
        with self._opened() as repo:
            commit = self._found(repo, ref)
            if commit is None:
                return {}
            store = repo.object_store
            return {
                entry.path.decode(): blob.data.decode()
                for entry in iter_tree_contents(store, commit.tree)
                if isinstance(blob := store[entry.sha], Blob)
            }

    def log(self, limit: int | None = 50) -> list[LoggedCommit]:
        """The newest commits of the branch, newest first; all of them where `limit` is None."""
        with self._opened() as repo:
            head = self._head(repo)
            if head is None:
                return []
            walker = repo.get_walker(include=[ObjectID(head.encode())], max_entries=limit)
            return [_logged(entry.commit) for entry in walker]

    def signatures(self) -> Iterator[tuple[str, bytes, bytes | None]]:
        """Every commit of the branch, newest first: its name, the bytes that a signature is of, and its signature."""
        with self._opened() as repo:
            head = self._head(repo)
            for entry in repo.get_walker(include=[ObjectID(head.encode())]) if head is not None else ():
                commit = entry.commit
                yield commit.id.decode(), commit.raw_without_sig(), commit.gpgsig

    def tag(self, tags: Mapping[str, str]) -> None:
        """Point each tag (name to commit) where it belongs; slashes in a name make folders, as in branches' names."""
        with self._opened() as repo:
            for name, sha in tags.items():
                repo.refs[Ref(TAGS + check_path(name))] = ObjectID(sha.encode())

    def tags(self) -> dict[str, str]:
        """Every tag, name to commit."""
        with self._opened() as repo:
            return {name.decode(): sha.decode() for name, sha in repo.refs.as_dict(Ref(TAGS[:-1])).items()}

    def count_above(self, commit: str | None) -> int:
        """How many commits of the branch are not below ``commit``; all where it is None."""
        with self._opened() as repo:
            head = self._head(repo)
            if head is None:
                return 0
            below = [ObjectID(commit.encode())] if commit else []
            return sum(1 for _ in repo.get_walker(include=[ObjectID(head.encode())], exclude=below))

    @contextmanager
    def _opened(self) -> Iterator[Repo]:
        repo = Repo(str(self.path))
        try:
            yield repo
        finally:
            repo.close()

    def _head(self, repo: Repo) -> str | None:
        found = repo.refs.read_loose_ref(BRANCH) or repo.refs.get_packed_refs().get(BRANCH)
        return found.decode() if found else None

    def _found(self, repo: Repo, ref: str) -> Commit | None:
        name = self._head(repo) if ref == "main" else ref
        if name is None:
            return None
        try:
            found = repo[name.encode()]
        except (KeyError, ValueError):
            raise UnknownRevision(f"there is no commit {ref!r}") from None
        if not isinstance(found, Commit):
            raise UnknownRevision(f"{ref!r} is no commit")
        return found

    def _commit_onto(
        self, repo: Repo, head: str | None, files: Mapping[str, str | None], header: _Header, *, even_if_empty: bool
    ) -> str | None:
        """The new head, or None where another writer moved the branch meanwhile."""
        made = MemoryObjectStore()
        store = OverlayObjectStore([made, repo.object_store], add_store=made)
        parent = self._found(repo, head) if head else None
        before = store[parent.tree] if parent is not None else Tree()
        if not isinstance(before, Tree):
            raise UnknownRevision(f"the commit {head} has no tree")
        tree = commit_tree_changes(store, before, _changes(store, before, files))
        if parent is not None and tree == parent.tree and not even_if_empty:
            return head
        commit = header.commit(tree, parent)
        made.add_object(commit)
        _write(repo, made)
        moved = (
            repo.refs.set_if_equals(BRANCH, parent.id, commit.id)
            if parent is not None
            else repo.refs.add_if_new(BRANCH, commit.id)
        )
        return commit.id.decode() if moved else None
