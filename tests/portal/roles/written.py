"""What a request writes into the database, as the tables that its statements name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

_WRITES = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.IGNORECASE)

AUDIT = frozenset({"replication_auditevent", "replication_auditchain"})
"""Where a refused attempt is written down."""


@contextmanager
def tables_written(values: list[str] | None = None) -> Iterator[set[str]]:
    """The names of the tables that were written to, and what (into `values`); all is taken back at the end."""
    names: set[str] = set()

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.match(sql)
        if found:
            names.add(found[1])
            if values is not None:
                values.append(repr(params))
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(watch):
            yield names
        transaction.set_rollback(True)
