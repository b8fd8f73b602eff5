"""The example company of `examples/company`, read once."""

import functools
from pathlib import Path

from deploy_engine.config import Company, Subject, parse_company

ROOT = Path(__file__).resolve().parents[2] / "examples" / "company"


@functools.cache
def example_files() -> dict[str, str]:
    """Every file of the config, by its path within the repository."""
    paths = [ROOT / "sluice.json", *sorted((ROOT / "environments").rglob("*.json"))]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@functools.cache
def example_company() -> Company:
    """The company that the files describe."""
    parsed = parse_company(example_files())
    assert parsed.findings == ()
    assert parsed.company is not None
    return parsed.company


def example_subjects() -> list[Subject]:
    """Every scope: each environment's base and each of its teams."""
    company = example_company()
    return [
        Subject(company, name, team)
        for name, environment in company.environments.items()
        for team in (None, *environment.teams)
    ]
