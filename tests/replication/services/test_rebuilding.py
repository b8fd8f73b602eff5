"""Everything is lost but the git repository: from it the company is rebuilt, by the command line alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from replication.services.change_requests import change_request_create
from replication.services.environment_edits import change_request_edit_environment
from replication.services.git_export import git_export_run
from replication.services.merging import change_request_merge
from replication.services.merging_otherwise import change_request_merge_emergency
from tests.git_program import git
from tests.replication.branching import approved_branch
from tests.replication.conftest import Stage

pytestmark = pytest.mark.loopback
READY_SECONDS = 60
PROJECT = Path(__file__).parents[3]
NOWHERE = "http://127.0.0.1:9"
"""A local environment has an address of its own; `AWS_ENDPOINT_URL` then leads to another."""


def _environment(folder: Path, **more: str) -> dict[str, str]:
    """What a fresh machine has: nobody's credentials, and nothing of Sluice's portal."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "SYSTEMROOT")}
    keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true"}
    return {**kept, **keys, "HOME": str(folder), "PYTHONPATH": str(PROJECT), **more}


def _run(folder: Path, address: str, *words: object) -> str:
    """The engine's command line, in a process of its own; it has to end well."""
    command = [sys.executable, "-m", "deploy_engine", *(str(word) for word in words)]
    around = _environment(folder, AWS_ENDPOINT_URL=address)
    done = subprocess.run(command, capture_output=True, text=True, env=around, cwd=folder, check=False)  # noqa: S603 - ours
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def config(stage: Stage, tmp_path: Path) -> Path:
    """A clone of what the portal exported: an import, and two changes that were merged after it."""
    platform = stage.people.platform
    base = change_request_create(actor=platform, environment=stage.environment, team=None, title="Say where AWS is")
    change_request_edit_environment(actor=platform, change_request=base, changes={"endpoint_url": NOWHERE})
    stage.check(base)
    change_request_merge_emergency(actor=platform, change_request=base, reason="The network is being moved.")
    change_request = approved_branch(stage, stage.in_review("foodsearch.products"))
    change_request_merge(actor=stage.people.member, change_request=change_request)
    git_export_run()
    git("clone", "--quiet", str(tmp_path / "company.git"), "config", folder=tmp_path)
    return tmp_path / "config"


@pytest.fixture
def empty_aws(config: Path, tmp_path: Path) -> Iterator[str]:
    """An AWS that has only what a company has before Sluice; its time flies."""
    log = tmp_path / "aws.log"
    words = ("--port", "0", "--speed", "400", "--company", str(config), "--env", "local")
    with log.open("w") as file:
        command = [sys.executable, "-m", "deploy_engine.local_aws", *words]
        process = subprocess.Popen(command, stderr=file, env=_environment(tmp_path), cwd=tmp_path)  # noqa: S603 - ours
    try:
        deadline = time.monotonic() + READY_SECONDS
        while "ready at " not in (said := log.read_text()):
            assert time.monotonic() < deadline, said
            time.sleep(0.1)  # another process, with no end to wait for
        yield said.partition("ready at ")[2].partition(",")[0]
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_rebuilding__from_the_exported_repository_alone__ends_synced(
    config: Path, empty_aws: str, tmp_path: Path
) -> None:
    deployed = _run(tmp_path, empty_aws, "deploy", config, "--env", "local", "--all")
    assert "Starting food-foodsearch for the first time" in deployed

    for scope in (("--base",), ("--team", "food"), ("--team", "orders")):
        plan = json.loads(_run(tmp_path, empty_aws, "plan", config, "--env", "local", *scope, "--json"))
        assert (plan["flavour"], plan["side_effects"]) == ("none", []), scope
    assert git("status", "--porcelain", folder=config) == b""
