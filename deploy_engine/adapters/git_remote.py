"""A remote of the config's repository: pushed to without ever destroying what stands there, by whatever transport.

dulwich sends what it is told and asks nobody whether it is a fast-forward; that question is answered here, in the very
exchange in which the remote says where it is, so that a remote that moves meanwhile refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from dulwich.client import GitClient, HTTPUnauthorized, StrangeHostname, get_transport_and_path
from dulwich.config import ConfigDict
from dulwich.errors import GitProtocolError, HangupException, NotGitRepository, SendPackError
from dulwich.graph import can_fast_forward
from dulwich.objects import ZERO_SHA, ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo
from urllib3.exceptions import HTTPError

from deploy_engine.adapters.git_https import https_pool
from deploy_engine.adapters.git_repository import BRANCH, TAGS

if TYPE_CHECKING:
    from dulwich.client import GeneratePackDataFunc
    from dulwich.pack import UnpackedObject

TIMEOUT_SECONDS = 30
FETCHED = Ref(b"refs/remotes/origin/main")
"""Where the remote's branch was when it was last fetched."""

SSH_COMMAND = "ssh -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=15 -o ServerAliveCountMax=2"
"""Nobody sits there to be asked for a password, and a connection that hangs ends."""

_ALLOWED = re.compile(r"(https://|ssh://|git@[A-Za-z0-9][A-Za-z0-9.-]*:|file:///|/)\S+")
TROUBLE = (
    GitProtocolError,
    HangupException,
    NotGitRepository,
    SendPackError,
    HTTPUnauthorized,
    StrangeHostname,
    HTTPError,
    OSError,
)
"""What a transport raises where the remote is away, refuses, or is none."""


class RemoteTrouble(Exception):
    """The remote cannot be reached, or refused; ``str(error)`` says why, without credentials."""


class RemoteAhead(Exception):
    """The remote's branch holds commits that are not below ours: fetch, replay, and push again."""


@dataclass(frozen=True)
class GitRemote:
    """A remote repository by its URL (https, ssh, or a path); the password never shows.

    `ca_file` holds the certificates that https is checked against, else the machine's own; `ssh_command` is run for
    ssh, with the operator's keys. A password within an https URL is taken out of it.
    """

    url: str = field(repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    ssh_command: str = ""

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

            with self.opened() as (client, place):
                result = client.send_pack(place.encode(), updates, _pack(repo))
            refused = {ref: status for ref, status in (result.ref_status or {}).items() if status}
            if refused:
                words = "; ".join(f"{ref.decode()}: {status}" for ref, status in refused.items())
                raise RemoteTrouble(f"the remote refused {words}")

    def fetch(self, path: Path) -> str | None:
        """Bring the remote's branch into the repository at ``path`` and give its commit; None where it has none."""
        with Repo(str(path)) as repo:
            with self.opened() as (client, place):
                found = client.fetch(place, repo, determine_wants=_only_the_branch)
            head = found.refs.get(BRANCH)
            if head is None:
                return None
            repo.refs[FETCHED] = head
            return head.decode()

    @contextmanager
    def opened(self, *, thin_packs: bool = True) -> Iterator[tuple[GitClient, str]]:
        """The transport, and the place that it is to be asked for; nobody else's git configuration is read.

        Whatever a transport raises within the block comes out as :class:`RemoteTrouble`.
        """
        if not _ALLOWED.fullmatch(self.url):
            raise RemoteTrouble("the remote's URL begins with none of https://, ssh://, git@host:, file:/// and /")
        config = ConfigDict()
        config.set((b"http",), b"timeout", str(TIMEOUT_SECONDS).encode())
        if self.ca_file:
            config.set((b"http",), b"sslCAInfo", self.ca_file.encode())
        config.set((b"core",), b"sshCommand", (self.ssh_command or SSH_COMMAND).encode())
        url, username, password = self._apart()
        known: dict[str, Any] = {"username": username, "password": password} if username else {}
        pool = https_pool(config, url) if url.startswith("https://") else None
        if pool is not None:
            known["pool_manager"] = pool
        try:
            yield get_transport_and_path(url, config=config, thin_packs=thin_packs, **known)
        except TROUBLE as error:
            raise self._trouble(error) from None
        finally:
            if pool is not None:
                pool.end()

    def _trouble(self, error: Exception) -> RemoteTrouble:
        """`error` in words that hold no password."""
        words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        _, _, password = self._apart()
        for secret in {password, quote(password, safe=""), quote(password)} - {""}:
            words = words.replace(secret, "…")
        return RemoteTrouble(words)

    def _apart(self) -> tuple[str, str, str]:
        """The URL without credentials where it is https, and the credentials."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" or "@" not in parts.netloc:
            return self.url, self.username if parts.scheme == "https" else "", self.password
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        return bare, self.username or unquote(parts.username or ""), self.password or unquote(parts.password or "")


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
