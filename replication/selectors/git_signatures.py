"""Which commits of the repository are signed, and whether by the operator's key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

TRIED = 100
"""So many of the newest signatures are tried; each takes a process of its own."""


@dataclass(frozen=True)
class GitSignatures:
    """How many commits are signed and not; of the newest signed ones, how many were tried, and those of another key."""

    signed: int
    unsigned: int
    newest_unsigned: str
    tried: int
    foreign: tuple[str, ...]


def git_signatures() -> GitSignatures:
    """Read every commit of `main`; signatures are tried only where the operator names the key. `CannotSign`."""
    from deploy_engine.adapters.git_repository import GitRepository  # noqa: PLC0415 - dulwich loads only where needed
    from deploy_engine.adapters.git_signing import SigningKey  # noqa: PLC0415 - the same

    path = Path(settings.GIT_REPOSITORY_PATH)
    key = SigningKey(Path(settings.GIT_SIGNING_KEY)) if settings.GIT_SIGNING_KEY else None
    signed = unsigned = tried = 0
    newest_unsigned, foreign = "", []
    for commit, payload, signature in GitRepository(path).signatures() if (path / "HEAD").exists() else ():
        if signature is None:
            unsigned, newest_unsigned = unsigned + 1, newest_unsigned or commit
            continue
        signed += 1
        if key is not None and tried < TRIED:
            tried += 1
            if not key.made(payload, signature):
                foreign.append(commit)
    return GitSignatures(signed, unsigned, newest_unsigned, tried, tuple(foreign))
