"""Where the config's repository lies, and where it is pushed to: as the operator set it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from deploy_engine.adapters.git_remote import GitRemote
    from deploy_engine.adapters.git_repository import GitRepository
    from deploy_engine.adapters.git_signing import SigningKey


def git_repository() -> GitRepository:
    """Sluice's own bare repository, made where there is none."""
    from deploy_engine.adapters.git_repository import GitRepository  # noqa: PLC0415 - dulwich loads only in workers

    repository = GitRepository(Path(settings.GIT_REPOSITORY_PATH))
    repository.init()
    return repository


def git_remote() -> GitRemote:
    """The remote; whether there is one, `settings.GIT_REMOTE_URL` says."""
    from deploy_engine.adapters.git_remote import GitRemote  # noqa: PLC0415 - dulwich loads only in workers

    return GitRemote(
        settings.GIT_REMOTE_URL,
        settings.GIT_REMOTE_USERNAME,
        settings.GIT_REMOTE_PASSWORD,
        ca_file=settings.GIT_REMOTE_CA_FILE,
        ssh_command=settings.GIT_REMOTE_SSH_COMMAND,
    )


def signing_key() -> SigningKey | None:
    """What commits are signed with, if the operator named a key."""
    from deploy_engine.adapters.git_signing import SigningKey  # noqa: PLC0415 - with the rest of git

    return SigningKey(Path(settings.GIT_SIGNING_KEY)) if settings.GIT_SIGNING_KEY else None
