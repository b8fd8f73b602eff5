"""The context of the page that confirms an act, and of the one that says why the selection is not fit for any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from deploy_engine.config import next_version
from portal.presenters.table_acts import ACT_ICONS
from portal.presenters.words import counted
from portal.shell.crumbs import crumbs
from portal.web.changes.table_acts.forms import TableActForm, digest_of
from portal.web.changes.table_acts.words import ACTS
from replication.models import ChangeRequest
from replication.selectors.open_changes import by_table
from replication.selectors.proposal_options import ProposalOptions
from replication.selectors.table_acts import ChosenTable, TableAct, TableActReach
from replication.selectors.table_selection import SelectedScope


@dataclass(frozen=True)
class PartOfSelection:
    """The chosen tables of one team and environment, and the address that goes on with these alone."""

    words: str
    names: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Act:
    """What somebody is about to propose: an act on the chosen tables, as far as it applies in a certain document."""

    act: TableAct
    options: ProposalOptions
    reach: TableActReach
    target: str
    chosen: Sequence[ChosenTable]

    @property
    def digest(self) -> str:
        """Stands for the tables that it applies to; a page posts the one that it named."""
        return digest_of(self.reach.applies)


def act_page(chosen: Act, form: TableActForm) -> dict[str, Any]:
    """The confirmation page; the version from the clock is empty for an act that loads nothing."""
    options, reach = chosen.options, chosen.reach
    act = TableAct.RELOAD if chosen.act is TableAct.BESIDE else chosen.act
    count = len(reach.applies)
    return {
        "act": act,
        "words": ACTS[act],
        "icon": ACT_ICONS[act],
        "team": options.team,
        "environment": options.environment,
        "reach": reach,
        "lines": _lines(chosen),
        "form": form,
        "agreed": chosen.digest,
        "clock_version": next_version(timezone.now(), ()) if act.loads else "",
        "button": f"Propose to {act.value} {counted(count, 'table')}" if count else "Look again",
        "can_go_on": bool(reach.applies or options.open_changes or len(form.target_options) > 1),
        "back": _list_url(options.environment.name, options.team.slug),
        "crumbs": crumbs(("Tables", reverse("tables:list")), (f"{act.label} tables", "")),
    }


def _lines(chosen: Act) -> list[tuple[ChosenTable, tuple[ChangeRequest, ...]]]:
    """Each table that the act applies to, with the other open change requests that change it too."""
    others = by_table(chosen.options.others)
    return [(table, others.get(table.identity, ())) for table in chosen.reach.applies]


def refusal_page(query: QueryDict, act: TableAct, scopes: Sequence[SelectedScope]) -> dict[str, Any]:
    """Nothing was chosen, or tables of several teams or environments; the selection stays, part by part."""
    return {
        "act": act,
        "parts": [_part(act, scope) for scope in scopes],
        "gone": bool(query.getlist("table") or query.getlist("task")) and not scopes,
        "back": reverse("tables:list"),
        "crumbs": crumbs(("Tables", reverse("tables:list")), (f"{act.label} tables", "")),
    }


def _part(act: TableAct, scope: SelectedScope) -> PartOfSelection:
    query = [("act", act.value), ("environment", scope.environment.name)]
    query += [("table", str(entry.pk)) for entry in scope.entries]
    return PartOfSelection(
        words=f"{counted(len(scope.entries), 'table')} of {scope.team.slug} in {scope.environment.name}",
        names=tuple(entry.identity for entry in scope.entries),
        url=f"{reverse('changes:table-act')}?{urlencode(query)}",
    )


def _list_url(environment: str, team: str) -> str:
    return f"{reverse('tables:list')}?{urlencode({'environment': environment, 'team': team})}"
