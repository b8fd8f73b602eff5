"""Home: what waits for the reader, how their teams are, what runs, and what changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.presenters.alarms import alarms_for
from portal.shell.environments import environment_current
from portal.shell.requests import SignedInRequest
from replication.policies import standing_of
from replication.selectors.inbox import inbox
from replication.selectors.incidents import incidents_open
from replication.selectors.teams import deployments_under_way, team_cards
from replication.selectors.timeline import TimelineFilters, timeline

RECENT_EVENTS = 7


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """The first page after signing in. Whoever is in no team sees every team of the environment they look at."""
    mine = standing_of(request.user).teams
    cards = team_cards(teams=mine) if mine else team_cards(environment=environment_current(request))
    return render(
        request,
        "home/home.html",
        {
            "inbox": inbox(request.user),
            "alarms": alarms_for(request.user, incidents_open(teams=mine or None)),
            "cards": cards,
            "cards_are_mine": bool(mine),
            "deployments": deployments_under_way(),
            "events": timeline(TimelineFilters(), size=RECENT_EVENTS).events,
        },
    )
