"""A change rehearsed by command line, for real: the local AWS is a program of its own, which is gone afterwards."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy_engine.adapters.rehearsal import local_aws_process
from tests.engine.cli.conftest import Run
from tests.replication.company import FILES

TASK = "environments/local/teams/food/tasks/foodsearch.json"
TAGS = "fooddb/foodsearch/tags"
SPEED = 40


def write(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return directory


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """An environment that is AWS itself: it names no endpoint, and must not be spoken to."""
    assert "endpoint_url" not in FILES["environments/local/environment.json"]
    return write(tmp_path / "before", FILES)


@pytest.fixture
def after(tmp_path: Path) -> Path:
    """One table more."""
    task = json.loads(FILES[TASK])
    task["tables"].append({"source": TAGS, "version": "v202601010000"})
    return write(tmp_path / "after", {**FILES, TASK: json.dumps(task)})


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every program that is started for a rehearsal."""
    programs: list[subprocess.Popen[bytes]] = []

    class Remembered(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            programs.append(self)

    monkeypatch.setattr(subprocess, "Popen", Remembered)
    return programs


@pytest.mark.loopback
def test_rehearse__one_table_added__tells_pause_load_and_plan_and_leaves_no_program_behind(
    run: Run,
    before: Path,
    after: Path,
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # whoever follows it gets no answer
    reviewed = before.parent / "plan.json"
    reviewed.write_text(json.dumps({"steps": [], "side_effects": []}))
    scope = ("--env", "local", "--team", "food", "--speed", SPEED)

    ran = run("rehearse", before, after, *scope, "--json", "--plan", reviewed)

    assert ran.code == 0, ran.out + ran.err
    result = ran.json
    assert (result["outcome"], result["problems"]) == ("passed", [])
    assert result["plan_differences"] == ["it has 1 step, not 0"]
    assert [pause["task"] for pause in result["pauses"]] == ["food-foodsearch"]
    assert 4 < result["pauses"][0]["seconds"] < result["seconds"]
    (load,) = result["loads"]
    assert (load["table"], load["state"]) == (TAGS, "Table completed")
    assert load["prefix"] == "data/fooddb_foodsearch_tags_v202601010000/"
    assert load["rows"] > 0
    assert load["files"] > 0
    assert result["tasks"] == [{"task": "food-foodsearch", "status": "running", "as_wanted": True}]
    story = [line["message"] for line in result["lines"]]
    assert story.index("Stopping food-foodsearch") < story.index("Resuming food-foodsearch")
    assert "Carrying the change out…" in ran.err
    assert [program.poll() is not None for program in started] == [True]


def test_rehearse__local_aws_is_not_installed__says_what_to_install(
    run: Run, before: Path, after: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_aws_process, "NEEDS", "sluice_no_such_package")
    ran = run("rehearse", before, after, "--env", "local", "--team", "food")
    assert ran.code == 3
    assert "sluice_no_such_package[server], which requirements-dev.txt has" in ran.out


@pytest.mark.loopback
def test_rehearse__local_aws_ends_at_once__passes_its_last_words_on(
    run: Run, before: Path, after: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_aws_process, "MODULE", "sluice_no_such_module")
    ran = run("rehearse", before, after, "--env", "local", "--team", "food", "--json")
    assert ran.code == 3
    assert ran.json["outcome"] == "could-not-run"
    assert "No module named sluice_no_such_module" in ran.json["problems"][0]


@pytest.mark.parametrize(
    "arguments",
    [("--env", "moon", "--team", "food"), ("--env", "local", "--team", "nobody"), ("--env", "local")],
    ids=["environment", "team", "no-scope"],
)
def test_rehearse__scope_that_the_config_lacks__is_a_usage_error(
    run: Run, before: Path, after: Path, arguments: tuple[str, ...]
) -> None:
    assert run("rehearse", before, after, *arguments).code == 2


def test_rehearse__a_plan_that_is_none__is_a_usage_error(run: Run, before: Path, after: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text("{")
    ran = run("rehearse", before, after, "--env", "local", "--team", "food", "--plan", plan)
    assert ran.code == 2
    assert "is no plan" in ran.err


@pytest.mark.loopback
def test_rehearse__the_update_fails__tells_the_way_back_and_that_all_runs(run: Run, before: Path, after: Path) -> None:
    scope = ("--env", "local", "--team", "food", "--speed", str(SPEED), "--json", "--fault", "update-fails@1")
    ended = run("rehearse", str(before), str(after), *scope)
    result = json.loads(ended.out)
    assert (result["outcome"], result["problems"]) == ("passed", [])
    assert result["fault"] == "in step 1, the stack update fails"
    assert result["ended"].startswith("failed-safe: The stack update failed")
