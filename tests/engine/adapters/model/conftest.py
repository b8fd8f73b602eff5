"""The local AWS that the model is held against, begun once for all tests of the folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.adapters.carried_out.world import Worlds, worlds
from tests.engine.adapters.model.both import Both


@pytest.fixture(scope="package")
def local() -> Iterator[Worlds]:
    with worlds() as found:
        yield found


@pytest.fixture
def both(local: Worlds) -> Both:
    """A team whose two tasks run and are loaded."""
    return Both(local)


@pytest.fixture
def bare(local: Worlds) -> Both:
    """A team that has nothing deployed yet."""
    return Both(local, bare=True)
