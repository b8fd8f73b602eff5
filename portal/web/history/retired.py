"""What is retired: the folders that nobody writes to any more, for whoever may delete them."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.presenters.pages import PageLinks, address_with
from portal.shell.environments import environments_all
from portal.shell.exporting import export_of, file_of, format_asked
from portal.shell.requests import SignedInRequest
from portal.web.history.moment_forms import ScopeForm
from portal.web.history.tabs import history_tabs
from replication.selectors.exports import retired as exported
from replication.selectors.retired import retired_counts, retired_folders

EXPORTED = "Every folder of whoever is chosen, with what was counted in it."
_LONGEST_KEY = 18


@require_safe
def history_retired(request: SignedInRequest) -> HttpResponseBase:
    """Retired folders by team. Sluice deletes nothing in the lake: its roles may not."""
    form = ScopeForm(request.GET, environments=environments_all(request))
    environment, team = form.chosen_environment, form.chosen_team
    if wanted := format_asked(request, form):
        return file_of(wanted, ("retired", *form.named), exported.Row._fields, exported.rows(environment, team))
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_KEY else None
    page = retired_folders(environment, team, before=before)
    links = PageLinks(
        words="Newest first",
        newer_url=address_with(request.GET, before="") if before is not None else "",
        older_url=address_with(request.GET, before=str(page.older)) if page.older is not None else "",
        newer_words="Back to the newest",
        older_words="Older",
    )
    context = {
        "tabs": history_tabs("retired"),
        "form": form,
        "counts": retired_counts(environment),
        "folders": page.folders,
        "export": export_of(request, EXPORTED),
        "page": links,
    }
    return render(request, "history/retired.html", context)
