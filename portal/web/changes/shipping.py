"""The two other ways of merging: several changes in one pause, and the emergency path."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.shell.requests import SignedInRequest
from portal.web.changes.verdict import word_to_type
from replication.selectors.approvals import plan_of
from replication.selectors.change_request_page import change_request_by_number
from replication.selectors.check_runs import current_check_run
from replication.services.merging_otherwise import change_request_merge_emergency, change_requests_merge_together

MOST = 20
"""More changes than this are shipped one after the other."""


@require_POST
def ship_together(request: SignedInRequest) -> HttpResponse:
    """Merge the chosen changes, one revision each, and deploy the last."""
    numbers = [int(text) for text in request.POST.getlist("numbers")[:MOST] if text.isascii() and text.isdigit()]
    changes = [change_request_by_number(number) for number in numbers]
    deployment = change_requests_merge_together(actor=request.user, change_requests=changes)
    messages.success(request, f"Merged {len(changes)} changes. Deployment {deployment.pk} ships them in one pause.")
    return redirect("deployments:detail", deployment.pk)


@require_POST
def emergency(request: SignedInRequest, number: int) -> HttpResponse:
    """Merge without a review, with a reason; what removes tables wants to be confirmed here too."""
    change_request = change_request_by_number(number)
    word = word_to_type(plan_of(current_check_run(change_request)))
    if word and request.POST.get("typed", "").strip() != word:
        messages.error(request, f"Nothing was merged: type “{word}” to confirm that replication of it ends.")
        return redirect("changes:detail", number)
    deployment = change_request_merge_emergency(
        actor=request.user, change_request=change_request, reason=request.POST.get("reason", "")
    )
    messages.success(request, f"Merged without a review. Deployment {deployment.pk} has begun.")
    return redirect("deployments:detail", deployment.pk)
