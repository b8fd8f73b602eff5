"""Companies of any size, made from the one in `examples/company`."""

import json
from pathlib import Path
from typing import Any

from deploy_engine.adapters.config_directory import read_directory
from deploy_engine.config import Ledger, Subject, TeamConfig, TeamDocument, parse_company, write_team

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "company"
ENVIRONMENT = "local"
TASK_FILE = "environments/local/teams/food/tasks/foodsearch.json"
LEDGER_FILE = "environments/local/teams/food/versions.json"
VERSION = "v202601010000"


def files_with_tables(count: int) -> dict[str, str]:
    """Give the example company's files, with `count` tables in its task `foodsearch`."""
    files = dict(read_directory(EXAMPLE))
    sources = [f"fooddb/foodsearch/table_{number:05}" for number in range(count)]
    task = json.loads(files[TASK_FILE])
    task["tables"] = [{"source": source, "version": VERSION} for source in sources]
    files[TASK_FILE] = json.dumps(task)
    files[LEDGER_FILE] = json.dumps({source: {VERSION: "active"} for source in sources})
    return files


def food_with_tables(count: int) -> Subject:
    """Give team `food` of such a company, to be rendered."""
    parsed = parse_company(files_with_tables(count))
    if parsed.company is None:
        raise ValueError([finding.as_json() for finding in parsed.findings])
    return Subject(parsed.company, "local", "food")


def fleet(teams: int, tables: int) -> dict[str, str]:
    """A company's files with `teams` teams in one environment, canonical, each with `tables` tables in two tasks.

    Every third table was reloaded once, so that the ledgers hold retired versions too.
    """
    files = dict(read_directory(EXAMPLE))
    kept = {path: text for path, text in files.items() if "/teams/" not in path and "/production/" not in path}
    template = json.loads(files["environments/local/teams/food/team.json"])
    (source,) = template["sources"].values()
    for number in range(teams):
        kept |= _fleet_team(f"team{number:04}", {**template, "title": f"Team {number}"}, source, tables)
    return kept


def _fleet_team(slug: str, template: dict[str, Any], source: dict[str, Any], tables: int) -> dict[str, str]:
    database = f"{slug}-db"
    team = {
        **template,
        "sources": {database: {**source, "secret": f"sluice/{slug}/db"}},
        "instances": {"main": next(iter(template["instances"].values()))},
    }
    ledger: dict[str, dict[str, str]] = {}
    tasks: dict[str, list[dict[str, str]]] = {"first": [], "second": []}
    for number in range(tables):
        identity = f"{database}/schema_{number % 4}/table_{number:05}"
        version = f"v2025{1 + number % 12:02}{1 + number % 28:02}1200"
        tasks["first" if number % 2 else "second"].append({"source": identity, "version": version})
        ledger[identity] = {"v202401010000": "retired", version: "active"} if number % 3 == 0 else {version: "active"}
    head = {"source": database, "instance": "main", "delivery": "10min", "paused": False}
    parsed = TeamConfig(
        slug,
        TeamDocument.model_validate(
            {"team": team, "tasks": {name: {**head, "tables": entries} for name, entries in tasks.items()}}
        ),
        Ledger.model_validate(ledger),
    )
    return write_team(ENVIRONMENT, parsed)
