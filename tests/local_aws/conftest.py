"""Local AWS on a clock that the test moves: with the company's surroundings, with the base stack, with a team stack.

Each is built once per run and then restored from its snapshot, which takes a fraction of the building.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy_engine.local_aws import snapshot
from deploy_engine.local_aws.clock import ManualClock
from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import deploy
from tests.local_aws.postgres import food, postgres
from tests.local_aws.templates import base_template, surroundings, team_template

__all__ = ["food", "postgres"]


def _with_base(aws: LocalAws) -> None:
    surroundings(aws)
    assert deploy(aws, "sluice-local-base", base_template()) == "CREATE_COMPLETE"


def _with_team(aws: LocalAws) -> None:
    _with_base(aws)
    assert deploy(aws, "sluice-local-food", team_template()) == "CREATE_COMPLETE"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the snapshots of what was built lie."""
    return tmp_path_factory.mktemp("local-aws")


@contextmanager
def _running(built: Path, build: Callable[[LocalAws], None]) -> Iterator[LocalAws]:
    directory = built / build.__name__
    moment = directory / "moment"
    if not moment.exists():
        with LocalAws.start() as first:
            build(first)
            snapshot.save(first.world, directory)
            moment.write_text(str(first.clock.now()))
    with LocalAws.start(clock=ManualClock(float(moment.read_text()))) as aws:
        assert snapshot.restore(aws.world, directory) == "the saved state was restored"
        yield aws


@pytest.fixture
def aws(built: Path) -> Iterator[LocalAws]:
    """An empty local AWS with the company's surroundings."""
    with _running(built, surroundings) as running:
        yield running


@pytest.fixture
def base(built: Path) -> Iterator[LocalAws]:
    """The same with the base stack."""
    with _running(built, _with_base) as running:
        yield running


@pytest.fixture
def team(built: Path) -> Iterator[LocalAws]:
    """The same with the team stack of `food`: one task that never ran."""
    with _running(built, _with_team) as running:
        yield running
