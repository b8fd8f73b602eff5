"""A local AWS on a clock that the test moves, and one that already has the base stack and a team stack."""

from collections.abc import Iterator

import pytest

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import deploy
from tests.local_aws.templates import base_template, surroundings, team_template


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    """An empty local AWS with the company's surroundings."""
    with LocalAws.start() as running:
        surroundings(running)
        yield running


@pytest.fixture
def base(aws: LocalAws) -> LocalAws:
    """The same with the base stack."""
    assert deploy(aws, "sluice-local-base", base_template()) == "CREATE_COMPLETE"
    return aws


@pytest.fixture
def team(base: LocalAws) -> LocalAws:
    """The same with the team stack of `food`: one task that never ran."""
    assert deploy(base, "sluice-local-food", team_template()) == "CREATE_COMPLETE"
    return base
