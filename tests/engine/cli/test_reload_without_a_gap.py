"""A reload without a gap by command line alone: load beside, wait until it is loaded, remove the older entry."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from deploy_engine.local_aws.testing import LocalAws
from tests.engine.cli.conftest import Run

pytestmark = pytest.mark.loopback
TEAM = Path("environments/local/teams/food")
BRANDS, OLD, NEW = "fooddb/foodsearch/brands", "v202412011445", "v202601050800"


def _edit(file: Path, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {**json.loads(file.read_text()), **changes}
    return body


def _effects(plan: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(effect["kind"], effect["task"], effect["table"]) for effect in plan["side_effects"]]


def test_deploy__a_second_entry_then_the_removal_of_the_first__reloads_without_a_gap(
    run_in_aws: Run, directory: Path, aws: LocalAws
) -> None:
    for team in ("orders", "fulfilment", "identity"):
        shutil.rmtree(directory / "environments/local/teams" / team, ignore_errors=True)
    (directory / TEAM / "tasks/nutrition.json").unlink()
    scope = (directory, "--env", "local", "--team", "food")
    assert run_in_aws("deploy", directory, "--env", "local", "--all").code == 0
    aws.advance(3600)

    first, second = (directory / TEAM / "tasks" / name for name in ("foodsearch.json", "foodsearch-2.json"))
    second.write_text(json.dumps(_edit(first, tables=[{"source": BRANDS, "version": NEW}])))
    begun = run_in_aws("plan", *scope, "--json").json
    assert (begun["flavour"], begun["steps"][0]["pause"]) == ("single-step", [])
    assert _effects(begun) == [("load", "food-foodsearch-2", BRANDS), ("create-task", "food-foodsearch-2", "")]
    assert f"while {OLD} goes on in food-foodsearch: no gap" in begun["side_effects"][0]["message"]
    assert begun["side_effects"][0]["estimate_seconds"] is not None
    aws.forget_calls()
    loading = run_in_aws("deploy", *scope)
    assert loading.code == 0, loading.out + loading.err
    assert aws.count("dms:StopReplicationTask") == 0, "what runs goes on"
    assert run_in_aws("accept", directory).code == 0
    ledger = json.loads((directory / TEAM / "versions.json").read_text())
    assert ledger[BRANDS] == {OLD: "active", NEW: "active"}

    aws.advance(3600)
    tables = [entry for entry in json.loads(first.read_text())["tables"] if entry["source"] != BRANDS]
    first.write_text(json.dumps(_edit(first, tables=tables)))
    ended = run_in_aws("plan", *scope, "--json").json
    assert _effects(ended)[0] == ("retire-version", "food-foodsearch", BRANDS)
    assert ended["steps"][0]["pause"] == ["food-foodsearch"]
    aws.forget_calls()
    removed = run_in_aws("deploy", *scope)
    assert removed.code == 0, removed.out + removed.err
    assert aws.count("dms:StopReplicationTask") == 1, "the task that has the newer version streams on"
    assert run_in_aws("accept", directory).code == 0
    ledger = json.loads((directory / TEAM / "versions.json").read_text())
    assert ledger[BRANDS] == {OLD: "retired", NEW: "active"}
    assert run_in_aws("plan", *scope, "--json").json["flavour"] == "none"
