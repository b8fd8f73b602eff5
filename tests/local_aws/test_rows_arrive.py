"""The data proves it: whatever the engine does to tasks and stacks, every row arrives, once.

An application keeps writing to a real PostgreSQL while the engine's command line deploys: it adds a table, reloads one
in two steps and one without a gap, removes one, pauses a task and a table and brings both back, and changes an
instance. Then the writer stops, and each table rebuilt from the files of its version must be its source, row for row
(`lake_snapshot.py` is strict about every single change).

Whoever wants to break something while it happens adds an act to `ACTS`.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy_engine.cli.main import main
from deploy_engine.cli.output import Output
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.local_aws.testing import LocalAws
from deploy_engine.local_aws.timings import Timings
from portal.demo.lake_snapshot import Snapshot, lake_snapshot, source_snapshot
from tests.local_aws.food_writer import Writer, create_table
from tests.local_aws.postgres import Server

COMPANY = Path(__file__).parents[2] / "examples" / "company"
SECRET, LAKE = "sluice/food/fooddb", "example-lake-local"
VERSION, LATER = "v202512010000", "v202601050800"
TASKS = {"foodsearch": ("foodsearch", ("barcodes", "brands", "foods")), "nutrition": ("nutrition", ("recipes",))}
EVERY_TABLE = [("foodsearch", name) for name in ("barcodes", "brands", "foods", "servings")] + [
    ("nutrition", "recipes")
]
COLUMNS = ("id", "name", "amount", "organic", "changed", "tags", "notes")
BATCH_SECONDS = 600
MOST_TRANSACTIONS = 5_000
MOST_BATCHES = 20


@dataclass(frozen=True)
class Stage:
    """The config, the local AWS that it is deployed to, and the database that its tables come from."""

    directory: Path
    aws: LocalAws
    food: psycopg.Connection[Any]

    def deploy(self, *scope: str) -> None:
        """Run the engine's command as a person does; whenever it waits, the local AWS's clock moves instead."""
        out, err = io.StringIO(), io.StringIO()
        around = Surroundings(
            Output(out, err, {}), lambda: datetime.fromtimestamp(self.aws.clock.now(), UTC), self.aws.advance
        )
        code = main(["deploy", str(self.directory), "--env", "local", *(scope or ("--team", "food"))], around)
        assert code == 0, out.getvalue() + err.getvalue()

    def edit(self, path: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change one JSON file of the team's config."""
        file = self.directory / "environments/local/teams/food" / path
        body = json.loads(file.read_text())
        change(body)
        file.write_text(json.dumps(body))

    def write(self, path: str, body: dict[str, Any]) -> None:
        """Write one JSON file of the team's config anew."""
        (self.directory / "environments/local/teams/food" / path).write_text(json.dumps(body))

    def replace(self, task: str, table: str, *entries: dict[str, Any]) -> None:
        """Put these entries in the place of a table's."""

        def change(body: dict[str, Any]) -> None:
            others = [entry for entry in body["tables"] if not entry["source"].endswith(f"/{table}")]
            body["tables"] = [*others, *entries]

        self.edit(f"tasks/{task}.json", change)

    def folder(self, schema: str, table: str, version: str) -> str:
        """Return the prefix of a table's files."""
        return f"data/fooddb_{schema}_{table}_{version}/"

    def in_lake(self, schema: str, table: str, version: str = VERSION) -> Snapshot:
        """Return a table as its files have it."""
        return lake_snapshot(self.aws.client("s3"), LAKE, self.folder(schema, table, version), COLUMNS, ("id",))

    def drain(self) -> None:
        """Let batches pass until every slot has been acknowledged up to the end of the log."""
        end = self.food.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        behind = (
            "SELECT count(*) FROM pg_replication_slots WHERE database = current_database() AND confirmed_flush_lsn < %s"
        )
        for _ in range(MOST_BATCHES):
            if self.food.execute(behind, end).fetchone() == (0,):
                return
            self.aws.advance(BATCH_SECONDS)
        pytest.fail("the slots were never drained")


def _entry(schema: str, table: str, version: str = VERSION) -> dict[str, str]:
    return {"source": f"fooddb/{schema}/{table}", "version": version}


def add_a_table(stage: Stage) -> None:
    """Add `servings` to a task that runs."""
    stage.edit("tasks/foodsearch.json", lambda task: task["tables"].append(_entry("foodsearch", "servings")))
    stage.deploy()


def pause_a_task_and_a_table_and_bring_them_back(stage: Stage) -> None:
    """For an hour `nutrition` stops and `servings` leaves its task; one goes on, the other loads as a new version."""
    stage.edit("tasks/nutrition.json", lambda task: task.update(paused=True))
    stage.replace("foodsearch", "servings", {**_entry("foodsearch", "servings"), "paused": True})
    stage.deploy()
    stage.aws.advance(3600)
    stage.edit("tasks/nutrition.json", lambda task: task.update(paused=False))
    stage.replace("foodsearch", "servings", _entry("foodsearch", "servings", LATER))
    stage.deploy()


def reload_a_table(stage: Stage) -> None:
    """Give `brands` a new version: removed in a first step, loaded into a new folder in a second."""
    stage.replace("foodsearch", "brands", _entry("foodsearch", "brands", LATER))
    stage.deploy()


def load_a_table_beside(stage: Stage) -> None:
    """Load `foods` a second time, in a task that is made for it, while the first goes on."""
    again = [_entry("foodsearch", "foods", LATER)]
    stage.edit("tasks/foodsearch.json", lambda task: stage.write("tasks/second.json", {**task, "tables": again}))
    stage.deploy()


def change_the_instance(stage: Stage) -> None:
    """Give the instance more storage: an update of the stack that stops no task."""
    stage.edit("team.json", lambda team: team["instances"]["main"].update(storage_gb=80))
    stage.deploy()


def end_the_older_and_remove_a_table(stage: Stage) -> None:
    """Take `foods`, loaded elsewhere by now, and `barcodes` out of their task; the second task streams on."""
    stage.aws.forget_calls()
    for table in ("foods", "barcodes"):
        stage.replace("foodsearch", table)
    stage.deploy()
    assert stage.aws.count("dms:StopReplicationTask") == 1


ACTS = (
    add_a_table,
    pause_a_task_and_a_table_and_bring_them_back,
    reload_a_table,
    load_a_table_beside,
    change_the_instance,
    end_the_older_and_remove_a_table,
)


@pytest.fixture
def stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Server, food: psycopg.Connection[Any]
) -> Iterator[Stage]:
    """Team food alone, two tasks, and its real database; nothing is deployed yet."""
    directory = Path(shutil.copytree(COMPANY, tmp_path / "config"))
    for team in (directory / "environments/local/teams").iterdir():
        if team.name != "food":
            shutil.rmtree(team)
    (directory / "environments/local/teams/food/versions.json").write_text("{}")
    for schema, table in EVERY_TABLE:
        create_table(food, schema, table, rows=300)
    with LocalAws.start(timings=Timings(rows_per_file=100, table_begin=30)) as aws:
        aws.prepare_company(directory, "local")
        aws.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=json.dumps(postgres.secret()))
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
        made = Stage(directory, aws, food)
        for name, (schema, tables) in TASKS.items():
            entries = [_entry(schema, table) for table in tables]
            made.edit(f"tasks/{name}.json", partial(dict.update, tables=entries, delivery="10min"))
        yield made


def test_every_row__written_while_the_engine_changes_everything__arrives_once(stage: Stage, postgres: Server) -> None:
    with postgres.connect("food") as database, Writer(database, EVERY_TABLE, seed=3, most=MOST_TRANSACTIONS) as writer:
        stage.deploy("--all")
        for act in ACTS:
            stage.aws.advance(BATCH_SECONDS)  # a load is never interrupted: the engine refuses to
            before = writer.written
            act(stage)
            assert before < writer.written < MOST_TRANSACTIONS, "the writer must write all the while"
        writer.stop()
    stage.drain()

    versions = dict.fromkeys(("brands", "foods", "servings"), LATER)
    for schema, table in EVERY_TABLE:
        if table != "barcodes":
            arrived = stage.in_lake(schema, table, versions.get(table, VERSION))
            assert arrived == source_snapshot(stage.food, schema, table, ("id",)), (
                f"{schema}.{table} is not what its source is"
            )
            assert len(arrived) > 100
    for table in (*versions, "barcodes"):
        assert stage.in_lake("foodsearch", table), "what ended is left as it was, and follows from itself"
