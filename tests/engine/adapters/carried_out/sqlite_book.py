"""The command line's journal as a book that a change is carried out by."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy_engine.adapters.sqlite_journal import SqliteJournal
from deploy_engine.execution import Journal
from deploy_engine.execution.invariants import WrittenIntent
from deploy_engine.planning import Plan
from tests.engine.adapters.carried_out.carrying import LIMITS
from tests.engine.adapters.carried_out.watching import Written, moment
from tests.engine.adapters.carried_out.world import Worlds, quick_folder


class SqliteBook:
    """A journal in a file of its own, opened by one process after the other."""

    def __init__(self, path: Path, of: Worlds) -> None:
        path.unlink(missing_ok=True)
        self._path = path
        self._worlds = of
        self._journal: SqliteJournal | None = None

    def journal(self) -> Journal:
        self.close()
        self._journal = SqliteJournal(self._path, limits=LIMITS, clock=self._worlds.now)
        return self._journal

    def create(self, plan: Plan) -> str:
        with SqliteJournal(self._path, limits=LIMITS, clock=self._worlds.now) as journal:
            return journal.create(plan)

    def intents(self, run: str) -> Sequence[WrittenIntent]:
        connection = sqlite3.connect(self._path)
        try:
            rows = connection.execute("select operation, target, at, closed_at from intents where run = ?", (run,))
            return [WrittenIntent(row[0], row[1], moment(row[2]), closed=bool(row[3])) for row in rows]
        finally:
            connection.close()

    def written(self, run: str) -> Written:
        connection = sqlite3.connect(self._path)
        try:
            intents = "select number, at, operation, target, token, step, fence from intents where run = ? order by 1"
            lines = "select number, at, state, step, message, detail, level from lines where run = ? order by 1"
            queries = {"intents": intents, "lines": lines}
            return {table: connection.execute(query, (run,)).fetchall() for table, query in queries.items()}
        finally:
            connection.close()

    def doubts(self) -> Sequence[str]:
        return ()

    def kept(self) -> bytes:
        return self._path.read_bytes()

    def put_back(self, kept: bytes) -> None:
        self.close()
        self._path.write_bytes(kept)

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None


@contextmanager
def new_books(local: Worlds) -> Iterator[Callable[[], SqliteBook]]:
    """Begins a new book, in the place of the one before."""
    books: list[SqliteBook] = []

    def begun() -> SqliteBook:
        for used in books:
            used.close()
        books[:] = [SqliteBook(folder / "journal.sqlite3", local)]
        return books[0]

    with quick_folder() as folder:
        yield begun
        for used in books:
            used.close()
