"""Git beside the database: whether the repository's files are what is accepted, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from replication.choices import OutboxKind, OutboxState
from replication.models import OutboxItem
from replication.selectors.company import company_files

OURS = ("environments/", "sluice.json")
"""What Sluice alone writes and the config language reads; rendered templates follow from it, the rest is others'."""


@dataclass(frozen=True)
class FileDifference:
    """One file that differs: empty where it is missing on that side."""

    path: str
    in_git: str
    accepted: str


@dataclass(frozen=True)
class GitDifference:
    """Every file that differs; `waiting` commits explain differences until they are written."""

    files: tuple[FileDifference, ...]
    waiting: int


def git_difference() -> GitDifference:
    """Read the whole repository and the whole config: for whoever asks for it, not for every page."""
    from deploy_engine.adapters.git_repository import GitRepository  # noqa: PLC0415 - dulwich loads only where needed

    path = Path(settings.GIT_REPOSITORY_PATH)
    there = GitRepository(path).read() if (path / "HEAD").exists() else {}
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
    )
