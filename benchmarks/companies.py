"""Companies of any size, made from the one in `examples/company`."""

import json
from pathlib import Path

from deploy_engine.adapters.config_directory import read_directory
from deploy_engine.config import Subject, parse_company

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "company"
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
