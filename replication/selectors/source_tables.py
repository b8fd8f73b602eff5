"""The tables of a source to pick from: as last listed, with what is replicated already and what cannot be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import PydanticCustomError

from deploy_engine.config.names import check_table_name
from deploy_engine.planning.estimates import load_seconds, loads_seconds
from deploy_engine.rendering import DEFAULT_FULL_LOAD_SUB_TASKS
from replication.database_clock import database_now
from replication.models import Source, SourceListing, TableEntry, Task

LOST_AFTER = timedelta(seconds=60)
"""A worker that was asked longer ago has been lost, or there is none."""

PAGE_TABLES = 50

Pair = tuple[str, str]


@dataclass(frozen=True)
class Look:
    """What of the list is looked at: tables whose name holds all of `words`, in `schema` ("": all), from `page` on."""

    words: str = ""
    schema: str = ""
    page: int = 1


@dataclass(frozen=True)
class ListedTable:
    """One table. `obstacle`: why it cannot be replicated; `entries`: where it is replicated already."""

    schema: str
    name: str
    rows: int | None
    bytes: int | None
    key_kind: str
    obstacle: str
    entries: tuple[TableEntry, ...] = ()

    @property
    def key(self) -> Pair:
        return self.schema, self.name

    @property
    def may_be_picked(self) -> bool:
        return not (self.obstacle or self.entries)

    @property
    def seconds(self) -> int | None:
        """How long its load is taken to last; None where the source does not count it."""
        return None if self.rows is None else load_seconds(self.rows, self.bytes)


@dataclass(frozen=True)
class Picked:
    """What the chosen tables come to; `uncounted` of them have no row count, and so no share in `seconds`."""

    tables: tuple[ListedTable, ...]
    rows: int
    seconds: int
    uncounted: int


@dataclass(frozen=True)
class SourceTables:
    """One page of a source's tables; `found` of `total` fit what is looked at.

    `reason` tells why there is no list, or no newer one. `read_at` is when it was read; None: never. `being_read`: a
    worker has been asked and has not answered. `problems` are settings that stand in the way of replicating any table.
    """

    source: Source
    reason: str = ""
    read_at: datetime | None = None
    being_read: bool = False
    complete: bool = True
    problems: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    tables: tuple[ListedTable, ...] = ()
    found: int = 0
    total: int = 0
    look: Look = Look()
    pages: int = 1
    picked: Picked = Picked((), 0, 0, 0)


def cannot_be_read(source: Source) -> str:
    """Why no list of the source can be read at all, by its config; "" where one can be tried."""
    if not source.catalogue_secret:
        return f"no catalogue secret is named for {source.slug}"
    if not source.environment.allowed_host_suffixes:
        return f"{source.environment.name} allows no host of a source to be looked into"
    return ""


def loads_at_once(task: Task) -> int:
    """How many tables the task loads at once, within what its source bears."""
    own = (task.settings or {}).get("max_full_load_sub_tasks") or DEFAULT_FULL_LOAD_SUB_TASKS
    return min(int(own), task.source.loads_at_once)


def source_tables(*, source: Source, look: Look, picked: Collection[Pair], at_once: int) -> SourceTables:
    """The page of the list that is looked at, and what the `picked` ones of it come to, `at_once` loading together."""
    reason = cannot_be_read(source)
    if reason:
        return SourceTables(source, reason=reason)
    listing = SourceListing.objects.filter(source=source, catalogue_secret=source.catalogue_secret).first()
    if listing is None:
        return SourceTables(source, being_read=False)
    being_read = listing.asked_at is not None and database_now() - listing.asked_at < LOST_AFTER
    found = [row for row in listing.tables if _fits(row[0], row[1], look)]
    pages = max(1, -(-len(found) // PAGE_TABLES))
    page = min(max(look.page, 1), pages)
    shown = found[(page - 1) * PAGE_TABLES : page * PAGE_TABLES]
    chosen = [row for row in listing.tables if (row[0], row[1]) in picked] if picked else []
    replicated = _replicated(source, {row[1] for row in (*shown, *chosen)})
    tables = [_table(row, replicated) for row in chosen]
    return SourceTables(
        source=source,
        reason=listing.reason,
        read_at=listing.read_at,
        being_read=being_read,
        complete=listing.complete,
        problems=tuple(listing.problems),
        schemas=tuple(dict.fromkeys(row[0] for row in listing.tables)),
        tables=tuple(_table(row, replicated) for row in shown),
        found=len(found),
        total=len(listing.tables),
        look=Look(look.words, look.schema, page),
        pages=pages,
        picked=_picked([table for table in tables if table.may_be_picked], at_once),
    )


def _replicated(source: Source, names: Collection[str]) -> dict[Pair, tuple[TableEntry, ...]]:
    """Where tables of these names are replicated already."""
    entries: dict[Pair, tuple[TableEntry, ...]] = {}
    here = TableEntry.objects.filter(environment=source.environment, source_slug=source.slug)
    rows = here.filter(table_name__in=names).select_related("task__source__environment")
    for entry in rows:
        key = (entry.schema_name, entry.table_name)
        entries[key] = (*entries.get(key, ()), entry)
    return entries


def _table(row: Sequence[Any], replicated: dict[Pair, tuple[TableEntry, ...]]) -> ListedTable:
    schema, name, rows, size, key_kind, obstacle = row
    return ListedTable(
        schema=schema,
        name=name,
        rows=rows,
        bytes=size,
        key_kind=key_kind,
        obstacle=obstacle or _unspeakable(schema, name),
        entries=replicated.get((schema, name), ()),
    )


def _unspeakable(*names: str) -> str:
    """A config can only name what nobody could read as a pattern."""
    try:
        for name in names:
            check_table_name(name)
    except PydanticCustomError:
        return "has a name that a config cannot hold: letters, digits, underscores and hyphens only, at most 63"
    return ""


def _fits(schema: str, table: str, look: Look) -> bool:
    if look.schema and schema != look.schema:
        return False
    name = f"{schema}.{table}".lower()
    return all(word in name for word in look.words.lower().split())


def _picked(tables: Sequence[ListedTable], at_once: int) -> Picked:
    seconds = [table.seconds for table in tables if table.seconds is not None]
    return Picked(
        tables=tuple(tables),
        rows=sum(table.rows or 0 for table in tables),
        seconds=loads_seconds(seconds, at_once),
        uncounted=len(tables) - len(seconds),
    )
