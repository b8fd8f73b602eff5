"""A whole company deployed by command line, and a table added: over real HTTP, by a clock that the test moves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy_engine.local_aws.testing import LocalAws
from tests.engine.cli.conftest import Run

pytestmark = pytest.mark.loopback
TASK = "environments/local/teams/food/tasks/foodsearch.json"
NEW = {"source": "fooddb/foodsearch/allergens_extra", "version": "v202601050800"}


def edit(directory: Path, change: dict[str, str], *, add: bool) -> None:
    path = directory / TASK
    task = json.loads(path.read_text())
    if add:
        task["tables"].append(change)
    else:
        task["tables"] = [change if entry["source"] == change["source"] else entry for entry in task["tables"]]
    path.write_text(json.dumps(task))


def test_deploy__whole_company_then_one_table__lies_in_the_lake_and_nothing_is_left_to_do(
    run_in_aws: Run, directory: Path, aws: LocalAws
) -> None:
    scope = ("--env", "local", "--team", "food")

    everything = run_in_aws("deploy", directory, "--env", "local", "--all")
    assert everything.code == 0, everything.out + everything.err
    assert "Starting food-foodsearch for the first time" in everything.out
    assert (directory / ".sluice" / "journal.sqlite").exists()
    assert "*" in (directory / ".sluice" / ".gitignore").read_text()
    aws.advance(3600)  # every table is loaded

    assert run_in_aws("plan", directory, *scope, "--json").json["flavour"] == "none"

    edit(directory, NEW, add=True)
    planned = run_in_aws("plan", directory, *scope, "--json")
    assert planned.code == 0, planned.out
    assert planned.json["flavour"] == "single-step"
    assert planned.json["steps"][0]["pause"] == planned.json["steps"][0]["resume"] == ["food-foodsearch"]
    assert planned.json["steps"][0]["tables"] == {"add": [NEW["source"]], "remove": []}

    aws.forget_calls()
    deployed = run_in_aws("deploy", directory, *scope)
    assert deployed.code == 0, deployed.out + deployed.err
    assert aws.count("dms:StopReplicationTask") == aws.count("dms:StartReplicationTask") == 1
    assert aws.count("cloudformation:ExecuteChangeSet") == 1
    aws.advance(3600)
    listed = aws.client("s3").list_objects_v2(
        Bucket="example-lake-local", Prefix="data/fooddb_foodsearch_allergens_extra_v202601050800/"
    )
    assert any(item["Key"].endswith("/LOAD00000001.csv.gz") for item in listed["Contents"])

    again = run_in_aws("deploy", directory, *scope)
    assert (again.code, "Nothing to do" in again.out) == (0, True)

    edit(directory, {**NEW, "version": "v202601050900"}, add=False)
    refused = run_in_aws("deploy", directory, *scope)
    assert refused.code == 1
    assert "needs two steps, which cannot be deployed yet" in refused.out
    assert aws.count("dms:StopReplicationTask") == 1
