"""Buttons of the acts on tables, for `components/table_acts.html` and `components/table_act_links.html`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from replication.models import TableEntry
from replication.selectors.table_acts import SELECTION_ACTS, TableAct

ACT_ICONS = {
    TableAct.RELOAD: "refresh-cw",
    TableAct.BESIDE: "refresh-cw",
    TableAct.PAUSE: "pause",
    TableAct.RESUME: "play",
    TableAct.MOVE: "arrow-right-left",
    TableAct.REMOVE: "trash-2",
}
"""By the names of the icon set."""


@dataclass(frozen=True)
class ActButton:
    """One act; `url` leads to its confirmation for one table, and is empty where a form sends the ticked ones."""

    name: str
    label: str
    icon: str
    url: str = ""


def act_buttons(acts: Iterable[TableAct] = SELECTION_ACTS) -> list[ActButton]:
    """Buttons of a form in which tables are ticked."""
    return [ActButton(act.value, act.label, ACT_ICONS[act]) for act in acts]


def act_links(entry: TableEntry) -> list[ActButton]:
    """Links for one table, for the acts that its state has room for; expects the environment to be joined."""
    fitting = (
        (TableAct.RESUME, TableAct.REMOVE)
        if entry.paused
        else (TableAct.RELOAD, TableAct.PAUSE, TableAct.MOVE, TableAct.REMOVE)
    )
    page = reverse("changes:table-act")
    return [
        ActButton(
            name=act.value,
            label=act.label,
            icon=ACT_ICONS[act],
            url=f"{page}?{urlencode({'act': act.value, 'environment': entry.environment.name, 'table': entry.pk})}",
        )
        for act in fitting
    ]
