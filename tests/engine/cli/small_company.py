"""A company small enough to be deployed in a test: two teams, three tasks, four tables, all running and loaded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy_engine.local_aws import snapshot
from deploy_engine.local_aws.clock import ManualClock
from deploy_engine.local_aws.testing import LocalAws
from deploy_engine.local_aws.timings import Timings

EXAMPLE = Path(__file__).parents[3] / "examples" / "company"
FOOD = ("--env", "local", "--team", "food")
BARCODES, BRANDS, RECIPES = "fooddb/foodsearch/barcodes", "fooddb/foodsearch/brands", "fooddb/nutrition/recipes"
OLD, NEW = "v202011191200", "v202601050800"
LAKE, SECRET = "example-lake-local", "sluice/food/fooddb"
TIMINGS = Timings(rows_per_second=1e9, change_files=1, rows_per_file=10**12)
_MOMENT = "moment"


def entry(source: str, version: str = OLD, **keys: Any) -> dict[str, Any]:
    return {"source": source, "version": version, **keys}


def write(directory: Path) -> None:
    """The config, made from the example company's environment and team files."""
    environment = directory / "environments/local"
    shutil.copytree(EXAMPLE / "environments/local", environment, ignore=shutil.ignore_patterns("orders", "fulfilment"))
    shutil.copy(EXAMPLE / "sluice.json", directory)
    for file in (*environment.glob("teams/*/tasks/*.json"), *environment.glob("teams/*/versions.json")):
        file.unlink()
    body = {"instance": "main", "delivery": "10min", "paused": False}
    tasks = {
        "food/tasks/search": {"source": "fooddb", "tables": [entry(BARCODES), entry(BRANDS)]},
        "food/tasks/nutrition": {"source": "fooddb", "tables": [entry(RECIPES)]},
        "identity/tasks/accounts": {"source": "accounts", "tables": [entry("accounts/public/users")]},
    }
    for name, task in tasks.items():
        (environment / "teams" / f"{name}.json").write_text(json.dumps({**body, **task}))


def edit(directory: Path, task: str, **changes: Any) -> None:
    """Change keys of a task of the team food."""
    file = directory / f"environments/local/teams/food/tasks/{task}.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


@dataclass(frozen=True)
class Deployed:
    """Where the deployed company's state and config were kept, to be taken up by each test afresh."""

    folder: Path

    def config(self, directory: Path) -> Path:
        return Path(shutil.copytree(self.folder / "config", directory))

    @contextmanager
    def running(self) -> Iterator[LocalAws]:
        with LocalAws.start(clock=ManualClock(float((self.folder / _MOMENT).read_text())), timings=TIMINGS) as aws:
            assert snapshot.restore(aws.world, self.folder / "state") == "the saved state was restored"
            yield aws


def deployed(folder: Path, deploy: Callable[[LocalAws, Path], None]) -> Deployed:
    """The company written, deployed by ``deploy`` and loaded, its state kept in ``folder``."""
    config = folder / "config"
    config.mkdir()
    write(config)
    with LocalAws.start(timings=TIMINGS) as aws:
        aws.prepare_company(config, "local")
        deploy(aws, config)
        aws.advance(3600)
        snapshot.save(aws.world, folder / "state")
        (folder / _MOMENT).write_text(str(aws.clock.now()))
    return Deployed(folder)
