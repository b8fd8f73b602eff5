"""A local AWS that holds what the example company has before Sluice comes, and the company that is deployed into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy_engine.adapters.config_directory import read_directory
from deploy_engine.config import Company, EnvironmentFile, parse_company
from deploy_engine.local_aws.testing import LocalAws
from deploy_engine.local_aws.timings import instant

COMPANY = Path(__file__).parents[3] / "examples" / "company"


@pytest.fixture(scope="session")
def company() -> Company:
    parsed = parse_company(read_directory(COMPANY)).company
    assert parsed is not None
    return parsed


@pytest.fixture
def environment(company: Company) -> EnvironmentFile:
    return company.environments["local"].file


@pytest.fixture
def company_in_local_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """Every transition is over at the next look; only what a test moves takes time."""
    with LocalAws.start(timings=instant()) as aws:
        aws.prepare_company(COMPANY, "local")
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
        yield aws
