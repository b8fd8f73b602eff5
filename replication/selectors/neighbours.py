"""Who could be in the way of one team's config: found by indexes, however many teams there are.

Of other teams a check of a team's config can only have to say that they write to the same path, that they have a source
of the same id, or that their ledger has a version of the same table. Whoever has none of these is not even loaded.

It is asked for every edit and names every table of the team, so it is one statement, and written out: putting hundreds
of names into a query takes the ORM several times as long as the database takes to answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from deploy_engine.config import TeamDocument
from deploy_engine.config.physical_names import table_folder
from replication.models import Environment, LedgerEntry, Source, TableEntry, Task, Team, TeamSetup

AT_ONCE = 500
"""Tables in one statement: far fewer names than any database takes."""


def neighbours_of(
    environment: Environment, team: Team, document: TeamDocument, *, lake: Sequence[Environment]
) -> set[int]:
    """The other teams' setups, by key, that `document` could collide with; `lake`: who shares the lake bucket."""
    tables = [(entry.source, table_folder(entry).lower()) for _, entry in document.entries]
    sources = {identity.partition("/")[0] for identity, _ in tables}  # an entry may stand in another source's task
    sources |= {*document.team.sources, *(task.source for task in document.tasks.values())}
    own, keys = (environment.pk, team.pk), [row.pk for row in lake]
    found: set[int] = set()
    for start in range(0, max(len(tables), 1), AT_ONCE):
        found |= _among(own, keys, sorted(sources), tables[start : start + AT_ONCE])
    return found


def _among(
    own: tuple[int, int], lake: Sequence[int], sources: Sequence[str], tables: Sequence[tuple[str, str]]
) -> set[int]:
    """The setups with one of the paths, sources or tables, but for that of `own`, an environment and a team.

    `tables` are identities, each with its folder. Of a ledger the environment is looked at last, so that the database
    goes by the tables and not by the setups of the environment.
    """
    identities, folders = [identity for identity, _ in tables], [folder for _, folder in tables]
    statement = f"""
        SELECT id FROM {_table(TeamSetup)} WHERE NOT (environment_id = %s AND team_id = %s) AND id IN (
            SELECT task.setup_id FROM {_table(TableEntry)} entry JOIN {_table(Task)} task ON task.id = entry.task_id
            WHERE entry.environment_id IN ({_places(lake)}) AND LOWER(entry.folder) IN ({_places(folders)})
            UNION
            SELECT setup_id FROM {_table(Source)} WHERE environment_id = %s AND slug IN ({_places(sources)})
            UNION
            SELECT CASE WHEN setup.environment_id = %s THEN setup.id END
            FROM {_table(LedgerEntry)} ledger JOIN {_table(TeamSetup)} setup ON setup.id = ledger.setup_id
            WHERE ledger.identity IN ({_places(identities)})
        )
    """  # noqa: S608 - made of our models' table names and of placeholders alone
    with connection.cursor() as cursor:
        cursor.execute(statement, [*own, *lake, *folders, own[0], *sources, own[0], *identities])
        return {setup for (setup,) in cursor.fetchall()}


def _table(model: type[TableEntry | Task | Source | LedgerEntry | TeamSetup]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _places(values: Sequence[object]) -> str:
    """A placeholder for each value; an empty list is NULL, which nothing is in."""
    return ", ".join(["%s"] * len(values)) or "NULL"
