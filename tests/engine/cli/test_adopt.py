"""Adopting what runs in an account, by command line: read over HTTP, written into a directory."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from deploy_engine.local_aws.testing import LocalAws
from tests.engine.cli.conftest import Run

pytestmark = pytest.mark.loopback
ADOPT = ("--env", "local", "--contact", "data@example.com")


def test_adopt__what_sluice_deployed__comes_back_and_a_second_time_is_known(
    run_in_aws: Run, directory: Path, aws: LocalAws
) -> None:
    for scope in (("--base",), ("--team", "food")):
        assert run_in_aws("deploy", directory, "--env", "local", *scope).code == 0
    food = directory / "environments/local/teams/food"
    task = json.loads((food / "tasks/foodsearch.json").read_text())
    task["tables"] = [entry for entry in task["tables"] if not entry.get("paused")]  # DMS does not know of them
    shutil.rmtree(food)
    aws.forget_calls()

    ran = run_in_aws("adopt", directory, *ADOPT)

    assert ran.code == 1, ran.out + ran.err  # AWS does not say how long a source keeps its log
    assert json.loads((food / "tasks/foodsearch.json").read_text()) == task
    assert "would load 0 of" in ran.out
    assert "food-foodsearch has the name that Sluice gives its own task" in ran.out
    assert {call.operation for call in aws.calls()} <= {
        "AssumeRole",
        "DescribeEndpoints",
        "DescribeReplicationInstances",
        "DescribeReplicationTasks",
    }
    again = run_in_aws("adopt", directory, *ADOPT, "--json")
    assert again.code == 0
    assert again.json["known"] == ["food-foodsearch", "food-nutrition"]
    assert again.json["written"] == []


def test_adopt__contact_that_is_none__says_so_and_writes_nothing(run_in_aws: Run, directory: Path) -> None:
    for scope in (("--base",), ("--team", "food")):
        assert run_in_aws("deploy", directory, "--env", "local", *scope).code == 0
    food = directory / "environments/local/teams/food"
    shutil.rmtree(food)
    ran = run_in_aws("adopt", directory, "--env", "local", "--contact", "nobody")
    assert ran.code == 1
    assert "no e-mail address" in ran.out
    assert not food.exists()
