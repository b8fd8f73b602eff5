"""Signed commits, as git itself verifies them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy_engine.adapters.git_remote import GitRemote
from deploy_engine.adapters.git_replay import replay_onto
from deploy_engine.adapters.git_repository import GitRepository
from deploy_engine.adapters.git_signing import CannotSign, SigningKey
from tests.git_program import git

SLUICE = ("Sluice", "sluice@localhost")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def ssh_key(folder: Path, name: str = "key") -> SigningKey:
    """A new key without a passphrase."""
    program = shutil.which("ssh-keygen")
    assert program is not None
    place = folder / name
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", str(place)], check=True)  # noqa: S603 - fixed argv
    return SigningKey(place)


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "ours.git")
    made.init()
    return made


def _commit(repository: GitRepository, text: str, key: SigningKey | None) -> str:
    files: dict[str, str | None] = {"a.json": text}
    return repository.commit(files, author=SLUICE, committer=SLUICE, message=f"Say {text}", at=NOON, key=key)


def test_commit__with_a_key__is_signed_as_git_itself_verifies(repository: GitRepository, tmp_path: Path) -> None:
    key = ssh_key(tmp_path)
    commit = _commit(repository, "1", key)

    public = (tmp_path / "key.pub").read_text()
    (tmp_path / "signers").write_text(f"sluice@localhost {public}")
    signers = ("-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={tmp_path / 'signers'}")
    git(*signers, "verify-commit", commit, folder=repository.path)
    assert git("fsck", "--strict", folder=repository.path) == b""
    ((name, payload, signature),) = repository.signatures()
    assert name == commit
    assert signature is not None
    assert key.made(payload, signature)
    assert not key.made(payload + b".", signature)
    assert not ssh_key(tmp_path, "another").made(payload, signature)


def test_replay__signed_commits__are_signed_anew(repository: GitRepository, tmp_path: Path) -> None:
    key = ssh_key(tmp_path)
    theirs = GitRepository(tmp_path / "theirs.git")
    theirs.init()
    first = _commit(repository, "1", key)
    GitRemote(str(theirs.path)).push(repository.path, commit=first, tags={})
    onto = theirs.commit({"README.md": "Hi.\n"}, author=SLUICE, committer=SLUICE, message="By hand", at=NOON)
    _commit(repository, "2", key)
    GitRemote(str(theirs.path)).fetch(repository.path)

    replay_onto(repository.path, onto, at=NOON, key=key)

    found = list(repository.signatures())
    assert [signature is not None and key.made(payload, signature) for _, payload, signature in found] == [
        True,
        False,
        True,
    ]


def test_commit__with_a_key_that_is_none__is_refused_in_words_and_nothing_is_written(
    repository: GitRepository, tmp_path: Path
) -> None:
    place = tmp_path / "no-key"
    place.write_text("canary\n")
    for key in (SigningKey(place), replace(SigningKey(place), path=tmp_path / "absent")):
        with pytest.raises(CannotSign) as refused:
            _commit(repository, "1", key)
        assert "canary" not in str(refused.value)
    assert repository.head is None
