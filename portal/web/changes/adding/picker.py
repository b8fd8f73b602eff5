"""The list of a source's tables beside what is typed: which part of it is shown, and what is ticked.

Everything that is looked for travels with the form, so that nothing that was ticked or typed is lost on the way, with a
script or without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.http import QueryDict

from portal.presenters.words import counted
from portal.shell.requests import SignedInRequest
from portal.templatetags.sluice import duration, thousands
from portal.web.changes.adding.typed import TypedTables
from replication.models import ChangeRequest, Task
from replication.selectors.add_tables import AddTablesOptions
from replication.selectors.open_changes import by_table
from replication.selectors.source_tables import (
    PAGE_TABLES,
    ListedTable,
    Look,
    SourceTables,
    loads_at_once,
    source_tables,
)
from replication.services.source_listings import source_listing_want

LOOKING = frozenset({"look", "page", "refresh"})
"""Buttons that show another part of the list, or read it anew, and propose nothing."""
OF_ANOTHER_SOURCE = "The tables that you had ticked are of another source; tick those of this task's source."


@dataclass(frozen=True)
class PickerRow:
    """One table; `value` is what its box says, and so what is posted."""

    table: ListedTable
    value: str
    ticked: bool
    others: tuple[ChangeRequest, ...] = ()
    """Open change requests that change the same table."""


@dataclass(frozen=True)
class Picker:
    """`listed` is None where no task is chosen yet whose source could be listed.

    `kept` are ticked tables that are not on this page; `words` say how much of the list is shown, `sum` what is ticked
    and how long it takes to load.
    """

    listed: SourceTables | None = None
    groups: tuple[tuple[str, tuple[PickerRow, ...]], ...] = ()
    kept: tuple[str, ...] = ()
    words: str = ""
    sum: str = ""

    @property
    def previous(self) -> int:
        """The page before, or 0."""
        return self.listed.look.page - 1 if self.listed else 0

    @property
    def next(self) -> int:
        """The page after, or 0."""
        return self.listed.look.page + 1 if self.listed and self.listed.look.page < self.listed.pages else 0


def picker_of(request: SignedInRequest, options: AddTablesOptions, task_name: str, typed: TypedTables) -> Picker:
    """The picker for the chosen task's source; a list that is missing or old is asked for by the way."""
    task = next((task for task in options.tasks if task.name == task_name), None)
    if task is None:
        return Picker(kept=typed.picked)
    data = request.POST if request.method == "POST" else request.GET
    source_listing_want(actor=request.user, source=task.source, anew="refresh" in request.POST)
    others = by_table(options.others)
    if data.get("picked_source", task.source.slug) != task.source.slug:
        return _picker(task, Look(), (), others)
    return _picker(task, _look(data), typed.picked, others)


def picked_from_its_source(request: SignedInRequest, options: AddTablesOptions, task_name: str) -> bool:
    """Whether what is ticked comes from the list of the task's own source."""
    task = next(task for task in options.tasks if task.name == task_name)
    return request.POST.get("picked_source", "") == task.source.slug


def _look(data: QueryDict) -> Look:
    page = data.get("page", "")
    return Look(
        words=data.get("words", "")[:100],
        schema=data.get("schema_only", "")[:63],
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
    )


def _picker(task: Task, look: Look, picked: tuple[str, ...], others: Mapping[str, tuple[ChangeRequest, ...]]) -> Picker:
    pairs = {_pair(value) for value in picked}
    at_once = loads_at_once(task)
    listed = source_tables(source=task.source, look=look, picked=pairs, at_once=at_once)
    groups = tuple(
        (schema, tuple(_row(task, table, pairs, others) for table in tables))
        for schema, tables in groupby(listed.tables, key=lambda table: table.schema)
    )
    shown = {row.value for _, rows in groups for row in rows if row.table.may_be_picked}
    return Picker(
        listed=listed,
        groups=groups,
        kept=tuple(value for value in picked if value not in shown),
        words=" ".join(_words(listed)),
        sum=_sum(listed, len(picked), at_once),
    )


def _row(
    task: Task, table: ListedTable, pairs: set[tuple[str, str]], others: Mapping[str, tuple[ChangeRequest, ...]]
) -> PickerRow:
    value = "/".join(table.key)
    return PickerRow(table, value, table.key in pairs, others.get(f"{task.source.slug}/{value}", ()))


def _pair(value: str) -> tuple[str, str]:
    schema, _, table = value.partition("/")
    return schema, table


def _words(listed: SourceTables) -> Iterator[str]:
    first = (listed.look.page - 1) * PAGE_TABLES + 1
    if listed.found:
        yield f"{thousands(first)}–{thousands(first + len(listed.tables) - 1)} of {counted(listed.found, 'table')}"
    if listed.found < listed.total:
        yield f"that fit, of {thousands(listed.total)} in all"
    if not listed.complete:
        yield "(the source has more than are ever listed: paste the names of the others)"


def _sum(listed: SourceTables, picked: int, at_once: int) -> str:
    """ "3 tables chosen, 1 204 112 rows by the source's count: about 4 min 30 s to load, up to 8 at once."""
    if not picked:
        return "No table is chosen yet."
    said = f"{counted(picked, 'table')} chosen"
    counts = listed.picked
    if not counts.tables or counts.uncounted == len(counts.tables):
        return f"{said}; there is no estimate of how long the load takes, for the source does not count them."
    said += f", {thousands(counts.rows)} rows by the source's count: about {duration(counts.seconds)} to load"
    said += f", up to {at_once} at once" if len(counts.tables) > 1 else ""
    return f"{said}; {counted(counts.uncounted, 'table')} not counted." if counts.uncounted else f"{said}."
