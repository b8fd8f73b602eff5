"""Findings of `config.schema`: each names place, what was found, what is allowed, and the remedy."""

import json
from typing import Any

import pytest

from deploy_engine.config import EnvironmentFile, Ledger, TaskFile, TeamFile, parse_text, parse_value
from deploy_engine.findings import Finding
from tests.engine.example_company import example_files

TASK = "environments/local/teams/food/tasks/foodsearch.json"
TEAM = "environments/local/teams/food/team.json"
ENVIRONMENT = "environments/local/environment.json"


def only(parsed: object) -> Finding:
    assert isinstance(parsed, tuple)
    assert len(parsed) == 1
    finding = parsed[0]
    assert isinstance(finding, Finding)
    assert finding.check == "config.schema"
    assert finding.message
    assert finding.remedy
    assert finding.allowed
    return finding


def edited(file: str, *path: str | int, value: Any) -> Any:
    document = json.loads(example_files()[file])
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("delivery",), "5min"),
        (("delivery",), 1),
        (("paused",), "no"),
        (("source",), None),
        (("tables",), {}),
        (("tables", 3), "fooddb/foodsearch/barcodes"),
        (("tables", 3, "source"), "fooddb/foodsearch"),
        (("tables", 3, "source"), "fooddb/foodsearch/%"),
        (("tables", 3, "version"), "v202613010000"),
        (("tables", 3, "paused"), 0),
        (("tables", 3, "versions"), "v202601010000"),
        (("settings",), {"max_full_load_sub_tasks": 50}),
        (("settings",), {"TargetTablePrepMode": "DROP_AND_CREATE"}),
        (("wildcard",), True),
    ],
    ids=str,
)
def test_task_file__one_wrong_place__is_one_finding_with_its_pointer(
    path: tuple[str | int, ...], value: object
) -> None:
    finding = only(parse_value(TaskFile, edited(TASK, *path, value=value), TASK))

    assert finding.file == TASK
    assert finding.pointer.startswith("/" + "/".join(str(step) for step in path))
    assert finding.found


@pytest.mark.parametrize("key", ["source", "instance", "delivery", "paused", "tables"])
def test_task_file__a_key_is_missing__says_which(key: str) -> None:
    document = json.loads(example_files()[TASK])
    del document[key]

    finding = only(parse_value(TaskFile, document, TASK))

    assert finding.pointer == f"/{key}"
    assert finding.message == f"'{key}' is missing"


def test_task_file__an_unknown_key__lists_the_known_ones() -> None:
    finding = only(parse_value(TaskFile, edited(TASK, "tables", 0, "verzion", value=""), TASK))

    assert finding.allowed == "source, version, paused"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("sources", "fooddb", "database"), None),
        (("sources", "fooddb", "engine"), "oracle"),
        (("sources", "fooddb", "engine"), "mysql"),
        (("sources", "fooddb", "password"), "hunter2"),
        (("sources", "food_db"), {}),
        (("instances", "main", "class"), "db.t3.medium"),
        (("instances", "main", "engine_version"), "latest"),
        (("contacts",), []),
        (("contacts",), ["nobody"]),
        (("alert_channel",), "http://alerts.example.com"),
        (("alert_channel",), "https://alerts.example.com/?token=1"),
        (("title",), "{{resolve:ssm:x}}"),
    ],
    ids=str,
)
def test_team_file__one_wrong_place__is_found_there(path: tuple[str, ...], value: object) -> None:
    parsed = parse_value(TeamFile, edited(TEAM, *path, value=value), TEAM)

    assert isinstance(parsed, tuple)
    assert all(finding.pointer.startswith(f"/{path[0]}") and finding.remedy for finding in parsed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("account",), "12345678901"),
        (("account",), 123456789012),
        (("region",), "Europe"),
        (("templates_bucket",), "example-lake-local"),
        (("network", "vpc"), "vpc-1\n"),
        (("network", "subnets"), ["subnet-0a1b2c3d"]),
        (("roles", "planner"), "arn:aws:iam::123456789012:user/x"),
        (("allowed_host_suffixes",), ["*.example.com"]),
        (("endpoint_url",), "file://etc/passwd"),
        (("endpoint_url",), "http://127.0.0.1:4566/x?y"),
    ],
    ids=str,
)
def test_environment_file__one_wrong_place__is_one_finding(path: tuple[str, ...], value: object) -> None:
    only(parse_value(EnvironmentFile, edited(ENVIRONMENT, *path, value=value), ENVIRONMENT))


@pytest.mark.parametrize(
    "value",
    [{"a/b": {}}, {"a/b/c": {"v1": "active"}}, {"a/b/c": {"v202001010000": "deleted"}}, {"a/b/c": []}, []],
    ids=str,
)
def test_ledger__no_ledger__is_one_finding(value: object) -> None:
    only(parse_value(Ledger, value, "versions.json"))


def test_parse_text__malformed_json__is_one_finding_with_line_and_column() -> None:
    finding = only(parse_text(TaskFile, "{", TASK))

    assert "line 1, column 2" in finding.message


def test_parse_value__many_wrong_places__gives_every_finding() -> None:
    parsed = parse_value(TaskFile, {"source": 1, "instance": 2, "delivery": 3, "paused": 4, "tables": 5})

    assert isinstance(parsed, tuple)
    assert {finding.pointer for finding in parsed} == {"/source", "/instance", "/delivery", "/paused", "/tables"}
