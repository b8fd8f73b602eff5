"""One deployment: live while it runs; afterwards what it did, and after a failure what can be done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.shell.requests import SignedInRequest
from portal.web.deployments.page import page_context
from replication.selectors.carried import change_requests_shipped_with
from replication.selectors.deployment_page import deployment_by_key, deployment_page
from replication.services.deployments import deployment_cancel, deployment_continue_rollback, deployment_retry
from replication.services.successors import deployment_new_version


@require_safe
def detail(request: SignedInRequest, key: int) -> HttpResponse:
    """The whole page."""
    page = deployment_page(actor=request.user, deployment=deployment_by_key(key))
    context = page_context(page, actor=request.user, now=timezone.now())
    context["shipped_with"] = change_requests_shipped_with(page.deployment)
    return render(request, "deployments/detail.html", context)


@require_safe
def live(request: SignedInRequest, key: int) -> HttpResponse:
    """The part that renews itself, for htmx."""
    page = deployment_page(actor=request.user, deployment=deployment_by_key(key))
    return render(request, "deployments/live_region.html", page_context(page, actor=request.user, now=timezone.now()))


@require_POST
def retry(request: SignedInRequest, key: int) -> HttpResponse:
    """Deploy the same revision again; one that waits for better times goes on at once."""
    again = deployment_retry(actor=request.user, deployment=deployment_by_key(key))
    words = "It goes on at once." if again.pk == key else f"Tried again, as deployment {again.pk}."
    messages.success(request, words)
    return redirect("deployments:detail", again.pk)


@require_POST
def cancel(request: SignedInRequest, key: int) -> HttpResponse:
    """Give it up, where nothing is left half done."""
    deployment_cancel(actor=request.user, deployment=deployment_by_key(key))
    messages.success(request, "It stops as soon as nothing is left half done.")
    return redirect("deployments:detail", key)


@require_POST
def continue_rollback(request: SignedInRequest, key: int) -> HttpResponse:
    """Let CloudFormation try a failed rollback again, with a reason."""
    deployment = deployment_by_key(key)
    deployment_continue_rollback(actor=request.user, deployment=deployment, reason=request.POST.get("reason", ""))
    messages.success(request, "CloudFormation is asked to go on with the rollback.")
    return redirect("deployments:detail", key)


@require_POST
def new_version(request: SignedInRequest, key: int) -> HttpResponse:
    """Open the draft by which half a reload goes on under another version."""
    draft = deployment_new_version(actor=request.user, deployment=deployment_by_key(key))
    messages.success(request, "This draft gives what has yet to load a new version. Submit it for review.")
    return redirect("changes:detail", draft.number)
