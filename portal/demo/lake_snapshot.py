"""Rebuilds a table from its files in the lake, strictly: nothing may be missing and nothing may come twice.

Load files come first, in the order of their names; change files after them, in the order of theirs. A row that is
inserted must not be there, and one that is updated or deleted must be: a change that was lost, or written again, does
not pass unnoticed even where the last state would come out right.
"""

import csv
import gzip
import io
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

Row = tuple[str | None, ...]
Snapshot = dict[Row, Row]
NULL = "NULL"
TRUTH = {"t": "true", "f": "false", None: None}


class BrokenLakeError(AssertionError):
    """The files of a table do not follow from one another."""


def lake_snapshot(s3: Any, bucket: str, prefix: str, columns: Sequence[str], keys: Sequence[str]) -> Snapshot:
    """Return the rows by primary key, as texts, that the files under ``prefix`` amount to."""
    at = [list(columns).index(key) for key in keys]
    rows: Snapshot = {}
    for name in _in_order(s3, bucket, prefix):
        for line in _lines(s3.get_object(Bucket=bucket, Key=name)["Body"].read(), name):
            operation, row = line[0], _row(line[2:], len(columns))
            key = tuple(row[position] for position in at)
            if (operation == "I") == (key in rows):
                raise BrokenLakeError(f"{name}: {operation} of {key}, which is {'' if key in rows else 'not '}there")
            if operation == "D":
                del rows[key]
            else:
                rows[key] = row
    return rows


def source_snapshot(database: psycopg.Connection[Any], schema: str, table: str, keys: Sequence[str]) -> Snapshot:
    """Return the rows by primary key, in the words of the files, that a table has now; its columns in their order."""
    kinds = database.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
        [schema, table],
    ).fetchall()
    at = [[name for name, _ in kinds].index(key) for key in keys]
    truths = [position for position, (_, kind) in enumerate(kinds) if kind == "boolean"]
    rows: Snapshot = {}
    with database.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, table))) as copy:
        for values in copy.rows():
            row = tuple(TRUTH[value] if position in truths else value for position, value in enumerate(values))
            rows[tuple(row[position] for position in at)] = row
    return rows


def change_files(s3: Any, bucket: str, prefix: str) -> list[str]:
    """Return the names of the change files under a prefix, in order."""
    return [name for name in _in_order(s3, bucket, prefix) if "/LOAD" not in name]


def _in_order(s3: Any, bucket: str, prefix: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    names = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return sorted(names, key=lambda name: (not name.removeprefix(prefix).startswith("LOAD"), name))


def _lines(body: bytes, name: str) -> list[list[str]]:
    text = gzip.decompress(body) if name.endswith(".gz") else body
    return list(csv.reader(io.StringIO(text.decode(), newline="")))


def _row(values: list[str], width: int) -> Row:
    """Return the row with NULLs, filled up where a column was added after the line was written."""
    row = [None if value == NULL else value for value in values]
    return tuple(row + [None] * (width - len(row)))
