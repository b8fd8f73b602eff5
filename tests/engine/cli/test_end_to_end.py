"""A whole company deployed by command line, and a table added: over real HTTP, by a clock that the test moves."""

from __future__ import annotations

import json
import shutil
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


def test_deploy__whole_environment_then_one_table__lies_in_the_lake_and_nothing_is_left_to_do(
    run_in_aws: Run, directory: Path, aws: LocalAws
) -> None:
    for team in ("orders", "fulfilment"):  # two teams show what four would
        shutil.rmtree(directory / "environments/local/teams" / team)
    scope = (directory, "--env", "local", "--team", "food")

    everything = run_in_aws("deploy", directory, "--env", "local", "--all")
    assert everything.code == 0, everything.out + everything.err
    assert "Starting food-foodsearch for the first time" in everything.out
    assert "Starting identity-" in everything.out
    assert (directory / ".sluice" / "journal.sqlite").exists()
    assert "*" in (directory / ".sluice" / ".gitignore").read_text()
    aws.advance(3600)  # every table is loaded
    assert run_in_aws("validate", *scope).code == 0
    assert run_in_aws("plan", *scope, "--json").json["flavour"] == "none"

    edit(directory, NEW, add=True)
    planned = run_in_aws("plan", *scope, "--json")
    assert planned.code == 0, planned.out
    assert set(planned.json) == {"flavour", "steps", "side_effects", "fingerprint"}
    assert planned.json["flavour"] == "single-step"
    assert planned.json["steps"][0]["pause"] == planned.json["steps"][0]["resume"] == ["food-foodsearch"]
    assert planned.json["steps"][0]["tables"] == {"add": [NEW["source"]], "remove": []}

    aws.forget_calls()
    interrupted = run_in_aws("deploy", *scope, interrupted_after="Stopping food-foodsearch")
    assert interrupted.code == 130, interrupted.out
    assert aws.count("dms:StartReplicationTask") == 0
    continued = run_in_aws("deploy", *scope)
    assert continued.code == 0, continued.out + continued.err
    assert "Continuing the deployment" in continued.out
    assert aws.count("dms:StopReplicationTask") == aws.count("dms:StartReplicationTask") == 1
    assert aws.count("cloudformation:ExecuteChangeSet") == 1
    aws.advance(3600)
    listed = aws.client("s3").list_objects_v2(
        Bucket="example-lake-local", Prefix="data/fooddb_foodsearch_allergens_extra_v202601050800/"
    )
    assert any(item["Key"].endswith("/LOAD00000001.csv.gz") for item in listed["Contents"])

    again = run_in_aws("deploy", *scope)
    assert (again.code, "Nothing to do" in again.out) == (0, True)

    edit(directory, {**NEW, "version": "v202601050900"}, add=False)
    reload = run_in_aws("plan", *scope)
    assert "last full load took" in reload.out
    assert "two-step" in reload.out
    aws.forget_calls()
    reloaded = run_in_aws("deploy", *scope)
    assert reloaded.code == 0, reloaded.out + reloaded.err
    assert aws.count("cloudformation:ExecuteChangeSet") == aws.count("dms:StartReplicationTask") == 2
    aws.advance(3600)
    folder = "data/fooddb_foodsearch_allergens_extra_"
    lake = aws.client("s3").list_objects_v2(Bucket="example-lake-local", Prefix=folder)
    assert {item["Key"].split("/")[1] for item in lake["Contents"]} == {
        "fooddb_foodsearch_allergens_extra_v202601050800",
        "fooddb_foodsearch_allergens_extra_v202601050900",
    }
    assert run_in_aws("plan", *scope, "--json").json["flavour"] == "none"


def test_deploy__base_is_not_there__team_is_refused_in_words(run_in_aws: Run, directory: Path, aws: LocalAws) -> None:
    refused = run_in_aws("deploy", directory, "--env", "local", "--team", "food")
    assert refused.code == 1
    assert "base.deployed" in refused.out
    assert aws.count("cloudformation:CreateChangeSet") == 0


def test_commands__aws_unreachable__end_with_three_and_say_where(
    run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://user:hunter2@127.0.0.1:9")
    scope = (directory, "--env", "local", "--team", "food")
    for command in ("validate", "plan"):
        ran = run(command, *scope)
        assert ran.code == 3, ran.out
        assert "127.0.0.1:9" in ran.out
        assert "hunter2" not in ran.out + ran.err
        assert run(command, *scope, "--json").code == 3
    assert run("deploy", *scope).code == 1
