"""Environments: how each stands, what it is made of, and proposing another value of it."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deploy_engine.config import document_to_json
from portal.health.probes import PROBES
from portal.presenters.meters import Meter, meter_for
from portal.shell.crumbs import crumbs
from portal.shell.environments import environment_named, environments_all
from portal.shell.form_findings import take_findings
from portal.shell.requests import SignedInRequest
from portal.templatetags.sluice import thousands
from portal.web.environments.forms import ChangeForm
from replication.documents import base_document_of, document_hash, environment_file_of
from replication.errors import EditedMeanwhile, InvalidInput
from replication.models import ChangeRequest, Environment, EnvironmentStatus
from replication.policies import can_manage_platform, can_propose, require
from replication.selectors.environments import base_changes_open, base_was_deployed, environment_card, environment_cards
from replication.selectors.git_state import git_standing
from replication.selectors.scopes import accepted_base_document
from replication.services.change_request_propose_edit import change_request_propose_edit
from replication.services.environment_edits import FROZEN, change_request_edit_environment
from replication.services.environments import environment_move_earlier

QUOTAS = {
    "ReplicationTasks": ("Replication tasks", "tasks"),
    "ReplicationInstances": ("Replication instances", "instances"),
    "AllocatedStorage": ("Storage of instances", "GB"),
    "Endpoints": ("Endpoints", "endpoints"),
    "ReplicationSubnetGroups": ("Subnet groups", "groups"),
    "EventSubscriptions": ("Event subscriptions", "subscriptions"),
}
"""DMS's quotas that Sluice's stacks use up, with the words for them."""


@require_safe
def environment_list(request: SignedInRequest) -> HttpResponse:
    """All environments in the order of promotion, and what Sluice itself rests on."""
    context = {
        "cards": environment_cards(environments_all(request)),
        "parts": [probe() for probe in PROBES],
        "git": git_standing(),
        "may_manage": can_manage_platform(request.user),
    }
    return render(request, "environments/list.html", context)


@require_safe
def environment_detail(request: SignedInRequest, environment: str) -> HttpResponse:
    """One environment: base stack, every team's sync and health, quotas, its file."""
    card = environment_card(environment_named(request, environment))
    context = {
        "card": card,
        "file": environment_file_of(card.environment),
        "quotas": _quotas(card.status),
        "may_manage": can_manage_platform(request.user),
        "crumbs": crumbs(("Environments", reverse("environments:list")), (environment, "")),
    }
    return render(request, "environments/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def environment_change(request: SignedInRequest, environment: str) -> HttpResponse:
    """Propose other values: a change request of the base scope, or one more edit of the one that is open."""
    row = environment_named(request, environment)
    require(can_propose(request.user, row, None))
    draft = next(iter(base_changes_open(row)), None)
    document = base_document_of(draft.document) if draft is not None else accepted_base_document(row)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        file=document.environment,
        frozen=FROZEN if base_was_deployed(row) else {},
        seen=document_hash(document_to_json(document)),
    )
    if request.method == "POST" and form.is_valid():
        change_request = _proposed(request, row, draft, form)
        if change_request is not None:
            messages.success(request, f"Proposed in #{change_request.number}. The checks and the plan are running.")
            return redirect("changes:detail", change_request.number)
    context = {
        "environment": row,
        "draft": draft,
        "form": form,
        "crumbs": crumbs(
            ("Environments", reverse("environments:list")),
            (environment, reverse("environments:detail", args=[environment])),
            ("Change", ""),
        ),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "environments/change.html", context, status=status)


@require_POST
def move_earlier(request: SignedInRequest, environment: str) -> HttpResponse:
    """Let an environment change places with the one before it."""
    environment_move_earlier(actor=request.user, environment=environment_named(request, environment))
    return redirect("environments:list")


def _proposed(
    request: SignedInRequest, environment: Environment, draft: ChangeRequest | None, form: ChangeForm
) -> ChangeRequest | None:
    """The change request; or None, and the form says why not."""

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_edit_environment(actor=request.user, change_request=change_request, changes=form.changes)

    title = form.cleaned_data["title"].strip()
    try:
        return change_request_propose_edit(
            actor=request.user,
            environment=environment,
            team=None,
            edit=edit,
            title=title or f"Change {', '.join(sorted(form.changes))} of {environment.name}",
            description=form.cleaned_data["description"],
            change_request=draft,
            seen=form.seen,
        )
    except EditedMeanwhile as refusal:
        form.overtaken(refusal.changes)
        return None
    except InvalidInput as refusal:
        take_findings(form, refusal.findings)
        return None


def _quotas(status: EnvironmentStatus | None) -> list[Meter]:
    seen = {name: (used, most) for name, used, most in (status.quotas if status is not None else [])}
    return [_quota(words, unit, *seen[name]) for name, (words, unit) in QUOTAS.items() if name in seen]


def _quota(label: str, unit: str, used: int, most: int) -> Meter:
    meter = meter_for(label, used, most, unit=unit)
    note = "AWS raises it on request, in Service Quotas." if meter.tone != "good" else ""
    return replace(meter, words=f"{thousands(used)} of {thousands(most)} {unit}", note=note)
