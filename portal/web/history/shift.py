"""What happened since one's last shift."""

from __future__ import annotations

from datetime import timedelta

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.presenters.events import event_line
from portal.shell.environments import environments_all
from portal.shell.exporting import export_of, file_of, format_asked, minute, moment_shown
from portal.shell.requests import SignedInRequest
from portal.web.history.forms import DATE_AND_TIME
from portal.web.history.moment_forms import SinceForm
from portal.web.history.tabs import history_tabs
from replication.selectors.environments import statuses_of
from replication.selectors.exports import shift as exported
from replication.selectors.shift import Narrowed, shift_begin, shift_since

EXPORTED = "All that changed, ran and broke since then, and what is still odd now."
SPANS = {"8": "8 hours", "12": "12 hours", "24": "a day", "72": "3 days", "168": "a week"}
"""Hours, and how they are called."""


@require_safe
def history_since(request: SignedInRequest) -> HttpResponseBase:
    """What changed, ran and broke since a moment, and what is still odd."""
    form = SinceForm(request.GET, environments=environments_all(request))
    since = form.moment("since", shift_begin(request.user))
    seen = statuses_of(environments_all(request))
    environment, team = form.chosen_environment, form.chosen_team
    if wanted := format_asked(request, form):
        rows = exported.rows(since, Narrowed(environment, team), seen)
        return file_of(wanted, ("since", minute(since), *form.named), exported.Row._fields, rows)
    shift = shift_since(since, seen=seen, environment=environment, team=team)
    now = timezone.now()
    spans = [(words, (now - timedelta(hours=int(hours))).strftime(DATE_AND_TIME)) for hours, words in SPANS.items()]
    context = {
        "tabs": history_tabs("since"),
        "form": form,
        "shift": shift,
        "spans": spans,
        "export": export_of(request, EXPORTED, since=moment_shown(since)),
        "broke": [event_line(event) for event in shift.broke],
        "timeline_since": since.strftime(DATE_AND_TIME),
        "scope_query": f"&{form.scope_query}" if form.scope_query else "",
    }
    return render(request, "history/since.html", context)
