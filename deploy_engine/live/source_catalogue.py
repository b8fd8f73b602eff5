"""What a source database tells of itself: its tables, and the settings that change data capture rests on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Protocol


class TableKey(StrEnum):
    """By what a change names its row in the source's log (dms-facts.md section 10)."""

    PRIMARY = "primary key"
    IDENTITY = "replica identity"
    NONE = "none"


class TableKind(StrEnum):
    """What a table is to its database, as far as replication cares."""

    ORDINARY = "ordinary"
    PARTITIONED = "partitioned"
    UNLOGGED = "unlogged"


@dataclass(frozen=True)
class SourceTable:
    """One table; ``rows`` and ``bytes`` are the database's own estimates, None where it has none yet."""

    schema: str
    name: str
    key: TableKey
    rows: int | None = None
    bytes: int | None = None
    kind: TableKind = TableKind.ORDINARY

    @property
    def obstacle(self) -> str:
        """Why it cannot be replicated, after "it"; "" where it can."""
        if self.kind is TableKind.PARTITIONED:
            return "is partitioned, and DMS reads partitions only, not the table above them"
        if self.kind is TableKind.UNLOGGED:
            return "is unlogged, so that no log holds its changes"
        if self.key is TableKey.NONE:
            return "has neither a primary key nor a replica identity, so that its updates and deletes would be lost"
        return ""


@dataclass(frozen=True)
class SourceCatalogue:
    """The tables that were asked for and exist, sorted, and the database's settings by their own names.

    ``slots_used`` is how many of a PostgreSQL's replication slots are taken. ``complete`` is false where the database
    has more tables than are ever listed.
    """

    engine: str
    tables: tuple[SourceTable, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    slots_used: int = 0
    complete: bool = True

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], SourceTable]:
        """The tables by schema and name."""
        return {(table.schema, table.name): table for table in self.tables}


@dataclass(frozen=True)
class SourceAsked:
    """Which source: its id for messages, DMS's engine name, the database (PostgreSQL), and its catalogue secret."""

    name: str
    engine: str
    database: str | None
    catalogue_secret: str | None


class SourceReader(Protocol):
    """The port by which a source is looked at, read-only and each time anew."""

    def catalogue(self, source: SourceAsked, tables: Collection[tuple[str, str]] | None = None) -> SourceCatalogue:
        """Those of ``tables`` (schema, name) that exist, or all; and the settings.

        Raises ``SourceUnreachable`` where the source may not be, or could not be, looked at; the errors of the AWS
        port where its secret could not be read. Neither holds anything of the secret but the host.
        """
