"""The office: see `tests.portal.office`."""

from __future__ import annotations

import pytest

from tests.portal.office import Office
from tests.replication.conftest import Stage


@pytest.fixture
def office(stage: Stage) -> Office:
    """The small company with its change requests."""
    return Office(stage)
