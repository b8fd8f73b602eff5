"""The list of change requests: open, mine, all; every filter stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.presenters.badges import badge_for
from portal.presenters.pages import PageLinks, address_with
from portal.shell.environments import environments_all
from portal.shell.exporting import export_of, file_of, format_asked
from portal.shell.requests import SignedInRequest
from portal.web.changes.forms import SHOWN, FilterForm
from replication.models import Team
from replication.selectors.change_request_list import ChangeRequestFilters, ChangeRequestPage, change_requests_list
from replication.selectors.exports import changes

EXPORTED = "Every change request that these filters let through, with who approved it, why, and when it moved."
LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True)
class Tab:
    """One of the three lists."""

    label: str
    url: str
    current: bool


@require_safe
def change_list(request: SignedInRequest) -> HttpResponseBase:
    """Newest first; `?before=` goes on below a number."""
    teams = list(Team.objects.only("slug"))
    form = FilterForm(request.GET, environments=environments_all(request), teams=teams)
    filters = form.filters
    if wanted := format_asked(request, form):
        name = ("changes", filters.environment, filters.team)
        return file_of(wanted, name, changes.Row._fields, changes.rows(request.user, filters))
    page = change_requests_list(actor=request.user, filters=filters, before=_before(request.GET))
    context = {
        "crumbs": [{"label": "Changes", "url": ""}],
        "form": form,
        "filtered": any((filters.environment, filters.team, filters.state, filters.words)),
        "show": filters.show,
        "tabs": [
            Tab(label, address_with(request.GET, before="", show=name), name == filters.show)
            for name, label in SHOWN.items()
        ],
        "rows": [{"change": row, "badge": badge_for(row.state_choice)} for row in page.rows],
        "page": _links(request, page),
        "export": export_of(request, EXPORTED),
        "empty": _empty(filters),
    }
    return render(request, "changes/list.html", context)


def _before(query: QueryDict) -> int | None:
    text = query.get("before", "")
    return min(int(text), LARGEST_KEY) if text.isascii() and text.isdigit() else None


def _links(request: SignedInRequest, page: ChangeRequestPage) -> PageLinks | None:
    if page.before is None and "before" not in request.GET:
        return None
    return PageLinks(
        words=f"#{page.rows[0].number} to #{page.rows[-1].number}" if page.rows else "No more change requests",
        newer_url=address_with(request.GET, before="") if "before" in request.GET else "",
        newer_words="Newest",
        older_url=address_with(request.GET, before=str(page.before)) if page.before is not None else "",
    )


def _empty(filters: ChangeRequestFilters) -> dict[str, Any]:
    if any((filters.environment, filters.team, filters.state, filters.words)):
        title, body = "No change request fits these filters", "Take one of them away to see more."
    elif filters.show == "mine":
        title, body = "You have not written a change request yet", "Changes that you write or edit will stand here."
    else:
        title, body = "No change is under way", "What teams propose, review and deploy will stand here."
    how = "A change begins on a team's page, with “Add tables”."
    return {"icon": "git-pull-request", "title": title, "body": body, "reason": how}
