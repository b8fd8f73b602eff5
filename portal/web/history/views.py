"""What happened, by whom and why: the timeline, and taking it out."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.presenters.events import event_days
from portal.presenters.pages import PageLinks, address_with
from portal.shell.environments import environments_all
from portal.shell.exporting import export_by_form, file_of, format_named
from portal.shell.requests import SignedInRequest
from portal.web.history.forms import TimelineForm, moment_from, moment_text
from portal.web.history.tabs import history_tabs
from replication.policies import can_export_audit
from replication.selectors.exports.record import COLUMNS
from replication.selectors.timeline import (
    MOST_COUNTED,
    people_in_history,
    timeline,
    timeline_count,
)
from replication.services.record_export import record_export

EXPORTED = (
    "Every event that these filters let through, with the hashes that prove it. Taking the record out is written down."
)


@require_safe
def history_timeline(request: SignedInRequest) -> HttpResponse:
    """Everything that happened, newest first, narrowed by the filters in the address."""
    form = _form(request)
    filters = form.filters()
    before = moment_from(request.GET.get("before", ""))
    page = timeline(filters, before)
    links = PageLinks(
        words=f"{_counted(timeline_count(filters))}, newest first",
        newer_url=address_with(request.GET, before="") if before is not None else "",
        older_url=address_with(request.GET, before=moment_text(page.older)) if page.older is not None else "",
        newer_words="Back to the newest",
        older_words="Older",
    )
    context = {
        "tabs": history_tabs("timeline"),
        "form": form,
        "days": event_days(page.events),
        "page": links,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "export": export_by_form(
            request, EXPORTED, to=reverse("history:export"), allowed=can_export_audit(request.user)
        ),
    }
    return render(request, "history/timeline.html", context)


@require_POST
def history_export(request: SignedInRequest) -> HttpResponseBase:
    """What the filters in the address let through, as a file, streamed; by POST, since it is written down."""
    form = format_named(request.POST.get("format", ""))
    chosen = _form(request)
    filters = chosen.filters()
    if chosen.errors:
        return HttpResponseRedirect(f"{reverse('history:timeline')}{address_with(request.GET)}")
    rows = record_export(actor=request.user, filters=filters, form=form.ending)
    return file_of(form, ("record", filters.environment, filters.team), COLUMNS, rows)


def _form(request: SignedInRequest) -> TimelineForm:
    return TimelineForm(request.GET, environments=environments_all(request), people=people_in_history())


def _counted(count: int) -> str:
    if count > MOST_COUNTED:
        return f"{MOST_COUNTED:,}+ events"
    return "1 event" if count == 1 else f"{count:,} events"
