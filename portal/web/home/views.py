"""Home: what waits for the reader, how their teams are, what runs, and what changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.shell.requests import SignedInRequest


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """The first page after signing in."""
    return render(request, "home/home.html", {})
