"""What happened, by whom and why: the timeline, and one revision beside the one before it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.presenters.diffs import unified
from portal.presenters.events import event_days
from portal.presenters.pages import PageLinks, address_with
from portal.presenters.table_changes import table_change_groups
from portal.shell.crumbs import crumbs
from portal.shell.environments import environments_all
from portal.shell.requests import SignedInRequest
from portal.web.history.forms import TimelineForm, moment_from, moment_text
from replication.models import Revision
from replication.selectors.timeline import people_in_history, revision_change, timeline


@require_safe
def history_timeline(request: SignedInRequest) -> HttpResponse:
    """Everything that happened, newest first, narrowed by the filters in the address."""
    form = TimelineForm(request.GET, environments=environments_all(request), people=people_in_history())
    before = moment_from(request.GET.get("before", ""))
    page = timeline(form.filters(), before)
    links = PageLinks(
        words="Newest first",
        newer_url=address_with(request.GET, before="") if before is not None else "",
        older_url=address_with(request.GET, before=moment_text(page.older)) if page.older is not None else "",
        newer_words="Back to the newest",
        older_words="Older",
    )
    filtered = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "days": event_days(page.events), "page": links, "filtered": filtered}
    return render(request, "history/timeline.html", context)


@require_safe
def revision_detail(request: SignedInRequest, key: int) -> HttpResponse:
    """One accepted state: what it changed, who asked for it, who approved it, and what was deployed of it."""
    revision = get_object_or_404(
        Revision.objects.select_related("environment", "team", "change_request").prefetch_related(
            "change_request__reviews", "deployments"
        ),
        pk=key,
    )
    change = revision_change(revision)
    paths = sorted({*change.files_before, *change.files_after})
    diffs = [unified(path, change.files_before.get(path, ""), change.files_after.get(path, "")) for path in paths]
    return render(
        request,
        "history/revision.html",
        {
            "crumbs": crumbs(("History", reverse("history:timeline")), (str(revision), "")),
            "revision": revision,
            "before": change.before,
            "groups": table_change_groups(change.difference) if change.difference is not None else [],
            "settings": change.difference.settings if change.difference is not None else (),
            "diffs": [diff for diff in diffs if diff.lines],
        },
    )
