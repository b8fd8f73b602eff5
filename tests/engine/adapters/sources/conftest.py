"""The real servers that catalogues are read from."""

import pytest

from tests.engine.adapters.sources.mariadb import mariadb
from tests.local_aws.postgres import Server, food, postgres

__all__ = ["food", "mariadb", "postgres"]


@pytest.fixture
def server(postgres: Server) -> Server:
    """The PostgreSQL, under a name that the module of that name leaves free."""
    return postgres
