"""Git beside the database: whether the repository's files are what is accepted, file by file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from replication.choices import OutboxKind, OutboxState
from replication.models import OutboxItem
from replication.selectors.company import company_files

OURS = ("environments/", "sluice.json")
"""What Sluice alone writes and the config language reads; rendered templates follow from it, the rest is others'."""


_SCOPE = re.compile(r"environments/([^/]+)/(?:teams/([^/]+)/.*|environment\.json)")


@dataclass(frozen=True)
class FileDifference:
    """One file that differs: empty where it is missing on that side."""

    path: str
    in_git: str
    accepted: str


@dataclass(frozen=True)
class GitDifference:
    """Every file that differs; `waiting` commits explain differences until they are written. `head` is git's commit."""

    files: tuple[FileDifference, ...]
    waiting: int
    head: str = ""


def scope_of_path(path: str) -> tuple[str, str]:
    """The environment and the team (none: its base) whose file it is; two empty words for a file of neither."""
    match = _SCOPE.fullmatch(path)
    return (match[1], match[2] or "") if match else ("", "")


def git_difference() -> GitDifference:
    """Read the whole repository and the whole config: for whoever asks for it, not for every page."""
    from deploy_engine.adapters.git_repository import GitRepository  # noqa: PLC0415 - dulwich loads only where needed

    path = Path(settings.GIT_REPOSITORY_PATH)
    head = GitRepository(path).head if (path / "HEAD").exists() else None
    there = GitRepository(path).read(head) if head is not None else {}
    in_git = {name: text for name, text in there.items() if name.startswith(OURS)}
    accepted = company_files()
    waiting = OutboxItem.objects.filter(state=OutboxState.PENDING, kind=OutboxKind.GIT_COMMIT).count()
    return GitDifference(
        files=tuple(
            FileDifference(name, in_git.get(name, ""), accepted.get(name, ""))
            for name in sorted({*in_git, *accepted})
            if in_git.get(name) != accepted.get(name)
        ),
        waiting=waiting,
        head=head or "",
    )
