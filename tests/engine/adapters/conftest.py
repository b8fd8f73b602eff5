"""A local AWS that holds what the example company has before Sluice comes, and the company that is deployed into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy_engine.adapters import aws_clients, aws_session
from deploy_engine.adapters.aws_clients import ClientPool
from deploy_engine.adapters.aws_credentials import AssumedRoles
from deploy_engine.adapters.config_directory import read_directory
from deploy_engine.config import Company, EnvironmentFile, parse_company
from deploy_engine.local_aws.testing import LocalAws
from deploy_engine.local_aws.timings import instant
from tests.engine.adapters.deployed import COMPANY


@pytest.fixture(scope="session")
def company() -> Company:
    parsed = parse_company(read_directory(COMPANY)).company
    assert parsed is not None
    return parsed


@pytest.fixture(scope="session")
def environment(company: Company) -> EnvironmentFile:
    return company.environments["local"].file


@pytest.fixture(scope="module")
def local_aws() -> Iterator[LocalAws]:
    """One server for a module's tests. Every transition is over at the next look; only what a test moves takes time."""
    with LocalAws.start(timings=instant()) as aws:
        yield aws


@pytest.fixture
def company_in_local_aws(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> LocalAws:
    """What the example company has in its local environment before Sluice comes, and nothing else."""
    local_aws.reset()
    local_aws.clear_faults()
    local_aws.forget_calls()
    local_aws.prepare_company(COMPANY, "local")
    # The roles are new ones now: what this process holds of the last test's would be nobody's.
    monkeypatch.setattr(aws_clients, "ASSUMED", AssumedRoles())
    monkeypatch.setattr(aws_session, "POOL", ClientPool())
    monkeypatch.setenv("AWS_ENDPOINT_URL", local_aws.endpoint_url)
    return local_aws
