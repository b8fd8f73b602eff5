"""A real PostgreSQL for tests: one server per run, an own database per test."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from portal.demo.database import server
from portal.demo.place import LOOPBACK, free_port
from tests.servers import serving


@dataclass(frozen=True)
class Server:
    """A running server and its superuser's password."""

    port: int
    password: str

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Return a connection in autocommit mode; close it after use."""
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user=server.SUPERUSER,
            password=self.password,
            dbname=database,
            autocommit=True,
            options="-c timezone=UTC",
        )

    def secret(self) -> dict[str, Any]:
        """Return what stands in a source's secret that leads here."""
        return {"username": server.SUPERUSER, "password": self.password, "host": LOOPBACK, "port": self.port}


@contextmanager
def running() -> Iterator[Server]:
    """Run a server in a folder of its own under the system's temporary one, where an unprivileged user may go."""
    folder = Path(tempfile.mkdtemp(prefix="sluice-postgres-"))
    found = Server(free_port(), secrets.token_hex(16))
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "portal.demo.database.server", str(folder), str(found.port)],
        env={**os.environ, server.PASSWORD_VARIABLE: found.password},
        stdout=subprocess.DEVNULL,
    )
    with serving(process, found.connect, not_yet=psycopg.OperationalError, folder=folder):
        yield found


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL with logical decoding."""
    with running() as found:
        yield found


@pytest.fixture
def food(postgres: Server) -> Iterator[psycopg.Connection[Any]]:
    """A connection to an empty database `food`, which goes with its slots when the test ends."""
    with postgres.connect() as cluster:
        cluster.execute("CREATE DATABASE food")
        connection = postgres.connect("food")
        try:
            yield connection
        finally:
            connection.close()
            slots = "SELECT slot_name FROM pg_replication_slots WHERE database = 'food'"
            for (slot,) in cluster.execute(slots).fetchall():
                cluster.execute("SELECT pg_drop_replication_slot(%s)", [slot])
            cluster.execute(sql.SQL("DROP DATABASE food WITH (FORCE)"))
