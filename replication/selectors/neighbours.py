"""Who could be in the way of one team's config: found by indexes, however many teams there are.

Of other teams a check of a team's config can only have to say that they write to the same path, that they have a source
of the same id, or that their ledger has a version of the same table. Whoever has none of these is not even loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db.models.functions import Lower

from deploy_engine.config import TeamDocument
from deploy_engine.config.physical_names import table_folder
from replication.models import Environment, LedgerEntry, Source, TableEntry

AT_ONCE = 500
"""Names in one query, well below what any database takes."""


def neighbours_of(
    environment: Environment, document: TeamDocument, *, own: int | None, lake: Sequence[Environment]
) -> set[int]:
    """The setups, by key, that `document` could collide with, but for `own`; `lake`: who shares the lake bucket."""
    entries = [entry for _, entry in document.entries]
    return {
        *_with_paths(lake, own, (table_folder(entry).lower() for entry in entries)),
        *_with_sources(environment, document),
        *_with_ledgers(environment, own, {entry.source for entry in entries}),
    } - {own}


def _with_paths(lake: Sequence[Environment], own: int | None, folders: Iterable[str]) -> Iterator[int]:
    """Those with a table in one of the folders, in any environment of the same lake; case does not count."""
    entries = TableEntry.objects.filter(environment__in=lake).alias(path=Lower("folder")).order_by()
    for some in _in_parts(folders):
        yield from entries.filter(path__in=some).exclude(task__setup=own).values_list("task__setup", flat=True)


def _with_sources(environment: Environment, document: TeamDocument) -> Iterator[int]:
    """Those with a source that the document has or names."""
    named = {task.source for task in document.tasks.values()}
    listed = {entry.reference.source for _, entry in document.entries}
    sources = Source.objects.filter(environment=environment).order_by()
    for some in _in_parts({*document.team.sources, *named, *listed}):
        yield from sources.filter(slug__in=some).values_list("setup", flat=True)


def _with_ledgers(environment: Environment, own: int | None, identities: Iterable[str]) -> Iterator[int]:
    """Those whose ledger knows one of the tables.

    Sorted out by environment here, so that the database goes by the tables and not by the setups of the environment.
    """
    ledgers = LedgerEntry.objects.exclude(setup=own).order_by()
    for some in _in_parts(identities):
        found = set(ledgers.filter(identity__in=some).values_list("setup", "setup__environment"))
        yield from (setup for setup, where in found if where == environment.pk)


def _in_parts(names: Iterable[str]) -> Iterator[Sequence[str]]:
    remaining = iter(names)
    while some := list(islice(remaining, AT_ONCE)):
        yield some
