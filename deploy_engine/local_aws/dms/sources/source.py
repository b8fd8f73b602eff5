"""What a task asks of its source database, and in which form it gets rows and changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.state import CachedChange, TableRun, Task
    from deploy_engine.local_aws.timings import Timings

Row = tuple[str | None, ...]
"""The values of a row as texts, in the order of the table's columns; None is SQL's NULL."""


class SourceUnreachableError(Exception):
    """The database does not answer, or not now: trying again later may help."""


class SourceLostError(Exception):
    """The database can no longer tell all changes: only a new load would make the target right again."""


class TableUnreadableError(Exception):
    """One table cannot be read, while others can."""


@dataclass(frozen=True)
class SourceTable:
    """A table of a source database; ``rows`` may be an estimate."""

    schema: str
    table: str
    rows: int


@dataclass(frozen=True)
class LoadFile:
    """The rows of load file ``number``, counted from 1."""

    number: int
    rows: list[Row]


@dataclass(frozen=True)
class ChangedRow:
    """One line of a change file: I, U or D, the row, and when it was committed (None: when it is written)."""

    operation: str
    row: Row
    committed: float | None = None


@dataclass
class TableChanges:
    """What happened to one table: the counts for its statistics, and the rows for its file, in order of commit."""

    table: "TableRun"
    inserts: int = 0
    updates: int = 0
    deletes: int = 0
    rows: list[ChangedRow] = field(default_factory=list)


@dataclass(frozen=True)
class Changes:
    """The changes since the last batch, and the position in the source's log that they reach to.

    ``kept`` are those of tables that are not loaded yet, to be written when they are.
    """

    tables: list[TableChanges]
    position: int = 0
    kept: list[tuple["TableRun", "CachedChange"]] = field(default_factory=list)


class Source(Protocol):
    """A source database. Every method may raise `SourceUnreachableError`."""

    @property
    def synthetic(self) -> bool:
        """Whether its rows are invented."""

    def tables(self, asked: Iterable[tuple[str, str]]) -> list[SourceTable]:
        """Return the tables there are; ``asked`` are names (schema, table) that a mapping spells out."""

    def begin(self, task: "Task") -> None:
        """Be ready to tell every change from now on. Raises SourceLostError if some since the last time are gone."""

    def load_files(self, table: "TableRun", due: range, timings: "Timings", *, ended: bool) -> Iterator[LoadFile]:
        """Yield the load files to write now: those in ``due`` have just become full, or the load has ``ended``.

        Raises TableUnreadableError.
        """

    def changes(self, task: "Task") -> Changes:
        """Return what changed since the last batch. Raises SourceLostError."""

    def acknowledge(self, task: "Task", position: int) -> None:
        """Let the source forget its log up to ``position``: what lies before will never be asked for again."""

    def forget(self, task: "Task") -> None:
        """Remove what the source keeps for the task."""
