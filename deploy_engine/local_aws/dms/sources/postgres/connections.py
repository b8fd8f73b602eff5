"""Connections to source databases: one per address, kept open, opened again when it broke."""

from contextlib import suppress

import psycopg

from deploy_engine.local_aws.dms.sources.postgres.address import Address
from deploy_engine.local_aws.dms.sources.source import SourceUnreachableError

CONNECT_SECONDS = 3
PATIENCE_MILLISECONDS = 20_000
"""How long a statement, or the wait for a lock, may take: the whole local AWS waits with it. A load may take longer."""
OPTIONS = (
    "-c timezone=UTC -c datestyle=ISO -c idle_session_timeout=0 "
    f"-c statement_timeout={PATIENCE_MILLISECONDS} -c lock_timeout={PATIENCE_MILLISECONDS}"
)

Connection = psycopg.Connection[tuple[object, ...]]


class Connections:
    """The open connections. Used under the world's lock only."""

    def __init__(self) -> None:
        self._open: dict[Address, Connection] = {}

    def at(self, address: Address) -> Connection:
        """Return an open connection in autocommit mode; raises SourceUnreachableError."""
        connection = self._open.get(address)
        if connection is not None and not connection.closed:
            return connection
        try:
            connection = psycopg.connect(
                host=address.host,
                port=address.port,
                dbname=address.database,
                user=address.user,
                password=address.password,
                connect_timeout=CONNECT_SECONDS,
                application_name="sluice local aws",
                options=OPTIONS,
                autocommit=True,
            )
        except psycopg.Error as error:
            raise SourceUnreachableError(f"Cannot connect to the source database: {first_line(error)}") from error
        self._open[address] = connection
        return connection

    def close(self) -> None:
        """Close them all."""
        for connection in self._open.values():
            with suppress(psycopg.Error):
                connection.close()
        self._open.clear()


def first_line(error: Exception) -> str:
    """Return the first line of what an error says."""
    return (str(error).splitlines() or [repr(error)])[0]
