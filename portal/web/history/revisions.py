"""One revision beside the one before it, and going back to it."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.shell.crumbs import crumbs
from portal.shell.requests import SignedInRequest
from portal.web.history.differences import difference_between, difference_of_revision
from replication.models import Environment, Revision
from replication.policies import can_propose
from replication.selectors.moments import config_between
from replication.selectors.timeline import revision_change
from replication.services.change_request_revert import change_request_revert


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
    return render(
        request,
        "history/revision.html",
        {
            "crumbs": crumbs(("History", reverse("history:timeline")), (str(revision), "")),
            "revision": revision,
            "before": change.before,
            "difference": difference_of_revision(change),
        },
    )


@require_safe
def revert_ask(request: SignedInRequest, key: int) -> HttpResponse:
    """What going back to a revision would propose, before a draft is made."""
    revision = _revision(key)
    environment: Environment = revision.environment
    now = timezone.now()
    to_it = config_between(environment, revision.team, now, revision.created_at)
    since = config_between(environment, revision.team, revision.created_at, now)
    return render(
        request,
        "history/revert.html",
        {
            "crumbs": crumbs(
                ("History", reverse("history:timeline")),
                (str(revision), reverse("history:revision", args=[key])),
                ("Revert", ""),
            ),
            "revision": revision,
            "difference": difference_between(to_it, with_who=False),
            "since": since.revisions,
            "more": since.count - len(since.revisions),
            "may_propose": can_propose(request.user, environment, revision.team),
        },
    )


@require_POST
def revert(request: SignedInRequest, key: int) -> HttpResponse:
    """Open the change request that goes back to a revision."""
    change_request = change_request_revert(actor=request.user, revision=_revision(key))
    return HttpResponseRedirect(reverse("changes:detail", args=[change_request.number]))


def _revision(key: int) -> Revision:
    return get_object_or_404(Revision.objects.select_related("environment", "team"), pk=key)
