"""Adding an environment, and bringing a team into one: the platform team's."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.shell.crumbs import crumbs
from portal.shell.environments import environment_named
from portal.shell.form_findings import take_findings
from portal.shell.requests import SignedInRequest
from portal.web.environments.forms import NewEnvironmentForm, NewTeamForm
from replication.errors import InvalidInput
from replication.policies import can_manage_platform, require
from replication.services.environments import environment_add, team_add

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def environment_new(request: SignedInRequest) -> HttpResponse:
    """A new environment: its change request deploys the base stack."""
    require(can_manage_platform(request.user))
    form = NewEnvironmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change_request = environment_add(actor=request.user, name=form.cleaned_data["name"], values=form.values)
        except InvalidInput as refusal:
            take_findings(form, refusal.findings)
        else:
            messages.success(
                request, f"{change_request.environment.name} is there. This change deploys its base stack."
            )
            return redirect("changes:detail", change_request.number)
    context = {"form": form, "crumbs": crumbs(("Environments", reverse("environments:list")), ("New", ""))}
    return render(request, "environments/new.html", context, status=_status(form))


@FORM
def team_new(request: SignedInRequest, environment: str) -> HttpResponse:
    """A team in an environment that it is not in yet."""
    require(can_manage_platform(request.user))
    row = environment_named(request, environment)
    form = NewTeamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        contacts = [line.strip() for line in answers["contacts"].splitlines() if line.strip()]
        try:
            team_add(actor=request.user, environment=row, **{**answers, "contacts": contacts})
        except InvalidInput as refusal:
            take_findings(form, refusal.findings)
        else:
            messages.success(
                request, "The team is there. Give its people their roles, and it proposes its sources and tasks itself."
            )
            return redirect("teams:detail", environment, answers["slug"].strip())
    context = {
        "form": form,
        "environment": row,
        "crumbs": crumbs(
            ("Environments", reverse("environments:list")),
            (environment, reverse("environments:detail", args=[environment])),
            ("New team", ""),
        ),
    }
    return render(request, "environments/team_new.html", context, status=_status(form))


def _status(form: NewEnvironmentForm | NewTeamForm) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
