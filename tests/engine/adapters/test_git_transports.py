"""The remote over https and ssh, by servers that git itself runs; no password is ever seen by anybody else."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy_engine.adapters.git_proposals import branch_opened, proposal_branches
from deploy_engine.adapters.git_remote import GitRemote, RemoteTrouble
from deploy_engine.adapters.git_repository import GitRepository
from tests.engine.adapters.git_server import GitServer, git_server
from tests.git_program import git

pytestmark = pytest.mark.loopback
CANARY = "s3cret/canary@tok en"
SLUICE = ("Sluice", "sluice@localhost")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TASK = "environments/local/teams/food/tasks/a.json"

FAKE_SSH = """#!{python}
import json, os, subprocess, sys
with open({log!r}, "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
sys.exit(subprocess.run(["/bin/sh", "-c", sys.argv[-1]], env={{"PATH": os.environ["PATH"]}}).returncode)
"""
"""What sshd does with a command: hands it to the account's shell."""


@pytest.fixture
def ours(tmp_path: Path) -> GitRepository:
    repository = GitRepository(tmp_path / "ours.git")
    repository.init()
    repository.commit({TASK: "1\n"}, author=SLUICE, committer=SLUICE, message="First", at=NOON)
    return repository


@pytest.fixture
def theirs(tmp_path: Path) -> GitRepository:
    (tmp_path / "served").mkdir()
    repository = GitRepository(tmp_path / "served" / "config.git")
    repository.init()
    return repository


@pytest.fixture
def server(theirs: GitRepository) -> Iterator[GitServer]:
    with git_server(theirs.path.parent, username="sluice", password=CANARY) as running:
        yield running


def _there_and_back(remote: GitRemote, ours: GitRepository, theirs: GitRepository) -> None:
    """Push, let somebody propose, and read it."""
    assert ours.head is not None
    remote.push(ours.path, commit=ours.head, tags={"deployed/local/food": ours.head})
    assert (theirs.head, theirs.tags()) == (ours.head, {"deployed/local/food": ours.head})

    folder = ours.path.parent / "clone"
    git("clone", "--quiet", str(theirs.path), str(folder), folder=ours.path.parent)
    (folder / TASK).write_text("2\n")
    person = ("-c", "user.name=Mia", "-c", "user.email=mia@example.com")
    git(*person, "commit", "--quiet", "-am", "Two", folder=folder)
    git("push", "--quiet", "origin", "HEAD:proposals/two", folder=folder)
    found = proposal_branches(remote)
    (commit,) = found.proposals.values()
    with branch_opened(remote, ours.path, commit=commit, main=found.main) as branch:
        assert (branch.author.email, branch.after(TASK)) == ("mia@example.com", {TASK: "2\n"})
    assert remote.fetch(ours.path) == ours.head


@pytest.mark.parametrize("within_the_url", [False, True])
def test_https__with_a_password_and_certificates_of_its_own__goes_there_and_back_and_nobody_sees_it(
    ours: GitRepository, theirs: GitRepository, server: GitServer, *, within_the_url: bool
) -> None:
    place = f"{server.url}/config.git"
    quoted = "s3cret%2Fcanary%40tok%20en"
    remote = GitRemote(place, "sluice", CANARY, ca_file=str(server.ca_file))
    if within_the_url:
        remote = GitRemote(place.replace("://", f"://sluice:{quoted}@"), ca_file=str(server.ca_file))

    _there_and_back(remote, ours, theirs)

    seen = "\n".join((*server.requests, *server.processes, repr(remote)))
    assert "git-receive-pack" in seen
    assert "canary" not in seen


def test_https__a_wrong_password__is_trouble_that_does_not_say_it(ours: GitRepository, server: GitServer) -> None:
    wrong = "wrong-" + CANARY
    with_password = f"{server.url.replace('://', '://sluice:wrong-s3cret-canary@')}/config.git"
    for remote in (
        GitRemote(f"{server.url}/config.git", "sluice", wrong, ca_file=str(server.ca_file)),
        GitRemote(with_password, ca_file=str(server.ca_file)),
    ):
        with pytest.raises(RemoteTrouble, match="HTTPUnauthorized") as trouble:
            remote.push(ours.path, commit=ours.head or "", tags={})
        assert "canary" not in f"{trouble.value!r} {trouble.value.__cause__!r} {remote!r}"
        with pytest.raises(RemoteTrouble, match="HTTPUnauthorized"):
            proposal_branches(remote)


def test_https__a_certificate_that_nobody_vouches_for__is_trouble(ours: GitRepository, server: GitServer) -> None:
    remote = GitRemote(f"{server.url}/config.git", "sluice", CANARY)
    with pytest.raises(RemoteTrouble, match="CERTIFICATE_VERIFY_FAILED") as trouble:
        proposal_branches(remote)
    assert "canary" not in str(trouble.value)
    assert server.requests == []


@pytest.fixture
def ssh(tmp_path: Path) -> tuple[str, Path]:
    """A command in the place of ssh, and the file in which it writes down what it was called with."""
    place, log = tmp_path / "fake-ssh", tmp_path / "ssh.log"
    place.write_text(FAKE_SSH.format(python=sys.executable, log=str(log)))
    place.chmod(0o700)
    return shlex.join([str(place), "-i", "/etc/sluice/key"]), log


def test_ssh__with_the_operators_command__goes_there_and_back_as_git_does(
    ours: GitRepository, theirs: GitRepository, ssh: tuple[str, Path]
) -> None:
    command, log = ssh
    remote = GitRemote(f"ssh://git@git.example.com:2222{theirs.path}", "ignored", CANARY, ssh_command=command)

    _there_and_back(remote, ours, theirs)

    called = log.read_text()
    assert '"-i", "/etc/sluice/key", "-x", "-p", "2222"' in called
    assert f"git-receive-pack '{theirs.path}'" in called
    assert "canary" not in called


def test_ssh__a_path_with_a_quote_in_it__stays_one_word(
    ours: GitRepository, theirs: GitRepository, ssh: tuple[str, Path], tmp_path: Path
) -> None:
    odd = theirs.path.with_name("it's;touch$IFS.git")
    shutil.move(theirs.path, odd)
    remote = GitRemote(f"git@git.example.com:{odd}", ssh_command=ssh[0])
    assert ours.head is not None
    remote.push(ours.path, commit=ours.head, tags={})
    assert GitRepository(odd).head == ours.head


@pytest.mark.parametrize("url", ["ssh://-oProxyCommand=id/x", "git@-oProxyCommand=id:x"])
def test_ssh__a_host_that_ssh_would_take_for_an_option__is_refused(
    ours: GitRepository, ssh: tuple[str, Path], url: str
) -> None:
    with pytest.raises(RemoteTrouble):
        GitRemote(url, ssh_command=ssh[0]).push(ours.path, commit=ours.head or "", tags={})
    assert not ssh[1].exists()
