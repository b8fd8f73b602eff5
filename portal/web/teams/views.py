"""All teams of an environment, and one team in it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.presenters.alarms import alarms_for
from portal.presenters.table_acts import act_buttons
from portal.shell.crumbs import crumbs
from portal.shell.environments import environment_current, environment_named, environments_all
from portal.shell.requests import SignedInRequest
from portal.web.teams.presenting import limits_of, map_of, task_lines
from replication.policies import can_propose
from replication.selectors.incidents import incidents_open
from replication.selectors.shipping import shippable_together
from replication.selectors.teams import team_cards, team_overview


@require_safe
def team_list(request: SignedInRequest) -> HttpResponse:
    """Every team of the environment that is looked at."""
    environment = environment_current(request)
    cards = team_cards(environment=environment) if environment is not None else []
    return render(request, "teams/list.html", {"environment": environment, "cards": cards})


@require_safe
def team_detail(request: SignedInRequest, environment: str, team: str) -> HttpResponse:
    """One team in one environment."""
    overview = team_overview(slug=team, environment=environment_named(request, environment))
    tasks = task_lines(overview)
    others = environments_all(request)
    place = others.index(overview.environment)
    return render(
        request,
        "teams/detail.html",
        {
            "crumbs": crumbs(("Teams", reverse("teams:list")), (overview.team.slug, "")),
            "overview": overview,
            "alarms": alarms_for(
                request.user, incidents_open(environment=overview.environment, teams=[overview.team.pk])
            ),
            "together": shippable_together(request.user, overview.environment, overview.team, overview.open_changes),
            "tasks": tasks,
            "limits": limits_of(overview),
            "map": map_of(tasks),
            "table_acts": act_buttons(),
            "promote_to": others[place + 1] if place + 1 < len(others) else None,
            "may_propose": can_propose(request.user, overview.environment, overview.team),
        },
    )
