"""The commands that need no AWS: what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy_engine.cli.output import colour_wanted
from tests.engine.cli.conftest import Run

TASK = Path("environments/local/teams/food/tasks/foodsearch.json")
LEDGER = Path("environments/local/teams/food/versions.json")
BARCODES = "fooddb/foodsearch/barcodes"


def change(directory: Path, name: Path, **values: object) -> None:
    path = directory / name
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_validate__example_company_offline__is_fit(run: Run, directory: Path) -> None:
    ran = run("validate", directory, "--offline")
    assert ran.code == 0, ran.out
    assert "scopes pass" in ran.out


def test_validate__json__has_the_published_keys_and_nothing_else(run: Run, directory: Path) -> None:
    change(directory, TASK, instance="big")
    ran = run("validate", directory, "--offline", "--env", "local", "--team", "food", "--json")
    assert ran.code == 1
    assert set(ran.json) == {"ok", "findings"}
    assert ran.json["ok"] is False
    assert {tuple(finding) for finding in ran.json["findings"]} == {
        ("check", "status", "file", "pointer", "message", "remedy")
    }
    first = ran.json["findings"][0]
    assert (first["check"], first["file"], first["pointer"]) == ("config.references", str(TASK), "/instance")


def test_validate__malformed_json__names_file_and_remedy_in_both_forms(run: Run, directory: Path) -> None:
    (directory / TASK).write_text('{"source": ')
    for arguments in (("--json",), ()):
        ran = run("validate", directory, "--offline", *arguments)
        assert ran.code == 1
        assert "config.schema" in ran.out
        assert str(TASK) in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("sing",),
        ("validate",),
        ("validate", "{directory}/nowhere"),
        ("validate", "{directory}", "--offline", "--env", "moon"),
        ("validate", "{directory}", "--offline", "--team", "nobody"),
        ("render", "{directory}", "--env", "local"),
        ("render", "{directory}", "--env", "local", "--team", "food", "--base"),
        ("mappings", "{directory}", "--env", "local", "--team", "food", "--task", "none"),
    ],
)
def test_main__misuse__ends_with_two(run: Run, directory: Path, arguments: tuple[str, ...]) -> None:
    assert run(*(argument.replace("{directory}", str(directory)) for argument in arguments)).code == 2


def test_main__misspelt_team__says_which_there_are(run: Run, directory: Path) -> None:
    assert "food" in run("render", directory, "--env", "local", "--team", "foood").err


def test_render__team_and_base__print_what_cloudformation_is_given(run: Run, directory: Path) -> None:
    team = run("render", directory, "--env", "local", "--team", "food")
    base = run("render", directory, "--env", "local", "--base")
    assert (team.code, base.code) == (0, 0)
    assert "TaskFoodsearch" in team.json["Resources"]
    assert "LakeRole" in base.json["Resources"]


def test_render__references_that_lead_nowhere__prints_findings_instead(run: Run, directory: Path) -> None:
    change(directory, TASK, instance="big")
    ran = run("render", directory, "--env", "local", "--team", "food")
    assert ran.code == 1
    assert "config.references" in ran.out
    assert "Resources" not in ran.out


def test_mappings__task__has_three_rules_per_table(run: Run, directory: Path) -> None:
    ran = run("mappings", directory, "--env", "local", "--team", "food", "--task", "foodsearch")
    tables = [entry for entry in json.loads((directory / TASK).read_text())["tables"] if not entry.get("paused")]
    assert len(ran.json["rules"]) == 3 * len(tables)


def test_schema__every_kind_of_file__has_its_definition(run: Run) -> None:
    schema = run("schema").json
    assert set(schema["x-files"]) == {
        "sluice.json",
        "environments/<env>/environment.json",
        "environments/<env>/teams/<team>/team.json",
        "environments/<env>/teams/<team>/tasks/<task>.json",
        "environments/<env>/teams/<team>/versions.json",
    }
    for reference in schema["x-files"].values():
        assert reference["$ref"].removeprefix("#/$defs/") in schema["$defs"]
    assert schema["$defs"]["Instance"]["properties"]["class"]
    assert schema["$defs"]["TaskFile"]["additionalProperties"] is False


def test_accept__first_time_and_again__writes_once(run: Run, directory: Path) -> None:
    (directory / LEDGER).unlink()
    stale = directory / "rendered/local/gone.template.json"
    stale.parent.mkdir(parents=True, exist_ok=True)
    stale.write_text("{}")
    first = run("accept", directory)
    assert first.code == 0, first.out
    assert str(LEDGER) in first.out
    assert "rendered/local/base.template.json" in first.out
    assert not stale.exists()
    template = (directory / "rendered/local/food.template.json").read_text()
    assert template == run("render", directory, "--env", "local", "--team", "food").out
    assert "Nothing to write" in run("accept", directory).out
    assert run("validate", directory, "--offline").code == 0


def test_accept__removed_table__is_retired_for_ever(run: Run, directory: Path) -> None:
    task = json.loads((directory / TASK).read_text())
    version = next(entry["version"] for entry in task["tables"] if entry["source"] == BARCODES)
    kept = [entry for entry in task["tables"] if entry["source"] != BARCODES]
    change(directory, TASK, tables=kept)
    assert run("accept", directory).code == 0
    assert json.loads((directory / LEDGER).read_text())[BARCODES][version] == "retired"
    change(directory, TASK, tables=[*kept, {"source": BARCODES, "version": version}])
    before = (directory / LEDGER).read_text()
    refused = run("accept", directory)
    assert refused.code == 1
    assert "versions.increasing" in refused.out
    assert (directory / LEDGER).read_text() == before


class _Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_wanted__terminal__unless_it_is_declined(variables: dict[str, str], *, wanted: bool) -> None:
    assert colour_wanted(_Terminal(), variables) is wanted  # type: ignore[arg-type]
