"""Full loads and changes: what a task loads, when, and into which files (`dms-facts.md` sections 2 to 4)."""

import gzip
import json
from typing import Any

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import keys, start, stop, tables, task
from tests.local_aws.templates import LAKE, SECRET, mappings, settings

FOLDER = "data/fooddb_foodsearch_barcodes_v202601010000/"


def _modify(aws: LocalAws, **members: str) -> None:
    aws.client("dms").modify_replication_task(ReplicationTaskArn=task(aws)["ReplicationTaskArn"], **members)
    aws.advance(5)


def _states(aws: LocalAws) -> dict[str, str]:
    return {name: item["TableState"] for name, item in tables(aws).items()}


def _object(aws: LocalAws, key: str) -> Any:
    return aws.client("s3").get_object(Bucket=LAKE, Key=key)


def test_load__two_tables__progress_from_before_load_to_completed(team: LocalAws) -> None:
    team.source_table(SECRET, "foodsearch", "barcodes", 1_000_000)
    team.source_table(SECRET, "foodsearch", "brands", 10)
    _modify(team, ReplicationTaskSettings=settings(1))
    assert tables(team) == {}
    start(team, seconds=9)
    assert _states(team) == {"barcodes": "Full load", "brands": "Before load"}
    assert tables(team)["barcodes"]["FullLoadRows"] == 100_000
    statistics = task(team)["ReplicationTaskStats"]
    assert (statistics["TablesLoading"], statistics["TablesQueued"], statistics["TablesLoaded"]) == (1, 1, 0)
    assert statistics["FullLoadProgressPercent"] == 9
    team.advance(10)
    assert _states(team) == {"barcodes": "Table completed", "brands": "Full load"}
    team.advance(10)
    assert _states(team) == {"barcodes": "Table completed", "brands": "Table completed"}
    assert task(team)["ReplicationTaskStats"]["FullLoadProgressPercent"] == 100


def test_load__long_table__files_are_counted_in_hexadecimal(team: LocalAws) -> None:
    team.source_table(SECRET, "foodsearch", "barcodes", 10_500_000)
    start(team, seconds=300)
    names = [key.removeprefix(FOLDER) for key in keys(team, FOLDER + "LOAD")]
    assert names == [f"LOAD{number:08X}.csv.gz" for number in range(1, 12)]
    assert "LOAD0000000B.csv.gz" in names


def test_load__file__is_gzip_csv_with_operation_and_says_that_it_is_synthetic(team: LocalAws) -> None:
    team.source_table(SECRET, "foodsearch", "barcodes", 3)
    start(team, seconds=30)
    found = _object(team, FOLDER + "LOAD00000001.csv.gz")
    lines = gzip.decompress(found["Body"].read()).decode().splitlines()
    assert [line.split(",")[0] for line in lines] == ["I", "I", "I"]
    assert found["Metadata"] == {"sluice-local-aws": "synthetic sample"}


def test_load__empty_table__completes_without_an_object(team: LocalAws) -> None:
    team.source_table(SECRET, "foodsearch", "barcodes", 0)
    start(team, seconds=30)
    assert _states(team)["barcodes"] == "Table completed"
    assert keys(team, FOLDER + "LOAD") == []


def test_changes__while_running__files_with_time_stamps_appear_by_the_batch_interval(team: LocalAws) -> None:
    start(team, seconds=60)
    team.advance(3600)
    changes = [key for key in keys(team, "data/") if "LOAD" not in key]
    assert changes
    assert all(key.rpartition("/")[2].startswith("20260105-0") for key in changes)
    assert sum(item["Inserts"] for item in tables(team).values()) > 0


def test_changes__while_stopped__none_appear(team: LocalAws) -> None:
    start(team, seconds=100)
    stop(team)
    before = keys(team)
    team.advance(3600)
    assert keys(team) == before


def test_resume__table_added__only_the_new_one_is_loaded(team: LocalAws) -> None:
    start(team, seconds=100)
    stop(team)
    before = tables(team)["barcodes"]["FullLoadEndTime"]
    _modify(team, TableMappings=mappings("barcodes", "brands", "zutaten"))
    start(team, "resume-processing", seconds=7)
    assert _states(team) == {"barcodes": "Table completed", "brands": "Table completed", "zutaten": "Full load"}
    assert tables(team)["barcodes"]["FullLoadEndTime"] == before


def test_resume__table_removed__is_forgotten_and_its_objects_stay(team: LocalAws) -> None:
    start(team, seconds=100)
    stop(team)
    _modify(team, TableMappings=mappings("brands"))
    assert "barcodes" in tables(team)
    start(team, "resume-processing")
    assert list(tables(team)) == ["brands"]
    assert keys(team, FOLDER)


def test_resume__only_the_rename_changed__has_no_effect(team: LocalAws) -> None:
    start(team, seconds=100)
    stop(team)
    _modify(team, TableMappings=mappings("barcodes", "brands", version="v202602020000"))
    start(team, "resume-processing", seconds=3600)
    assert not [key for key in keys(team) if "v202602020000" in key]


def test_resume__removed_and_after_a_run_added_under_a_new_name__loads_into_the_new_folder(team: LocalAws) -> None:
    start(team, seconds=100)
    stop(team)
    _modify(team, TableMappings=mappings("brands"))
    start(team, "resume-processing")
    stop(team)
    both = json.loads(mappings("brands"))
    added = json.loads(mappings("barcodes", version="v202602020000"))
    for rule in added["rules"]:
        rule["rule-id"] = str(int(rule["rule-id"]) + 100)
    _modify(team, TableMappings=json.dumps({"rules": both["rules"] + added["rules"]}))
    start(team, "resume-processing", seconds=100)
    assert keys(team, "data/fooddb_foodsearch_barcodes_v202602020000/LOAD00000001.csv.gz")


def test_resume__load_was_interrupted__begins_again_into_the_same_folder(team: LocalAws) -> None:
    team.source_table(SECRET, "foodsearch", "barcodes", 3_000_000)
    start(team, seconds=25)
    assert len(keys(team, FOLDER + "LOAD")) == 1
    first = _object(team, FOLDER + "LOAD00000001.csv.gz")["LastModified"]
    stop(team)
    assert _states(team)["barcodes"] == "Full load"
    start(team, "resume-processing", seconds=5)
    assert tables(team)["barcodes"]["FullLoadRows"] == 0
    team.advance(60)
    assert len(keys(team, FOLDER + "LOAD")) == 3
    assert _object(team, FOLDER + "LOAD00000001.csv.gz")["LastModified"] >= first


def test_load__table_not_in_the_source__does_not_exist_while_the_task_runs_on(team: LocalAws) -> None:
    team.missing_tables(SECRET, ("foodsearch", "barcodes"))
    assert start(team, seconds=100) == "running"
    assert _states(team) == {"barcodes": "Table does not exist", "brands": "Table completed"}
    assert task(team)["ReplicationTaskStats"]["TablesErrored"] == 1


def test_load__no_table_in_the_source__task_fails(team: LocalAws) -> None:
    team.missing_tables(SECRET, ("foodsearch", "barcodes"), ("foodsearch", "brands"))
    assert start(team) == "failed"
    assert "No tables were found" in task(team)["LastFailureMessage"]


def test_load__role_may_not_write__table_error_while_the_task_runs_on(team: LocalAws) -> None:
    iam = team.client("iam")
    role = next(item["RoleName"] for item in iam.list_roles()["Roles"] if "LakeRole" in item["RoleName"])
    iam.delete_role_policy(RoleName=role, PolicyName="lake")
    assert start(team) == "running"
    assert set(_states(team).values()) == {"Table error"}


def test_load__table_error_asked_for__strikes_that_table_only(team: LocalAws) -> None:
    team.fault("table-error", name="food-foodsearch/foodsearch.brands")
    start(team, seconds=100)
    assert _states(team) == {"barcodes": "Table completed", "brands": "Table error"}


def test_statistics__filtered_and_paged__as_asked(team: LocalAws) -> None:
    _modify(team, TableMappings=mappings(*[f"table{number:02d}" for number in range(45)]))
    start(team)
    dms, arn = team.client("dms"), task(team)["ReplicationTaskArn"]
    pages = list(
        dms.get_paginator("describe_table_statistics").paginate(
            ReplicationTaskArn=arn, PaginationConfig={"PageSize": 20}
        )
    )
    assert [len(page["TableStatistics"]) for page in pages] == [20, 20, 5]
    named = dms.describe_table_statistics(
        ReplicationTaskArn=arn, Filters=[{"Name": "table-name", "Values": ["table07"]}]
    )
    assert [item["TableName"] for item in named["TableStatistics"]] == ["table07"]
    loading = sum(item["TableState"] == "Full load" for page in pages for item in page["TableStatistics"])
    assert loading == 8


def test_metrics__running_task__datapoints_by_the_last_part_of_its_arn(team: LocalAws) -> None:
    start(team, seconds=600)
    metrics = team.client("cloudwatch").list_metrics(Namespace="AWS/DMS", MetricName="CDCLatencyTarget")["Metrics"]
    assert [item["Value"] for item in metrics[0]["Dimensions"]] == [
        "food-main",
        task(team)["ReplicationTaskArn"].rpartition(":")[2],
    ]
