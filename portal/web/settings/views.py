"""Settings: one page from which everything that is set in the portal is one click away."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.presenters.pages import links_of
from portal.shell.environments import environment_current, environments_all
from portal.shell.requests import SignedInRequest
from replication.models import TeamSetup
from replication.policies import can_manage_platform
from replication.selectors.company_settings import headcount, team_settings

TEAMS_PER_PAGE = 25


class TeamSearch(forms.Form):
    """Which teams are listed."""

    q = forms.CharField(label="Team", required=False, max_length=100)


@require_safe
def settings(request: SignedInRequest) -> HttpResponse:
    """Anybody may look; what only the platform team changes says so."""
    environment = environment_current(request)
    form = TeamSearch(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    rows = team_settings(environment, words) if environment is not None else TeamSetup.objects.none()
    page = Paginator(rows, TEAMS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "environment": environment,
        "environments": environments_all(request),
        "headcount": headcount(),
        "form": form,
        "filtered": bool(words),
        "setups": page.object_list,
        "page": links_of(page, request.GET, noun="team"),
        "may_manage": can_manage_platform(request.user),
    }
    return render(request, "settings/all.html", context)
