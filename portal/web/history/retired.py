"""What is retired: the folders that nobody writes to any more, for whoever may delete them."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.presenters.pages import PageLinks, address_with
from portal.shell.environments import environments_all
from portal.shell.requests import SignedInRequest
from portal.web.history.exporting import as_csv
from portal.web.history.moment_forms import ScopeForm
from portal.web.history.tabs import history_tabs
from replication.selectors.retired import COLUMNS, retired_counts, retired_folders, retired_rows

_LONGEST_KEY = 18


@require_safe
def history_retired(request: SignedInRequest) -> HttpResponse:
    """Retired folders by team. Sluice deletes nothing in the lake: its roles may not."""
    form = ScopeForm(request.GET, environments=environments_all(request))
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_KEY else None
    page = retired_folders(form.chosen_environment, form.chosen_team, before=before)
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
        "counts": retired_counts(form.chosen_environment),
        "folders": page.folders,
        "export_url": f"{reverse('history:retired-export')}{address_with(request.GET, before='')}",
        "page": links,
    }
    return render(request, "history/retired.html", context)


@require_safe
def retired_export(request: SignedInRequest) -> StreamingHttpResponse:
    """The whole report as CSV, streamed."""
    form = ScopeForm(request.GET, environments=environments_all(request))
    rows = retired_rows(form.chosen_environment, form.chosen_team)
    name = f"sluice-retired-{timezone.now():%Y%m%dT%H%MZ}.csv"
    return StreamingHttpResponse(
        as_csv(rows, COLUMNS),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
