"""A program that keeps writing to a database, as an application does: bounded, and the same sequence for one seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

Database = psycopg.Connection[Any]
AWKWARD = ("plain", "it's", 'say "so"', "a,b", "two\nlines", "", "émigré 食", None, "tail ", "\\N", "[a]:'b'")
LONG = 9_000
"""Characters that PostgreSQL keeps out of line, so that an update of something else leaves them out of its log."""
PAUSE_SECONDS = 0.02


def create_table(database: Database, schema: str, table: str, rows: int) -> None:
    """Create a table of the kind that the writer writes to, with some rows in it."""
    name = sql.Identifier(schema, table)
    database.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    database.execute(
        sql.SQL(
            "CREATE TABLE {} (id bigint PRIMARY KEY, name text, amount numeric(12, 3), organic boolean, "
            "changed timestamptz, tags text[], notes text STORAGE EXTERNAL)"
        ).format(name)
    )
    database.execute(
        sql.SQL(
            "INSERT INTO {} SELECT n, 'item ' || n, n / 7.0, n % 3 = 0, '2026-01-01'::timestamptz, ARRAY['x'], "
            "CASE WHEN n % 20 = 0 THEN repeat('n', {}) END FROM generate_series(1, {}) n"
        ).format(name, sql.Literal(LONG), sql.Literal(rows))
    )


class Writer:
    """Writes transaction after transaction in a thread of its own, until told to stop or after ``most`` of them."""

    def __init__(self, database: Database, tables: Sequence[tuple[str, str]], *, seed: int, most: int) -> None:
        self._database = database
        self._tables = list(tables)
        self._random = random.Random(seed)  # noqa: S311 - repeatable is what it is for
        self._most = most
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._next_key = 1_000_000
        self.written = 0
        self.failure: Exception | None = None

    def __enter__(self) -> Self:
        """Begin to write."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop after the transaction under way."""
        self.stop()

    def stop(self) -> None:
        """Stop writing, and raise what went wrong."""
        self._stopping.set()
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        try:
            while self.written < self._most and not self._stopping.wait(PAUSE_SECONDS):
                self._transaction()
                self.written += 1
        except psycopg.Error as error:
            self.failure = error

    def _transaction(self) -> None:
        """Do one to six things to one or more tables; one in ten is taken back."""
        with self._database.transaction(force_rollback=self._random.random() < 0.1):
            for _ in range(self._random.randint(1, 6)):
                self._change(sql.Identifier(*self._random.choice(self._tables)))

    def _change(self, table: sql.Identifier) -> None:
        known = sql.SQL("(SELECT id FROM {} ORDER BY md5(id::text || {}) LIMIT 1)").format(
            table, sql.Literal(str(self._random.random()))
        )
        match self._random.choices(("insert", "update", "touch", "many", "key", "delete"), (8, 6, 4, 1, 2, 4))[0]:
            case "insert":
                self._insert(table)
            case "update":
                query = sql.SQL("UPDATE {} SET name = %s, notes = %s, amount = amount + 1 WHERE id = {}")
                self._database.execute(query.format(table, known), [self._word(), self._note()])
            case "touch":
                query = sql.SQL("UPDATE {} SET organic = NOT organic, changed = now() WHERE id = {}")
                self._database.execute(query.format(table, known))
            case "many":
                query = sql.SQL("UPDATE {} SET amount = amount * 1.5 WHERE id %% 11 = %s AND amount < 1e6")
                self._database.execute(query.format(table), [self._random.randrange(11)])
            case "key":
                self._next_key += 1
                query = sql.SQL("UPDATE {} SET id = %s WHERE id = {}")
                self._database.execute(query.format(table, known), [self._next_key])
            case _:
                self._database.execute(sql.SQL("DELETE FROM {} WHERE id = {}").format(table, known))

    def _insert(self, table: sql.Identifier) -> None:
        self._next_key += 1
        query = sql.SQL("INSERT INTO {} VALUES (%s, %s, %s, %s, now(), %s, %s)").format(table)
        organic = self._random.choice((True, False, None))
        tags = [word for word in self._random.sample(AWKWARD, 3) if word is not None]
        values = [self._next_key, self._word(), self._random.random() * 100, organic, tags, self._note()]
        self._database.execute(query, values)

    def _word(self) -> str | None:
        return self._random.choice(AWKWARD)

    def _note(self) -> str | None:
        return self._random.choice((None, "short", "long " * (LONG // 5)))
