"""A logical replication slot, through SQL functions: one per task, kept while the task is stopped.

Positions are byte positions in the write-ahead log. What is peeked at stays in the slot until it is acknowledged.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deploy_engine.local_aws.dms.sources.postgres import decoding
from deploy_engine.local_aws.dms.sources.postgres.connections import Connection
from deploy_engine.local_aws.dms.sources.source import SourceLostError

PEEK = """
    SELECT (lsn - '0/0')::bigint, xid::text::bigint, data
    FROM pg_logical_slot_peek_changes(
        %s, '0/0'::pg_lsn + %s::numeric, NULL, 'include-timestamp', '1', 'skip-empty-xacts', '1'
    )
"""
ADVANCE = """
    SELECT pg_replication_slot_advance(slot_name, '0/0'::pg_lsn + %s::numeric)
    FROM pg_replication_slots
    WHERE slot_name = %s AND database = current_database() AND confirmed_flush_lsn < '0/0'::pg_lsn + %s::numeric
"""
DROP = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s"


@dataclass
class Transaction:
    """A committed transaction: ``end`` is the position after it, ``committed`` in seconds since 1970."""

    number: int
    changes: list[decoding.Change] = field(default_factory=list)
    end: int = 0
    committed: float = 0.0


def create(connection: Connection, name: str) -> int:
    """Create the slot, in place of one of that name, and return the position that it tells changes from."""
    drop(connection, name)
    connection.execute("SELECT pg_create_logical_replication_slot(%s, 'test_decoding')", [name])
    return confirmed(connection, name)


def drop(connection: Connection, name: str) -> None:
    """Remove the slot if it is there."""
    connection.execute(DROP, [name])


def confirmed(connection: Connection, name: str) -> int:
    """Return the position that was last acknowledged; raises SourceLostError when there is no such slot."""
    query = (
        "SELECT (confirmed_flush_lsn - '0/0')::bigint FROM pg_replication_slots "
        "WHERE slot_name = %s AND database = current_database()"
    )
    found: Any = connection.execute(query, [name]).fetchone()
    if found is None or found[0] is None:
        raise SourceLostError(f"The replication slot {name} does not exist.")
    return int(found[0])


def peek(connection: Connection, name: str, after: int) -> tuple[list[Transaction], int]:
    """Return the transactions that ended behind ``after``, in order of commit, and the position reached.

    Raises SourceLostError when the slot is gone, or was acknowledged beyond ``after``.
    """
    if confirmed(connection, name) > after:
        raise SourceLostError(f"The replication slot {name} has moved past what was written.")
    flushed: Any = connection.execute("SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint").fetchone()
    reached = max(after, int(flushed[0]))
    transactions: list[Transaction] = []
    under_way = Transaction(0)
    for position, number, text in connection.execute(PEEK, [name, reached]):
        line = str(text)
        if decoding.is_change(line):
            under_way.changes.append(_parsed(line))
        elif line.startswith("BEGIN"):
            under_way = Transaction(int(str(number)))
        elif line.startswith("COMMIT"):
            under_way.end, under_way.committed = int(str(position)), _commit_time(line)
            transactions.append(under_way)
    found = [transaction for transaction in transactions if transaction.end > after]
    return found, max([reached, *(transaction.end for transaction in found)])


def advance(connection: Connection, name: str, position: int) -> None:
    """Acknowledge everything up to ``position``; what was acknowledged already stays so."""
    connection.execute(ADVANCE, [position, name, position])


def _parsed(line: str) -> decoding.Change:
    try:
        return decoding.parse(line)
    except decoding.UnreadableChangeError as error:
        raise SourceLostError(f"The replication slot told what cannot be read: {error}") from error


def _commit_time(line: str) -> float:
    """Read ``COMMIT 755 (at 2026-11-23 19:24:12.029599+00)``; connections run in UTC."""
    return datetime.fromisoformat(line.partition("(at ")[2].rstrip(")")).timestamp()
