"""Issue 2, "Bad input": each line, given in a task file, is refused with exactly its check, and says all it must."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy_engine.checks import Case, render_if_sound, run_checks
from deploy_engine.config import Subject, parse_company
from deploy_engine.findings import Finding, Status
from deploy_engine.live import Observation
from tests.engine.example_company import example_company, example_files

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
FOODSEARCH = "environments/local/teams/food/tasks/foodsearch.json"
NUTRITION = "environments/local/teams/food/tasks/nutrition.json"
NEW = "v202605011200"
Files = dict[str, str]


def judged(files: Files) -> list[Finding]:
    """Every finding about the team `food`, as the offline command line gives them."""
    parsed = parse_company(files)
    if parsed.company is None:
        return list(parsed.findings)
    subject = Subject(parsed.company, "local", "food")
    case = Case(subject, render_if_sound(subject, now=NOW), None, Observation.offline(NOW), NOW)
    return [finding for result in run_checks(case, timer=lambda: 0.0, offline=True) for finding in result.findings]


def with_task(change: Callable[[dict[str, Any]], None], file: str = FOODSEARCH) -> Files:
    task = json.loads(example_files()[file])
    change(task)
    return {**example_files(), file: json.dumps(task)}


def with_entry(source: str, version: str = NEW, *, file: str = FOODSEARCH, **more: object) -> Files:
    return with_task(lambda task: task["tables"].append({"source": source, "version": version, **more}), file)


def with_text(change: Callable[[str], str]) -> Files:
    return {**example_files(), FOODSEARCH: change(example_files()[FOODSEARCH])}


def with_key(key: str, value: object) -> Files:
    return with_task(lambda task: task.__setitem__(key, value))


def with_retired_barcodes() -> Files:
    return with_task(lambda task: task["tables"][0].__setitem__("version", "v202008040000"))


def both(first: tuple[str, str], second: tuple[str, str], file: str) -> Files:
    """One table in `foodsearch`, another one in `file`."""
    files = with_entry(*first)
    task = json.loads(files[file])
    task["tables"].append({"source": second[0], "version": second[1]})
    return {**files, file: json.dumps(task)}


def source_of_another_team() -> Files:
    return with_task(lambda task: task.update(source="shop", tables=[{"source": "shop/shop/x", "version": NEW}]))


def source_that_nobody_has() -> Files:
    return with_task(lambda task: task.update(source="nodb", tables=[{"source": "nodb/x/x", "version": NEW}]))


def same_folder_in_one_lake() -> Files:
    """Two teams of two environments; in one environment a source, and with it the folder's beginning, is one team's."""
    local = json.loads(example_files()["environments/local/environment.json"])
    production = json.loads(example_files()["environments/production/environment.json"])
    production["lake_bucket"] = local["lake_bucket"]
    theirs = "environments/production/teams/food/tasks/foodsearch.json"
    task = json.loads(example_files()[theirs])
    task["tables"].append({"source": "fooddb/a/b_c", "version": NEW})
    return {
        **with_entry("fooddb/a_b/c"),
        theirs: json.dumps(task),
        "environments/production/environment.json": json.dumps(production),
    }


NAMES = {
    "quote": "bar'codes",
    "double-quote": 'bar"codes',
    "expression": "<<<",
    "reference": "{{resolve:secretsmanager:x}}",
    "substitution": "${AWS::AccountId}",
    "percent": "bar%",
    "bracket": "bar[codes",
    "nul": "bar\x00",
    "newline": "bar\n",
    "right-to-left": "bar\u202ecodes",
    "dots": "..",
    "long": "a" * 300,
    "star": "*",
    "empty": "",
}
BAD_INPUT: list[tuple[str, str, Files]] = [
    ("malformed", "config.schema", with_text(lambda text: text[:-5])),
    ("text-after", "config.schema", with_text(lambda text: text + "x")),
    ("key-twice", "config.schema", with_text(lambda text: text.replace("{", '{"paused": true,', 1))),
    ("unknown-key", "config.schema", with_key("wildcard", True)),
    ("wrong-type", "config.schema", with_key("paused", "false")),
    ("delivery", "config.schema", with_key("delivery", "5min")),
    ("two-parts", "config.schema", with_entry("fooddb/barcodes")),
    ("four-parts", "config.schema", with_entry("fooddb/a/b/c")),
    ("no-time", "config.schema", with_entry("fooddb/foodsearch/x", "v202613011200")),
    *((name, "config.schema", with_entry(f"fooddb/foodsearch/{text}")) for name, text in NAMES.items()),
    ("no-source", "config.references", source_that_nobody_has()),
    ("no-instance", "config.references", with_key("instance", "big")),
    ("other-source", "config.references", with_entry("otherdb/foodsearch/x")),
    ("other-team", "config.references", source_of_another_team()),
    ("table-twice", "tables.unique", with_entry("fooddb/foodsearch/barcodes")),
    ("table-and-version-twice", "tables.unique", with_entry("fooddb/foodsearch/barcodes", "v202011191200")),
    ("folder-in-task", "paths.unique", both(("fooddb/a_b/c", NEW), ("fooddb/a/b_c", NEW), FOODSEARCH)),
    ("folder-in-tasks", "paths.unique", both(("fooddb/a_b/c", NEW), ("fooddb/a/b_c", NEW), NUTRITION)),
    ("folder-in-lake", "paths.unique", same_folder_in_one_lake()),
    ("version-below", "versions.increasing", with_text(lambda text: text.replace("v202011191200", "v202011191159"))),
    ("version-retired", "versions.increasing", with_retired_barcodes()),
    ("version-ahead", "versions.increasing", with_entry("fooddb/foodsearch/x", "v202605011211")),
]


@pytest.mark.parametrize(("check", "files"), [pytest.param(check, files, id=name) for name, check, files in BAD_INPUT])
def test_bad_input__in_a_task_file__is_refused_with_exactly_its_check(check: str, files: Files) -> None:
    findings = judged(files)

    assert {finding.check for finding in findings} == {check}
    for finding in findings:
        assert finding.status is Status.FAILED
        assert finding.file in files
        assert finding.message
        assert finding.found
        assert finding.allowed
        assert finding.remedy


def test_good_input__the_example_company__has_no_finding() -> None:
    assert judged(example_files()) == []
    assert example_company().environments.keys() == {"local", "production"}
