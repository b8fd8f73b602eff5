"""Settling an incident by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.shell.requests import SignedInRequest
from replication.selectors.incidents import incident_by_key
from replication.services.incidents import incident_settle


@require_POST
def settle(request: SignedInRequest, key: int) -> HttpResponse:
    """Take it off the pages, with a reason."""
    incident = incident_settle(actor=request.user, incident=incident_by_key(key), reason=request.POST.get("reason", ""))
    messages.success(request, f"Settled. The audit keeps it, and what you said of {incident.subject}.")
    if incident.team is not None:
        return redirect("teams:detail", incident.environment.name, incident.team.slug)
    return redirect("home")
