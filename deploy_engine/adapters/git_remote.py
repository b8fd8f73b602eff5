"""A remote of the config's repository: pushed to without ever destroying what stands there, by whatever transport.

dulwich sends what it is told and asks nobody whether it is a fast-forward; that question is answered here, in the very
exchange in which the remote says where it is, so that a remote that moves meanwhile refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dulwich.client import GitClient, HTTPUnauthorized, get_transport_and_path
from dulwich.config import ConfigDict
from dulwich.errors import GitProtocolError, HangupException, NotGitRepository, SendPackError
from dulwich.graph import can_fast_forward
from dulwich.objects import ZERO_SHA, ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo
from urllib3.exceptions import HTTPError

from deploy_engine.adapters.git_repository import BRANCH, TAGS

if TYPE_CHECKING:
    from dulwich.client import GeneratePackDataFunc
    from dulwich.pack import UnpackedObject

TIMEOUT_SECONDS = 30
FETCHED = Ref(b"refs/remotes/origin/main")
"""Where the remote's branch was when it was last fetched."""

_ALLOWED = re.compile(r"(https://|ssh://|git@[A-Za-z0-9.-]+:|file:///|/)\S+")
_TROUBLE = (GitProtocolError, HangupException, NotGitRepository, SendPackError, HTTPUnauthorized, HTTPError, OSError)


class RemoteTrouble(Exception):
    """The remote cannot be reached, or refused; ``str(error)`` says why, without credentials."""


class RemoteAhead(Exception):
    """The remote's branch holds commits that are not below ours: fetch, replay, and push again."""


@dataclass(frozen=True)
class GitRemote:
    """A remote repository by its URL (https, ssh, or a path); the password never shows."""

    url: str
    username: str = ""
    password: str = field(default="", repr=False)

    def push(self, path: Path, *, commit: str, tags: Mapping[str, str]) -> None:
        """Move the remote's branch to ``commit``, and its tags to theirs (name to commit), where they are elsewhere.

        Raises :class:`RemoteAhead` where the branch would lose commits, :class:`RemoteTrouble` for all else.
        """
        with Repo(str(path)) as repo:
            wanted = {BRANCH: ObjectID(commit.encode())}
            wanted |= {Ref(TAGS + name.encode()): ObjectID(sha.encode()) for name, sha in tags.items()}

            def updates(there: dict[Ref, ObjectID]) -> dict[Ref, ObjectID]:
                _refuse_to_destroy(repo, there.get(BRANCH), wanted[BRANCH])
                return {ref: sha for ref, sha in wanted.items() if there.get(ref) != sha}

            try:
                client, place = self._client()
                result = client.send_pack(place.encode(), updates, _pack(repo))
            except _TROUBLE as error:
                raise RemoteTrouble(self._words(error)) from error
            refused = {ref: status for ref, status in (result.ref_status or {}).items() if status}
            if refused:
                words = "; ".join(f"{ref.decode()}: {status}" for ref, status in refused.items())
                raise RemoteTrouble(f"the remote refused {words}")

    def fetch(self, path: Path) -> str | None:
        """Bring the remote's branch into the repository at ``path`` and give its commit; None where it has none."""
        with Repo(str(path)) as repo:
            try:
                client, place = self._client()
                found = client.fetch(place, repo, determine_wants=_only_the_branch)
            except _TROUBLE as error:
                raise RemoteTrouble(self._words(error)) from error
            head = found.refs.get(BRANCH)
            if head is None:
                return None
            repo.refs[FETCHED] = head
            return head.decode()

    def _client(self) -> tuple[GitClient, str]:
        if not _ALLOWED.fullmatch(self.url):
            raise RemoteTrouble("the remote's URL begins with none of https://, ssh://, git@host:, file:/// and /")
        config = ConfigDict()
        config.set((b"http",), b"timeout", str(TIMEOUT_SECONDS).encode())
        known: dict[str, Any] = {"username": self.username, "password": self.password} if self.username else {}
        return get_transport_and_path(self.url, config=config, **known)

    def _words(self, error: Exception) -> str:
        words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return words.replace(self.password, "…") if self.password else words


def _pack(repo: Repo) -> GeneratePackDataFunc:
    """What the remote has not, as dulwich wants to be given it."""

    def pack(
        have: AbstractSet[ObjectID],
        want: AbstractSet[ObjectID],
        *,
        ofs_delta: bool = False,
        progress: Callable[[bytes], None] | None = None,
    ) -> tuple[int, Iterator[UnpackedObject]]:
        return repo.generate_pack_data(set(have), set(want), ofs_delta=ofs_delta)

    return pack


def _only_the_branch(refs: Mapping[Ref, ObjectID | None], depth: int | None = None) -> list[ObjectID]:
    head = refs.get(BRANCH)
    return [head] if head is not None else []


def _refuse_to_destroy(repo: Repo, there: ObjectID | None, ours: ObjectID) -> None:
    if there is None or there in (ZERO_SHA, ours):
        return
    if there not in repo.object_store or not can_fast_forward(repo, there, ours):
        raise RemoteAhead(f"the remote is at {there.decode()[:12]}, which is not below {ours.decode()[:12]}")
