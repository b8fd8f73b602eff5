"""The tables that somebody has ticked, by their keys, sorted by team and environment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from replication.models import Environment, TableEntry, Team
from replication.selectors.table_acts import ChosenTable


@dataclass(frozen=True)
class SelectedScope:
    """The chosen tables of one team in one environment; an act goes to one scope, since a change request has one."""

    environment: Environment
    team: Team
    entries: tuple[TableEntry, ...]

    @property
    def tables(self) -> tuple[ChosenTable, ...]:
        """As acts take them."""
        return tuple(ChosenTable(entry.task.name, entry.identity) for entry in self.entries)


def tables_selected(*, tables: Collection[int], tasks: Collection[int] = ()) -> list[SelectedScope]:
    """The tables with these keys, and all tables of the tasks with these keys, by environment and team.

    A key that leads to no table any more is passed over.
    """
    rows = (
        TableEntry.objects.filter(Q(pk__in=tables) | Q(task__in=tasks))
        .select_related("environment", "task__setup__team")
        .order_by("environment__position", "task__setup__team__slug", "source_slug", "schema_name", "table_name", "pk")
    )
    scopes: dict[tuple[int, int], list[TableEntry]] = {}
    for row in rows:
        scopes.setdefault((row.environment_id, row.task.setup.team_id), []).append(row)
    return [
        SelectedScope(entries[0].environment, entries[0].task.setup.team, tuple(entries)) for entries in scopes.values()
    ]
