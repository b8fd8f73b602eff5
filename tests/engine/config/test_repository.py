"""The config repository: reading finds everything that is wrong, writing is reading's inverse."""

import json

import pytest
from hypothesis import given

from deploy_engine.config import Subject, TaskFile, TeamConfig, TeamDocument, parse_company, write_company
from deploy_engine.findings import Finding, Status
from tests.engine.example_company import example_company, example_files
from tests.engine.strategies import tasks

TASK = "environments/local/teams/food/tasks/foodsearch.json"


def findings(changes: dict[str, str | None]) -> tuple[Finding, ...]:
    files: dict[str, str | None] = {**example_files(), **changes}
    parsed = parse_company({path: text for path, text in files.items() if text is not None})
    assert (parsed.company is None) == bool(parsed.findings)
    return parsed.findings


@given(tasks())
def test_write_company__any_task__reads_back_as_the_same_company(task: TaskFile) -> None:
    environment = example_company().environments["local"]
    food = environment.teams["food"]
    document = TeamDocument(team=food.document.team, tasks={"foodsearch": task})
    company = example_company().with_environment(environment.with_team(TeamConfig("food", document, food.ledger)))

    files = write_company(company)

    assert parse_company(files).company == company
    assert write_company(parse_company(files).company or example_company()) == files


@pytest.mark.parametrize(
    ("changes", "file", "words"),
    [
        ({"sluice.json": None}, "sluice.json", "missing"),
        ({"sluice.json": '{"format": 2}'}, "sluice.json", "format 2 is unknown"),
        ({"environments/local/environment.json": None}, "environments/local/environment.json", "no environment.json"),
        ({"environments/local/teams/food/team.json": None}, "environments/local/teams/food/team.json", "no team.json"),
        ({"environments/local/notes.txt": ""}, "environments/local/notes.txt", "no place"),
        ({"environments/local/teams/Food/team.json": "{}"}, "environments/local/teams/Food/team.json", "no team slug"),
        ({"environments/local/teams/base/team.json": "{}"}, "environments/local/teams/base/team.json", "reserved"),
        ({"environments/lo_cal/environment.json": "{}"}, "environments/lo_cal/environment.json", "no slug"),
        ({"environments/local/teams/food/tasks/a--b.json": "{}"}, TASK.replace("foodsearch", "a--b"), "slug"),
        ({TASK: "{"}, TASK, "malformed JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_parse_company__one_wrong_file__is_named(changes: dict[str, str | None], file: str, words: str) -> None:
    found = findings(changes)

    assert [(finding.file, finding.check) for finding in found] == [(file, "config.schema")]
    assert words in found[0].message
    assert found[0].remedy


def test_parse_company__files_beside_the_config__are_not_read() -> None:
    assert findings({"rendered/local/food.template.json": "not JSON", "README.md": "words"}) == ()


def test_parse_company__two_environments_in_one_account_and_region__is_refused() -> None:
    local = json.loads(example_files()["environments/local/environment.json"])
    production = json.loads(example_files()["environments/production/environment.json"])
    production["account"] = local["account"]

    found = findings({"environments/production/environment.json": json.dumps(production)})

    assert [finding.file for finding in found] == ["environments/production/environment.json"]


def test_as_written__tables_in_another_order__points_to_the_line_that_was_written() -> None:
    task = json.loads(example_files()[TASK])
    task["tables"].insert(0, task["tables"].pop())
    parsed = parse_company({**example_files(), TASK: json.dumps(task)})
    assert parsed.company is not None
    food = Subject(parsed.company, "local", "food").team
    index = next(n for n, entry in enumerate(food.document.tasks["foodsearch"].tables) if "servings" in entry.source)

    found = parsed.as_written(Finding("paths.unique", Status.FAILED, "", TASK, f"/tables/{index}/version"))

    assert found.pointer == "/tables/0/version"


def test_as_written__canonical_file__changes_nothing() -> None:
    finding = Finding("paths.unique", Status.FAILED, "", TASK, "/tables/3")

    assert parse_company(example_files()).as_written(finding) is finding
