"""What people change, by the command line alone, over a company that runs: carried out, or refused in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy_engine.local_aws.testing import LocalAws
from tests.engine.cli.conftest import Ran, Run, by_clock_of
from tests.engine.cli.small_company import (
    BARCODES,
    BRANDS,
    FOOD,
    LAKE,
    NEW,
    OLD,
    RECIPES,
    SECRET,
    Deployed,
    deployed,
    edit,
    entry,
)

pytestmark = [pytest.mark.loopback, pytest.mark.xdist_group("command-line-changes")]
BASE = "sluice-local-base"
LABELS = "fooddb/foodsearch/labels"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The company deployed from nothing by ``deploy --all``, once for all tests here."""

    def from_nothing(aws: LocalAws, config: Path) -> None:
        with pytest.MonkeyPatch.context() as surroundings:
            surroundings.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
            ran = by_clock_of(aws)("deploy", config, "--env", "local", "--all")
        assert ran.code == 0, ran.out + ran.err
        assert [line for line in ran.out.splitlines() if line.startswith("local/")] == [
            "local/base",
            "local/food",
            "local/identity",
        ]

    return deployed(tmp_path_factory.mktemp("small-company"), from_nothing)


@dataclass(frozen=True)
class Stage:
    """A company that runs, its config, and a person at the command line."""

    aws: LocalAws
    directory: Path
    run: Run

    def command(self, name: str, *arguments: str) -> Ran:
        return self.run(name, self.directory, *FOOD, *arguments)

    def plan(self) -> dict[str, Any]:
        plan: dict[str, Any] = self.command("plan", "--json").json
        return plan

    def deploys(self, *arguments: str) -> Ran:
        ran = self.command("deploy", *arguments)
        assert ran.code == 0, ran.out + ran.err
        self.aws.advance(600)
        return ran

    def refused(self, check: str, *arguments: str) -> Ran:
        """A deployment is refused by ``check`` before anything is touched."""
        self.aws.forget_calls()
        ran = self.command("deploy", *arguments)
        assert ran.code == 1, ran.out + ran.err
        assert f"[{check}]" in ran.out
        assert self.aws.count("cloudformation:CreateChangeSet") == self.aws.count("dms:StopReplicationTask") == 0
        return ran

    def task(self, name: str) -> dict[str, Any]:
        filters = [{"Name": "replication-task-id", "Values": [name]}]
        found: dict[str, Any] = self.aws.client("dms").describe_replication_tasks(Filters=filters)["ReplicationTasks"][
            0
        ]
        return found

    def tables(self, name: str) -> dict[str, str]:
        arn = self.task(name)["ReplicationTaskArn"]
        counted = self.aws.client("dms").describe_table_statistics(ReplicationTaskArn=arn)["TableStatistics"]
        return {table["TableName"]: table["TableState"] for table in counted}

    def folders(self) -> set[str]:
        listed = self.aws.client("s3").list_objects_v2(Bucket=LAKE, Prefix="data/")["Contents"]
        return {item["Key"].split("/")[1] for item in listed}


@pytest.fixture
def stage(kept: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with kept.running() as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
        yield Stage(aws, kept.config(tmp_path / "config"), by_clock_of(aws))


def test_deploy__a_task_pauses_and_is_resumed__nothing_loads_again(stage: Stage) -> None:
    edit(stage.directory, "search", paused=True)
    stage.deploys()
    assert stage.task("food-search")["Status"] == "stopped"
    assert stage.plan()["flavour"] == "none"

    edit(stage.directory, "search", paused=False)
    folders = stage.folders()
    again = stage.deploys()
    assert "runs again from where it stopped 10 min ago (its source keeps its log for 96 h)" in again.out
    assert stage.task("food-search")["Status"] == "running"
    assert stage.folders() == folders


def test_deploy__a_table_pauses_and_comes_back__leaves_its_task_and_loads_into_a_new_folder(stage: Stage) -> None:
    edit(stage.directory, "search", tables=[entry(BARCODES, paused=True), entry(BRANDS)])
    stage.deploys()
    assert stage.tables("food-search") == {"brands": "Table completed"}

    edit(stage.directory, "search", tables=[entry(BARCODES, NEW), entry(BRANDS)])
    assert stage.plan()["flavour"] == "single-step"
    stage.deploys()
    assert f"fooddb_foodsearch_barcodes_{NEW}" in stage.folders()


def test_deploy__the_delivery_class_changes_with_new_versions__the_task_leaves_and_comes_back(stage: Stage) -> None:
    edit(stage.directory, "nutrition", delivery="1min")
    stage.refused("replacement.none")

    edit(stage.directory, "nutrition", tables=[entry(RECIPES, NEW)])
    assert stage.plan()["flavour"] == "two-step"
    stage.deploys()
    assert stage.tables("food-nutrition") == {"recipes": "Table completed"}
    assert stage.plan()["flavour"] == "none"


def test_deploy__a_larger_instance__pauses_what_runs_on_it_and_loads_nothing(stage: Stage) -> None:
    file = stage.directory / "environments/local/teams/food/team.json"
    team = json.loads(file.read_text())
    team["instances"]["main"] |= {"class": "dms.r5.large", "storage_gb": 100}
    file.write_text(json.dumps(team))
    folders = stage.folders()
    ran = stage.deploys()
    assert "while its instance food-main changes (storage, class)" in ran.out
    assert stage.task("food-search")["Status"] == stage.task("food-nutrition")["Status"] == "running"
    assert stage.folders() == folders


def test_deploy__the_last_task_of_a_team_goes__its_endpoint_and_instance_stay_and_nothing_is_left_to_do(
    stage: Stage,
) -> None:
    for task in ("search", "nutrition"):
        (stage.directory / f"environments/local/teams/food/tasks/{task}.json").unlink()
    ran = stage.deploys()
    assert "Nothing of food is replicated afterwards: its sources and instances stay." in ran.out
    assert stage.plan()["flavour"] == "none"


def test_deploy__data_lies_where_a_table_would_load__is_refused(stage: Stage) -> None:
    stage.aws.client("s3").put_object(Bucket=LAKE, Key=f"data/fooddb_foodsearch_labels_{NEW}/old.csv", Body=b"1")
    edit(stage.directory, "search", tables=[entry(BARCODES), entry(BRANDS), entry(LABELS, NEW)])
    assert "give the table a new version" in stage.refused("s3.no-overwrite").out


def test_deploy__a_table_loads_in_a_task_that_would_pause__is_refused_until_the_load_is_given_up(stage: Stage) -> None:
    stage.aws.source_table(SECRET, "foodsearch", "labels", 10**14)
    edit(stage.directory, "search", tables=[entry(BARCODES), entry(BRANDS), entry(LABELS, NEW)])
    stage.deploys()
    stage.aws.advance(3600)
    assert stage.tables("food-search")["labels"] == "Full load"

    edit(stage.directory, "search", tables=[entry(BARCODES), entry(BRANDS)])
    stage.refused("load.not-interrupted")
    ran = stage.deploys("--give-up", LABELS)
    assert f"the load of {LABELS} is given up after" in ran.out
    assert set(stage.tables("food-search")) == {"barcodes", "brands"}
    assert f"fooddb_foodsearch_labels_{NEW}" in stage.folders(), "what was loaded stays"


def test_deploy__somebody_used_the_console__is_refused_and_says_what_was_changed(stage: Stage) -> None:
    dms, task = stage.aws.client("dms"), stage.task("food-search")
    dms.stop_replication_task(ReplicationTaskArn=task["ReplicationTaskArn"])
    stage.aws.advance(10)
    settings = json.dumps({"FullLoadSettings": {"CommitRate": 7}})
    dms.modify_replication_task(ReplicationTaskArn=task["ReplicationTaskArn"], ReplicationTaskSettings=settings)
    stage.aws.advance(10)
    edit(stage.directory, "search", tables=[entry(BARCODES), entry(BRANDS), entry(LABELS, NEW)])
    assert "food-search runs with FullLoadSettings.CommitRate 7" in stage.refused("drift.none").out


def _older_base(aws: LocalAws) -> None:
    """The base stack as an older Sluice left it, with another batch interval; made while nothing runs."""
    dms, cloudformation = aws.client("dms"), aws.client("cloudformation")
    tasks = dms.describe_replication_tasks()["ReplicationTasks"]
    for task in tasks:
        dms.stop_replication_task(ReplicationTaskArn=task["ReplicationTaskArn"])
    aws.advance(10)
    template = cloudformation.get_template(StackName=BASE)["TemplateBody"]
    template["Resources"]["LakeEndpoint10min"]["Properties"]["S3Settings"]["CdcMaxBatchInterval"] = 900
    template["Outputs"]["Old"] = {"Value": "x", "Export": {"Name": "sluice-local-old"}}
    body = json.dumps(template)
    cloudformation.update_stack(StackName=BASE, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    aws.advance(30)
    assert cloudformation.describe_stacks(StackName=BASE)["Stacks"][0]["StackStatus"] == "UPDATE_COMPLETE"
    for task in tasks:
        if task["ReplicationTaskIdentifier"] != "food-nutrition":
            arn = task["ReplicationTaskArn"]
            dms.start_replication_task(ReplicationTaskArn=arn, StartReplicationTaskType="resume-processing")
    aws.advance(10)


def test_deploy__the_base_stack_changes__all_teams_pause_and_exactly_what_ran_runs_again(stage: Stage) -> None:
    _older_base(stage.aws)
    base = (stage.directory, "--env", "local", "--base")
    plan = stage.run("plan", *base, "--json").json
    (step,) = plan["steps"]
    assert step["pause"] == step["resume"] == ["food-search", "identity-accounts"]
    assert step["resources"]["modify"] == ["LakeEndpoint10min"]
    words = "All 2 teams are affected: food (1 task), identity (1 task)."
    assert plan["side_effects"][0]["message"].startswith(words)

    broken_off = stage.run("deploy", *base, interrupted_after="Stopping identity-accounts")
    assert broken_off.code == 130
    edit(stage.directory, "search", tables=[entry(BARCODES), entry(BRANDS), entry(LABELS, NEW)])
    held = stage.command("deploy")
    assert (held.code, "holds sluice-local-food: end it first, by deploying with --base" in held.out) == (1, True)

    ran = stage.run("deploy", *base)
    assert ran.code == 0, ran.out + ran.err
    assert stage.task("food-search")["Status"] == stage.task("identity-accounts")["Status"] == "running"
    assert stage.task("food-nutrition")["Status"] == "stopped"
    assert stage.run("plan", *base, "--json").json["flavour"] == "none"


def test_deploy__another_lake_bucket__is_refused(stage: Stage) -> None:
    file = stage.directory / "environments/local/environment.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "lake_bucket": "another-lake"}))
    ran = stage.run("deploy", stage.directory, "--env", "local", "--base")
    assert (ran.code, "the bucket of a live lake never changes" in ran.out) == (1, True)


def test_deploy__a_task_is_renamed__says_that_its_tables_load_again(stage: Stage) -> None:
    tasks = stage.directory / "environments/local/teams/food/tasks"
    (tasks / "nutrition.json").rename(tasks / "recipes.json")
    edit(stage.directory, "recipes", tables=[entry(RECIPES, NEW)])
    ran = stage.deploys()
    assert "those of food-nutrition: a task cannot be renamed or moved" in ran.out
    assert {f"fooddb_nutrition_recipes_{version}" for version in (OLD, NEW)} <= stage.folders()
