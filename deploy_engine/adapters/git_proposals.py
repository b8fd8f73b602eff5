"""Branches of the remote on which people propose changes: read, and nothing more.

What they hold is somebody else's: it is fetched into memory and never into Sluice's own repository, nothing is checked
out, run or written to the remote, and everything is counted before it is read (:mod:`git_limits`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from dulwich.errors import MissingCommitError, ObjectFormatException
from dulwich.graph import find_merge_base
from dulwich.object_store import MemoryObjectStore, OverlayObjectStore
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree
from dulwich.refs import Ref
from dulwich.repo import MemoryRepo, Repo

from deploy_engine.adapters.git_limits import Limits, Malformed, TooLarge, check_pack
from deploy_engine.adapters.git_remote import GitRemote
from deploy_engine.adapters.git_repository import BRANCH, FILE_MODE
from deploy_engine.config.proposals import FileChange

if TYPE_CHECKING:
    from dulwich.object_store import BaseObjectStore

PREFIX = "proposals/"
MOST_BRANCHES = 200
_HEADS = b"refs/heads/"
_NAME = re.compile(r"proposals/(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,149}")
_DEEPEST = 8
_TREE_MODE = 0o040000
_PERSON = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>")
_LONGEST_WORDS = 200
Entry = tuple[int, ObjectID]


class UnreadableBranch(Exception):
    """The branch cannot be read as a proposal; ``str(error)`` says why, for whoever pushed it."""


@dataclass(frozen=True)
class Branches:
    """Where the remote's branches are: proposals by name (`proposals/…`), its `main`, and names that are refused."""

    proposals: Mapping[str, str]
    main: str | None
    misnamed: tuple[str, ...]


@dataclass(frozen=True)
class Writer:
    """Whoever a commit names as its author or committer; git takes anybody's word for it."""

    name: str
    email: str


class ProposalBranch:
    """One branch, opened: what it changes since it left `main`, and the files on both sides."""

    def __init__(
        self, store: BaseObjectStore, tip: Commit, base: Commit, commits: list[Commit], limits: Limits
    ) -> None:
        self._store, self._tip, self._base, self._limits = store, tip, base, limits
        self._entries_left, self._bytes = limits.files, limits.all_bytes
        self._folders: dict[ObjectID, dict[bytes, Entry]] = {}
        self.commit, self.base = tip.id.decode(), base.id.decode()
        self.author = _person(tip.author)
        self.authors = tuple(dict.fromkeys((self.author, *(_person(commit.author) for commit in commits))))
        self.committers = tuple(dict.fromkeys(_person(commit.committer) for commit in commits))
        self.message = _text(tip.message)[:5000]
        self.at = _moment(tip)

    def changes(self) -> tuple[FileChange, ...]:
        """Every file that differs, by path."""
        found: list[FileChange] = []
        self._compare(self._base.tree, self._tip.tree, "", found, 0)
        return tuple(sorted(found, key=lambda change: change.path))

    def before(self, folder: str) -> dict[str, str | None]:
        """The files under `folder` (or the one file of that path) where the branch left `main`."""
        return self._files(self._base, folder)

    def after(self, folder: str) -> dict[str, str | None]:
        """The same at the branch's end; None for what is no text in UTF-8."""
        return self._files(self._tip, folder)

    def _compare(
        self, before: ObjectID | None, after: ObjectID | None, prefix: str, found: list[FileChange], depth: int
    ) -> None:
        there, here = self._counted(before), self._counted(after)
        for raw in sorted({*there, *here}):
            was, now = there.get(raw), here.get(raw)
            if was == now:
                continue
            path = prefix + _text(raw)
            folders = [entry[1] if _is_folder(entry) else None for entry in (was, now)]
            if folders != [None, None]:
                if depth == _DEEPEST:
                    raise UnreadableBranch(f"{path[:_LONGEST_WORDS]} lies deeper than any file of the config")
                self._compare(folders[0], folders[1], path + "/", found, depth + 1)
            if now is not None and not _is_folder(now):
                found.append(FileChange(path, True, now[0] == FILE_MODE))
            elif was is not None and not _is_folder(was):
                found.append(FileChange(path, False, True))

    def _files(self, commit: Commit, folder: str) -> dict[str, str | None]:
        place: Entry | None = (_TREE_MODE, commit.tree)
        for part in folder.split("/"):
            place = self._entries(place[1]).get(part.encode()) if place is not None and _is_folder(place) else None
        files: dict[str, str | None] = {}
        if place is not None:
            self._gather(place, folder, files, 0)
        return files

    def _gather(self, place: Entry, path: str, files: dict[str, str | None], depth: int) -> None:
        mode, name = place
        if _is_folder(place) and depth < _DEEPEST:
            for raw, entry in self._counted(name).items():
                self._gather(entry, f"{path}/{_text(raw)}", files, depth + 1)
        elif mode == FILE_MODE:
            blob = self._object(name)
            content = blob.data if isinstance(blob, Blob) else b""
            self._bytes -= len(content)
            if self._bytes < 0:
                raise UnreadableBranch(f"more than {self._limits.all_bytes:,} bytes of files")
            try:
                files[path] = content.decode()
            except UnicodeDecodeError:
                files[path] = None

    def _counted(self, tree: ObjectID | None) -> dict[bytes, Entry]:
        """A folder that is gone through: as often as it is, its entries count, for it may stand in many places."""
        entries = self._entries(tree)
        self._entries_left -= len(entries)
        if self._entries_left < 0:
            raise UnreadableBranch(f"more than {self._limits.files:,} files in the folders that differ")
        return entries

    def _entries(self, tree: ObjectID | None) -> dict[bytes, Entry]:
        if tree is None:
            return {}
        if tree not in self._folders:
            found = self._object(tree)
            if not isinstance(found, Tree):
                raise UnreadableBranch("a folder of it is none")
            try:
                self._folders[tree] = {entry.path: (entry.mode, entry.sha) for entry in found.iteritems()}
            except (ObjectFormatException, ValueError) as error:
                raise UnreadableBranch(f"a folder of it is damaged: {error}") from None
        return self._folders[tree]

    def _object(self, name: ObjectID) -> ShaFile:
        try:
            return self._store[name]
        except (KeyError, ObjectFormatException, ValueError):
            raise UnreadableBranch(f"the remote did not send its object {name.decode()[:12]}") from None


def _is_folder(entry: Entry | None) -> TypeGuard[Entry]:
    return entry is not None and entry[0] == _TREE_MODE


def proposal_branches(remote: GitRemote) -> Branches:
    """Ask the remote where its branches are. Raises ``RemoteTrouble``, or :class:`UnreadableBranch` for too many."""
    prefixes = [_HEADS + PREFIX.encode(), bytes(BRANCH)]
    with remote.opened() as (client, place):
        refs = client.get_refs(place.encode(), ref_prefix=prefixes).refs
    heads = {_text(ref[len(_HEADS) :]): sha.decode() for ref, sha in refs.items() if ref.startswith(_HEADS) and sha}
    named = {name: sha for name, sha in heads.items() if name.startswith(PREFIX)}
    if len(named) > MOST_BRANCHES:
        raise UnreadableBranch(f"The remote has {len(named)} proposal branches; at most {MOST_BRANCHES} are read.")
    fit = {name: sha for name, sha in sorted(named.items()) if _NAME.fullmatch(name)}
    return Branches(fit, heads.get("main"), tuple(sorted(named.keys() - fit.keys())))


@contextmanager
def branch_opened(
    remote: GitRemote,
    path: Path,
    *,
    commit: str,
    main: str | None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Iterator[ProposalBranch]:
    """The branch at `commit`, beside Sluice's own repository at `path` and the remote's `main`.

    Raises ``RemoteTrouble`` where it cannot be fetched, :class:`UnreadableBranch` where it is not to be read.
    """
    with Repo(str(path)) as ours:
        wanted = [ObjectID(name.encode()) for name in dict.fromkeys((commit, main)) if name is not None]
        fetched = _fetched(remote, ours, [name for name in wanted if name not in ours.object_store], limits)
        apart = MemoryRepo()
        apart.object_store = OverlayObjectStore([fetched, ours.object_store])  # type: ignore[assignment]  # reads only
        yield _opened(apart, ours.refs[BRANCH], wanted, limits)


def _fetched(remote: GitRemote, ours: Repo, wanted: list[ObjectID], limits: Limits) -> MemoryObjectStore:
    store = MemoryObjectStore()
    if not wanted:
        return store
    pack = bytearray()

    def keep(piece: bytes) -> int:
        pack.extend(piece)
        if len(pack) > limits.pack_bytes:
            raise TooLarge(f"more than {limits.pack_bytes:,} bytes that main has not")
        return len(piece)

    def wants(refs: Mapping[Ref, ObjectID], depth: int | None = None) -> list[ObjectID]:
        return wanted

    try:
        with remote.opened(thin_packs=False) as (client, place):
            client.fetch_pack(place, wants, ours.get_graph_walker(), keep)
        check_pack(bytes(pack), limits)
    except (TooLarge, Malformed) as error:
        raise UnreadableBranch(str(error)) from None
    stream = BytesIO(pack)
    store.add_thin_pack(stream.read, None)
    return store


def _opened(apart: MemoryRepo, ours: ObjectID, wanted: list[ObjectID], limits: Limits) -> ProposalBranch:
    mains = list(dict.fromkeys((*wanted[1:], ours)))
    try:
        tip = apart.object_store[wanted[0]]
        bases = find_merge_base(apart, [wanted[0], *mains]) if isinstance(tip, Commit) else []
        base = apart.object_store[bases[0]] if bases else None
        walker = apart.get_walker(include=[wanted[0]], exclude=mains, max_entries=limits.commits + 1)
        commits = [entry.commit for entry in walker]
    except (KeyError, AssertionError, ValueError, ObjectFormatException, MissingCommitError) as error:
        raise UnreadableBranch(f"its commits are damaged: {type(error).__name__}") from None
    if not isinstance(tip, Commit) or not isinstance(base, Commit):
        raise UnreadableBranch("it has no commit in common with main: begin it from main")
    if len(commits) > limits.commits:
        raise UnreadableBranch(f"more than {limits.commits:,} commits that main has not")
    return ProposalBranch(apart.object_store, tip, base, commits, limits)


def _text(raw: bytes) -> str:
    """As it may be shown: nothing that ends a line or hides what follows."""
    text = raw.decode("utf-8", errors="replace")
    return "".join(mark if mark.isprintable() or mark == "\n" else "\N{REPLACEMENT CHARACTER}" for mark in text)


def _person(raw: bytes) -> Writer:
    match = _PERSON.fullmatch(_text(raw).replace("\n", " "))
    if match is None:
        return Writer(_text(raw).replace("\n", " ")[:_LONGEST_WORDS], "")
    return Writer(match["name"].strip()[:_LONGEST_WORDS], match["email"].strip()[:_LONGEST_WORDS])


def _moment(commit: Commit) -> datetime:
    try:
        return datetime.fromtimestamp(commit.commit_time, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
