"""Putting a change request on top of what was accepted meanwhile: at once where nothing meets, else side by side."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.shell.crumbs import crumbs
from portal.shell.requests import SignedInRequest
from portal.web.changes.rebasing.sides import conflict_cards
from replication.documents.merging import Side
from replication.errors import Behind, StalePlan
from replication.models import ChangeRequest
from replication.policies import can_edit, require
from replication.selectors.change_request_page import change_request_by_number
from replication.selectors.rebase_sides import RebaseSides, rebase_sides
from replication.services.rebasing import change_request_rebase

MANY = 3
"""From so many conflicts on, one side can be chosen for all of them at once."""


@require_http_methods(["GET", "HEAD", "POST"])
def rebase(request: SignedInRequest, number: int) -> HttpResponse:
    """A POST rebases with what was chosen; where something meets and is not decided, both sides are shown."""
    change_request = change_request_by_number(number)
    error = ""
    if request.method == "POST":
        sides = rebase_sides(change_request)
        try:
            change_request_rebase(
                actor=request.user,
                change_request=change_request,
                choices=_chosen(request.POST, sides),
                looked_at=request.POST.get("looked_at", ""),
            )
        except (Behind, StalePlan) as refusal:
            if "looked_at" not in request.POST:
                return redirect("changes:rebase", number)
            error = refusal.sentence
            change_request = change_request_by_number(number)
        else:
            messages.success(request, "Rebased. The result is checked again.")
            return redirect("changes:detail", number)
    require(can_edit(request.user, change_request))
    return _page(request, change_request, error)


def _page(request: SignedInRequest, change_request: ChangeRequest, error: str) -> HttpResponse:
    sides = rebase_sides(change_request)
    if sides is None or not change_request.is_open:
        return redirect("changes:detail", change_request.number)
    cards = conflict_cards(sides, _chosen(request.POST, sides))
    context = {
        "change": change_request,
        "sides": sides,
        "cards": cards,
        "many": len(cards) >= MANY,
        "error": error,
        "crumbs": crumbs(
            ("Changes", reverse("changes:list")),
            (f"#{change_request.number}", reverse("changes:detail", args=[change_request.number])),
            ("Rebase", ""),
        ),
    }
    status = HTTPStatus.CONFLICT if error else HTTPStatus.OK
    return render(request, "changes/rebasing/page.html", context, status=status)


def _chosen(data: QueryDict, sides: RebaseSides | None) -> dict[str, Side]:
    """The side for each conflict, by its key; a button may choose one side for all."""
    keys = {conflict.key for conflict in sides.conflicts} if sides is not None else set()
    every = data.get("all", "")
    given = {key: every or data.get(f"side:{key}", "") for key in keys}
    return {key: Side(side) for key, side in given.items() if side in {*Side}}
